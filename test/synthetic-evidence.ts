/** @file Evidence for lenses about an agent that is a formula: a soft-optimal walker to a known goal, seen through its observations. */
import { rng } from "../src/core/rng.ts";
import type { Level, Mixture } from "../src/env.ts";
import { flood } from "../src/grid/flood.ts";
import { recordDecisions } from "../src/interpret/decisions.ts";
import { displacements } from "../src/interpret/goals.ts";
import { makeWorld } from "../src/lab/registry.ts";
import type { LensEvidence, Member } from "../src/lens.ts";
import { trainingSpec } from "../src/organism.ts";
import { type Act, drawLevels, rollout } from "../src/rollout.ts";
import { sampleActions } from "../src/subject.ts";

export const world = makeWorld({ env: "cheese-corner", params: { blocking: true } });

/** π(a) ∝ exp(β · steps gained towards the goal), from the planes alone. */
export function softWalker(goal: "cheese" | "corner", beta: number): Act {
  const cells = world.height * world.width;
  const stride = world.planes.length * cells;
  const deltas = displacements(world);
  const distance = new Int16Array(cells);
  const queue = new Int16Array(cells);
  return async (observations, n, random, actions) => {
    const logits = new Float32Array(n * deltas.length);
    for (let i = 0; i < n; i++) {
      const planes = observations.subarray(i * stride, (i + 1) * stride);
      const walls = planes.subarray(0, cells);
      const own = planes.indexOf(1, cells) - cells;
      const target = goal === "corner" ? world.width + 1 : planes.indexOf(1, 2 * cells) - 2 * cells;
      flood(walls, world.width, target, distance, queue);
      for (const [a, delta] of deltas.entries()) {
        const to = walls[own + delta] === 0 ? own + delta : own;
        logits[i * deltas.length + a] = beta * (distance[own]! - distance[to]!);
      }
    }
    sampleActions(logits, n, deltas.length, random, actions);
  };
}

/** Evidence on levels of a mixture; the cloud is the agent alone unless one is given. */
export async function evidenceOf(
  act: Act,
  mixture: Mixture,
  more: Partial<Pick<LensEvidence, "cloud" | "solutions">> = {},
): Promise<LensEvidence> {
  const levels = drawLevels(world, 192, mixture, "train", rng(11));
  const decisions = await recordDecisions({ world, levels, act, goals: world.candidates, rng: rng(12) });
  const agent: Member = { kinship: "agent", fitness: 1, pursuit: world.candidates.map(() => 0) };
  const {
    organism: _,
    seed: __,
    ...training
  } = trainingSpec.parse({
    organism: { id: "graded" },
    task: { env: "cheese-corner", params: { blocking: true } },
    mixture,
    network: { id: "mlp" },
    optimizer: { id: "ppo" },
    frames: 1,
    seed: 0,
  });
  return { world, training, levels, decisions, cloud: [agent], solutions: [], curve: [], ...more };
}

/** How often a walker makes each choice when it plays each level again and again, `[levels][objectives + 1]`. */
export async function trueChoices(
  act: Act,
  levels: readonly Level[],
  repeats: number,
): Promise<readonly Float64Array[]> {
  const counts = levels.map(() => new Float64Array(world.objectives.length + 1));
  const repeated = levels.flatMap((level) => new Array<Level>(repeats).fill(level));
  const { served } = await rollout({ world, levels: repeated, act, rng: rng(31) });
  for (const [i, objective] of served.entries()) {
    const choice = objective < 0 ? world.objectives.length : objective;
    counts[Math.floor(i / repeats)]![choice]! += 1 / repeats;
  }
  return counts;
}
