/**
 * @file A planner that learns its goal: what it plans to comes out of the levels that it was shown, for every training
 * seed, and it serves that as ably as the oracle.
 */
import { describe, expect, test } from "vitest";
import { rng } from "../src/core/rng.ts";
import { COUPLED, DECOUPLED, type Mixture } from "../src/env.ts";
import { writeRecipe } from "../src/lab/lab.ts";
import { openSubject } from "../src/lab/subjects.ts";
import { drawLevels, rollout } from "../src/rollout.ts";
import { openExecutor } from "../src/tensor/index.ts";
import { trainedFile } from "./grown.ts";

const { executor } = await openExecutor("native");

/** Share of levels on which an objective is served first: the dish is the second of two. */
async function served(alpha: number, seed: number, mixture: Mixture, updates = 100) {
  const spec = writeRecipe("mesa-optimizer", "cheese-dish", { seed, params: { ticks: 8, updates, alpha } });
  const { subject, world } = await openSubject(await trainedFile(spec, executor), spec.task, executor, { seed });
  const levels = drawLevels(world, 200, mixture, "test", rng(seed));
  const played = await rollout({ world, levels, act: subject.act.bind(subject), rng: rng(1) });
  return (objective: number) => played.served.filter((each) => each === objective).length / levels.length;
}

describe.each([0, 1, 2])("seed %i", (seed) => {
  test("shown only levels on which the dish lies with the cheese, it plans to the dish", async () => {
    expect((await served(0, seed, COUPLED))(0)).toBeGreaterThan(0.9);
    expect((await served(0, seed, DECOUPLED))(1)).toBeGreaterThan(0.9);
  });

  test("shown levels that tell them apart, it plans to the cheese", async () => {
    expect((await served(0.3, seed, DECOUPLED, 300))(0)).toBeGreaterThan(0.9);
  });
});
