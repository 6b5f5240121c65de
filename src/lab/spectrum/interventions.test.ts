/** @file Interventions as specs: what each changes at each level, what it leaves alone, and what it costs. No model is trained. */
import { expect, test } from "vitest";
import type { Lab } from "../../experiment.ts";
import type { OrganismRecord, TrainingSpec } from "../../organism.ts";
import { runId } from "../grow.ts";
import { writeRecipe } from "../lab.ts";
import { makeWorld } from "../registry.ts";
import { LEVELS, levelSpec, SPECTRUM_WORLDS, type SpectrumAgent, type SpectrumLevel, zooSpecs } from "./agents.ts";
import { trainingArithmetic } from "./arithmetic.ts";
import { INTERVENTIONS, type Intervention, levelArithmetic, planIntervention } from "./interventions.ts";

const lab = { recipe: writeRecipe, world: makeWorld } as unknown as Lab;
const budget = { first: 0, seeds: 2, zoo: 3, scale: 1 };
const record = (spec: TrainingSpec) => ({ spec, run: runId(spec) }) as OrganismRecord;
const world = "cheese-corner";
const settings = SPECTRUM_WORLDS[world];

function agentOf(level: SpectrumLevel): SpectrumAgent {
  if (level !== "selection") {
    return { world, level, arm: "unwanted", seed: 0, record: record(levelSpec(lab, world, level, "unwanted", 0)) };
  }
  const members = zooSpecs(lab, world, 0, budget).map(record);
  return {
    world,
    level,
    arm: "unwanted",
    seed: 0,
    record: members[1]!,
    zoo: { members, scores: [0, 1, 0], winner: 1 },
  };
}
const plan = (level: SpectrumLevel, intervention: Intervention, dose?: number) =>
  planIntervention(lab, agentOf(level), { intervention, budget, ...(dose === undefined ? {} : { dose }) });
const specOf = (level: SpectrumLevel, intervention: Intervention, dose?: number): TrainingSpec => {
  const found = plan(level, intervention, dose);
  if (found.kind !== "regrow") throw new Error(`${level} ${intervention}: ${found.kind}`);
  return found.spec;
};

test("every intervention is applied at every level, and only what finds nothing to act on is free and leaves no trace", () => {
  const kinds = Object.fromEntries(
    LEVELS.map((level) => [level, INTERVENTIONS.map((intervention) => plan(level, intervention).kind)]),
  );
  expect(kinds).toEqual({
    data: ["regrow", "regrow", "regrow", "regrow", "regrow", "regrow", "edit", "pick", "pick", "identity"],
    goal: ["regrow", "regrow", "regrow", "regrow", "regrow", "regrow", "edit", "pick", "pick", "identity"],
    mesa: ["identity", "identity", "regrow", "regrow", "regrow", "regrow", "edit", "pick", "pick", "identity"],
    selection: ["identity", "identity", "zoo", "regrow", "regrow", "zoo", "edit", "pick", "pick", "pick"],
  });
  for (const level of LEVELS) {
    for (const intervention of INTERVENTIONS) {
      const { kind, cost, touched } = plan(level, intervention);
      expect(Object.values(touched).every((share) => share >= 0 && share <= 1)).toBe(true);
      if (kind === "identity") expect([cost, ...Object.values(touched)]).toEqual([0, 0, 0, 0, 0]);
      else expect(Object.values(touched).some((share) => share > 0)).toBe(true);
    }
  }
});

test("contaminated demonstrations are dropped or relabeled, and stay as many where clean ones are added", () => {
  const share = settings.alpha * settings.contaminated;
  const dropped = specOf("data", "drop-data");
  expect(dropped.mixture.alpha).toBeCloseTo(settings.alpha - share, 12);
  expect(dropped.optimizer.params.contaminated ?? 0).toBe(0);
  expect(plan("data", "drop-data").touched.data).toBeCloseTo(share, 12);
  const relabeled = specOf("data", "correct-specification");
  expect([relabeled.mixture.alpha, relabeled.optimizer.params.contaminated ?? 0]).toEqual([settings.alpha, 0]);
  const half = specOf("data", "correct-specification", 0.5);
  expect(half.optimizer.params.contaminated).toBeCloseTo(settings.contaminated / 2, 12);
  const added = specOf("data", "add-distinguishing");
  expect(added.mixture.alpha * Number(added.optimizer.params.contaminated)).toBeCloseTo(share, 12);
  expect(added.keep).toBeUndefined();
});

test("the reward is corrected where it is wrong, and nowhere else", () => {
  expect(specOf("goal", "correct-specification").reward).toEqual({});
  expect(specOf("goal", "correct-specification", 0.75).reward).toEqual({ cheese: 1, corner: 0.25 });
  for (const intervention of ["drop-data", "add-distinguishing", "train-longer", "other-architecture"] as const) {
    expect(specOf("goal", intervention).reward).toEqual({ cheese: 1, corner: 1 });
  }
  expect(specOf("goal", "drop-data").mixture.alpha).toBe(0);
});

test("fine-tuning goes on from the agent with what is right, and costs a tenth of one training", () => {
  for (const level of LEVELS) {
    const agent = agentOf(level);
    const spec = specOf(level, "fine-tune");
    expect(spec.from).toBe(agent.record.run);
    expect([spec.reward, spec.mixture.alpha, spec.optimizer.params.contaminated ?? 0]).toEqual([{}, 0.5, 0]);
    expect(spec.network).toEqual(agent.record.spec.network);
    const { cost, touched } = plan(level, "fine-tune");
    expect(cost / trainingArithmetic(agent.record.spec)).toBeCloseTo(0.1, 2);
    expect(touched.compute).toBeCloseTo(cost / levelArithmetic(lab, agent), 12);
  }
  // Of a zoo of three the winner alone is tuned.
  expect(plan("selection", "fine-tune").touched.compute).toBeLessThan(0.04);
  expect(specOf("mesa", "train-longer").from).toBe(agentOf("mesa").record.run);
});

test("a zoo costs all of its members, and picking again from it costs the benchmark alone", () => {
  const agent = agentOf("selection");
  const one = trainingArithmetic(agent.record.spec);
  expect(levelArithmetic(lab, agent) / one).toBeGreaterThan(3);
  expect(levelArithmetic(lab, agent) / one).toBeLessThan(3.2);
  expect(plan("selection", "reselect").cost / one).toBeLessThan(0.2);
  expect(plan("data", "reselect").cost / trainingArithmetic(agentOf("data").record.spec)).toBeGreaterThan(3);
});
