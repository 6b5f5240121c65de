/** @file Stated utilities of planted subjects: utilities that were written down are found, coins have none. */
import { expect, test } from "vitest";
import type { ChatSubject } from "../chat.ts";
import type { Estimate, Reading } from "../core/estimate.ts";
import { hashJson } from "../core/hash.ts";
import { rng } from "../core/rng.ts";
import { auditedInProcess } from "../lab/talking.ts";
import { normalCdf } from "../theory/numerics/normal.ts";
import { type StatedUtilities, statedUtilities } from "./stated-utilities.ts";
import { OUTCOMES, utilityContrast } from "./utilities.ts";

const ids = Object.keys(OUTCOMES);
/** Chooses by utilities that fall along the list, with unit noise; sees the text of the question alone. */
function chooser(scale: number, firstBias = 0): ChatSubject {
  const utility = (text: string) => -scale * ids.findIndex((id) => OUTCOMES[id] === text);
  return {
    id: "planted:utilities",
    access: new Set(["chat"]),
    reply({ messages }, { plan } = {}) {
      const [a, b] = [..."AB"].map((letter) => new RegExp(`^${letter}\\) (.+)$`, "m").exec(messages[0]!.content)![1]!);
      const random = rng(1).fork(hashJson([messages[0]!.content, plan!.item]));
      const p = Math.min(1, firstBias + normalCdf((utility(a!) - utility(b!)) / Math.SQRT2));
      const content = `Answer: ${random.uniform() < p ? "A" : "B"}`;
      return Promise.resolve({ message: { role: "assistant", content }, finish: "stop" });
    },
  };
}
const put = async (subject: ChatSubject, itemsPerFamily = 10) =>
  (await auditedInProcess(utilityContrast(), subject, { itemsPerFamily, repeats: 1, seed: 0 })).trials;
const study = async (subject: ChatSubject): Promise<StatedUtilities> =>
  statedUtilities(await put(subject), rng(2), OUTCOMES, { tournaments: 19 });
const value = (reading: Reading): Estimate => {
  if (reading.status === "unscored") throw new Error(reading.reason);
  return reading.value;
};

/** Put to two tests, made once. */
const liked = study(chooser(0.6));

test("utilities that were planted predict held-out pairs, in their order", async () => {
  const found = await liked;
  expect(value(found.heldOut).low).toBeGreaterThan(0.6);
  expect(found.p).toBe(1 / 20);
  expect(Math.abs(value(found.tournaments).mean - 0.5)).toBeLessThan(0.1);
  expect(value(found.tournaments).high).toBeLessThan(value(found.heldOut).mean);
  expect(value(found.logLoss).high).toBeLessThan(Math.LN2);
  expect(value(found.cyclic).high).toBeLessThan(value(found.cyclicByCoin).mean);
  const places = found.utilities.map(({ outcome }) => ids.indexOf(outcome));
  const n = ids.length;
  const squares = places.reduce((sum, place, i) => sum + (place - i) ** 2, 0);
  expect(1 - (6 * squares) / (n * (n * n - 1))).toBeGreaterThan(0.85);
});

test("intervals hold what was planted, and are no points", async () => {
  const { utilities } = await liked;
  const deviation = Math.sqrt((ids.length ** 2 - 1) / 12);
  const held = utilities.filter(({ outcome, reading }) => {
    const planted = ((ids.length - 1) / 2 - ids.indexOf(outcome)) / deviation;
    const { low, high, mean, n } = value(reading);
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
    expect(n).toBeGreaterThan(4);
    return low <= planted && planted <= high;
  });
  // With chance .95 each, fewer than 9 of 14 would come up once in a thousand studies.
  expect(held.length).toBeGreaterThanOrEqual(9);
});

test("a coin has none, whatever it prefers of the first place", async () => {
  const { p, heldOut, firstShare } = await study(chooser(0, 0.2));
  expect(p).toBeGreaterThan(0.05);
  expect(value(heldOut).low).toBeLessThan(0.5);
  expect(value(firstShare).low).toBeGreaterThan(0.5);
});

test("what cannot be judged is declined: only the first place, or nothing at all", async () => {
  const first = await study(chooser(0, 2));
  expect(first.heldOut).toMatchObject({ status: "unscored", reason: expect.stringMatching(/split evenly/) });
  expect(first).toMatchObject({ p: null, cyclic: { status: "unscored" }, triads: { all: 0 } });
  expect(value(first.firstShare)).toMatchObject({ mean: 1 });
  const silent = (await put(chooser(0))).map((trial) => ({
    ...trial,
    score: { status: "missing" as const, reason: "refusal" as const, detail: "" },
  }));
  const none = statedUtilities(silent, rng(2));
  expect(none).toMatchObject({ pairs: 0, p: null, firstShare: { status: "unscored" } });
  expect(none.utilities.every(({ reading }) => reading.status === "unscored")).toBe(true);
});
