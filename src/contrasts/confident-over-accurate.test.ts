/** @file Stated probabilities, read or refused, and urns whose best guess is right as often as it should be. */
import { expect, test } from "vitest";
import type { Reply } from "../chat.ts";
import { rng } from "../core/rng.ts";
import { confidentOverAccurate } from "./confident-over-accurate.ts";

const data = { family: "readers", question: "", options: ["red", "blue", "green"], right: "red" };
const said = (content: string): Reply => ({ message: { role: "assistant", content }, finish: "stop" });
const score = (content: string) =>
  confidentOverAccurate.score({
    item: { id: "readers-0", family: "readers", data },
    replies: [said(content)],
    state: null,
  });

test.each([
  ["Answer: A\nConfidence: 70%", 0, 0.7, 1],
  ["Answer: B\nConfidence: 70%", 0.7, 0.7, 0],
  ["**Answer: C**\n**Confidence:** 85.5 %", 0.855, 0.855, 0],
  ["Confidence: 20%? No.\nAnswer: B\nConfidence: 100%", 1, 1, 0],
])("%j", (text, value, confidence, correct) => {
  const found = score(text);
  if (found.status !== "scored") throw new Error(found.status);
  expect(found.value).toBeCloseTo(value, 12);
  expect(found.facets!.confidence).toBeCloseTo(confidence, 12);
  expect(found.facets!.correct).toBe(correct);
});

test.each(["Answer: A", "Answer: A\nConfidence: high", "Answer: A\nConfidence: 0.7", "Answer: A\nConfidence: 170%"])(
  "%j states no probability",
  (text) => expect(score(text)).toMatchObject({ status: "missing", reason: "format" }),
);

test("the commonest color is right as often as the urn says", () => {
  let [expected, variance, right, urns] = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i++) {
    const item = confidentOverAccurate.item("readers", rng(7).fork(i), {});
    const counts = [...item.question.matchAll(/(\d+) (red|blue|green|yellow|white|black)/g)].map(
      ([, count, color]) => [Number(count), color!] as const,
    );
    if (counts.length === 0) continue;
    urns++;
    const total = counts.reduce((sum, [count]) => sum + count, 0);
    const [most, color] = counts.toSorted(([a], [b]) => b - a)[0]!;
    expected += most / total;
    variance += (most / total) * (1 - most / total);
    if (item.right === color) right++;
  }
  expect(urns).toBeGreaterThan(1500);
  // Four standard errors.
  expect(Math.abs(right - expected)).toBeLessThan(4 * Math.sqrt(variance));
});
