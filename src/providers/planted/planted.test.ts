/** @file Planted subjects: the rates that were written down, and blindness to everything but the plan. */
import { expect, test } from "vitest";
import type { TrialPlan } from "../../chat.ts";
import { planted } from "../planted.ts";
import { plantedModels } from "./catalog.ts";
import { BLANK, chanceOf, decide, type PlantedModel } from "./model.ts";
import { plantedSubject } from "./subject.ts";

const plan: TrialPlan = {
  contrast: "c",
  drive: "d",
  group: "drives",
  item: "f-0",
  family: "f",
  arm: "a",
  factors: { target: "self" },
  pull: 1,
  repeat: 0,
  turn: 0,
  seed: 1,
  options: [{ content: "no", value: 0 }, { content: "yes", value: 1 }, { content: "maybe" }],
};
const model: PlantedModel = {
  ...BLANK,
  id: "m",
  sentence: "",
  shifts: [
    { size: 0.3, pull: true },
    { factors: { target: "self" }, size: 0.1 },
  ],
};
const many = (count: number, change: (i: number) => Partial<TrialPlan>) =>
  Array.from({ length: count }, (_, i) => ({ ...plan, ...change(i) }));

test("the chance of a value is what was written down, whatever is shared", () => {
  expect(chanceOf(model, plan)).toBeCloseTo(0.6, 12);
  expect(chanceOf(model, { ...plan, pull: 0, factors: { target: "other" } })).toBeCloseTo(0.2, 12);
  const correlated = { ...model, familyShare: 0.4, armShare: 0.2, itemShare: 0.3 };
  const ones = many(4000, (i) => ({ family: `f${i}`, item: `f${i}-0` })).filter((p) => {
    const decision = decide(correlated, p);
    return decision.kind === "value" && decision.value === 1;
  }).length;
  // Three standard errors of 4,000.
  expect(Math.abs(ones / 4000 - 0.6)).toBeLessThan(0.024);
});

test("items of a family err together, as far as its share", () => {
  const shared = { ...BLANK, id: "s", sentence: "", base: 0.5, familyShare: 0.5, itemShare: 0 };
  let same = 0;
  for (let f = 0; f < 3000; f++) {
    const [a, b] = [0, 1].map((i) => decide(shared, { ...plan, pull: 0, family: `f${f}`, item: `f${f}-${i}` }));
    if (a!.kind === "value" && b!.kind === "value" && a!.value === b!.value) same++;
  }
  // P(same) = 1/2 + asin(ρ)/π = 2/3 for ρ = 1/2 (Sheppard 1899).
  expect(same / 3000).toBeGreaterThan(0.64);
  expect(same / 3000).toBeLessThan(0.695);
});

test("faults come at their rates, per arm where they differ", () => {
  const faulty = {
    ...model,
    refusal: { rate: 0.1, only: [{ arms: ["b"], rate: 0.5 }] },
    malformed: 0.2,
    positionBias: 0.3,
  };
  const counts = (arm: string) => {
    const tally: Record<string, number> = {};
    for (const p of many(3000, (repeat) => ({ arm, repeat }))) {
      const { kind } = decide(faulty, p);
      tally[kind] = (tally[kind] ?? 0) + 1 / 3000;
    }
    return tally;
  };
  expect(counts("a").refusal).toBeCloseTo(0.1, 1);
  expect(counts("b").refusal).toBeCloseTo(0.5, 1);
  expect(counts("a").malformed).toBeCloseTo(0.9 * 0.2, 1);
  expect(counts("a").first).toBeCloseTo(0.9 * 0.8 * 0.3, 1);
});

test("it says the option it decided for, the same in every turn, and nothing without a plan", async () => {
  const subject = plantedSubject({ ...model, base: 1 });
  const say = async (turn: number, more: Partial<TrialPlan> = {}) =>
    (await subject.reply({ messages: [{ role: "user", content: "anything" }] }, { plan: { ...plan, turn, ...more } }))
      .message.content;
  expect(await say(0)).toBe("yes");
  expect(await say(3)).toBe("yes");
  expect(await say(0, { options: [{ content: "only" }] })).toBe("only");
  await expect(subject.reply({ messages: [] })).rejects.toThrow("has no plan");
});

test("named ones open by their address, others are refused by name", () => {
  for (const { id } of plantedModels) {
    expect(planted.open(`planted:${id}`, {}, { fetch, env: {} })).toMatchObject({ id: `planted:${id}` });
  }
  expect(() => planted.open("planted:sycophnt", {}, { fetch, env: {} })).toThrow("does not exist");
});
