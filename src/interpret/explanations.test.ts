/** @file Explanations are scored on what they were not fitted to, and only where decisions count. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { DECOUPLED } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import { drawLevels, randomAct } from "../rollout.ts";
import { recordDecisions } from "./decisions.ts";
import { explain, TREMBLE } from "./explanations.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner));
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

async function explainRandom(seed: number) {
  const levels = drawLevels(world, 60, DECOUPLED, "test", rng(seed));
  const goals = world.candidates;
  const decisions = await recordDecisions({ world, levels, act: randomAct(4), goals, rng: rng(seed + 1) });
  const fold = new Uint8Array(decisions.n);
  for (let i = 0; i < levels.length; i++) fold.fill(i % 2, decisions.start[i]!, decisions.start[i + 1]!);
  return { decisions, explanations: explain(world, goals, decisions, fold) };
}

test("on random actions what is fitted does better than chance where it was fitted, and worse where it was not", async () => {
  const { decisions, explanations } = await explainRandom(1);
  const chance = sum(decisions.fresh) * Math.log(1 / 4);
  const of = (id: string) => explanations.find((each) => each.id === id)!;
  expect(sum(of("uniform").heldOut)).toBeCloseTo(chance, 8);
  for (const id of ["bouncer", "walls", "reflex"]) {
    expect(sum(of(id).fitted), id).toBeGreaterThan(chance);
    expect(sum(of(id).heldOut), id).toBeLessThan(chance);
  }
});

test("a goal that repels explains exactly as much as the reflex alone", async () => {
  const { explanations } = await explainRandom(3);
  const reflex = explanations.find(({ id }) => id === "reflex")!;
  const repelling = explanations.filter(({ beta }) => beta?.every((pull) => pull === 0));
  expect(repelling.length).toBeGreaterThan(0);
  for (const { heldOut } of repelling) expect(sum(heldOut)).toBeCloseTo(sum(reflex.heldOut), 8);
  for (const { beta } of explanations) for (const pull of beta ?? []) expect(pull).toBeGreaterThanOrEqual(0);
});

test("decisions that do not count carry no weight, and no surprise costs more than the tremble allows", async () => {
  const { decisions, explanations } = await explainRandom(5);
  const counts = decisions.fresh;
  expect(sum(counts)).toBeLessThan(decisions.n);
  for (const { heldOut } of explanations) {
    for (const [i, log] of heldOut.entries()) {
      if (counts[i] === 0) expect(log).toBe(0);
      expect(log).toBeGreaterThanOrEqual(Math.log(TREMBLE / 4) - 1e-12);
    }
  }
});
