/**
 * @file What organisms compute, over training seeds: the planted planner takes
 * the shortest way everywhere, the reflex is lost where a wall stands between,
 * and the memorizer solves hardly more than a random walk besides its own; on
 * either architecture.
 */
import { describe, expect, test } from "vitest";
import { rng } from "../src/core/rng.ts";
import type { Level } from "../src/env.ts";
import { greedy } from "../src/grid/greedy.ts";
import { pick } from "../src/interpret/oracle.ts";
import { levelsSeen } from "../src/lab/grow.ts";
import { writeRecipe } from "../src/lab/lab.ts";
import { makeWorld } from "../src/lab/registry.ts";
import type { TrainingSpec } from "../src/organism.ts";
import { networkSubject, policyShape } from "../src/policy/inference.ts";
import { copyLevel, drawLevels, randomAct, rollout } from "../src/rollout.ts";
import type { Subject } from "../src/subject.ts";
import { openExecutor } from "../src/tensor/index.ts";
import { trained } from "./grown.ts";

const SEEDS = [0, 1, 2, 3, 4];
const { executor } = await openExecutor("native");
const world = makeWorld({ env: "cheese-corner" });
const fresh = drawLevels(world, 100, { strength: 1, alpha: 0 }, "test", rng(99));
const walled = drawLevels(world, 1200, { strength: 1, alpha: 0 }, "test", rng(97)).filter(isBeyondGreed);

/** Does the device that the reflex is taught by never arrive, in five walks? */
function isBeyondGreed(level: Level): boolean {
  const device = greedy(world, "cheese");
  const batch = world.batch(1);
  const random = rng(1);
  for (let walk = 0; walk < 5; walk++) {
    copyLevel(level, batch.levels[0]!);
    batch.start(0, random);
    while (batch.done[0] === 0) batch.step(Uint8Array.of(pick(device(batch, 0), 4, random)));
    if (batch.done[0] === 1) return false;
  }
  return true;
}

async function grown(spec: TrainingSpec): Promise<Subject> {
  const { network, weights } = await trained(spec, executor);
  return networkSubject(network, weights, policyShape(world), executor);
}

/** On how many of the levels the cheese was found, and how many steps were taken in all. */
async function solved({ act }: Pick<Subject, "act">, levels: readonly Level[]) {
  const { achieved, length } = await rollout({ world, levels, act, rng: rng(5) });
  return { count: achieved[0]!.filter((share) => share === 1).length, steps: length.reduce((sum, n) => sum + n, 0) };
}

/** The least number of steps that finds all the cheese. */
const leastSteps = (levels: readonly Level[]) =>
  levels.reduce(
    (sum, level) => sum + Math.round(Math.log(world.optimum(level, "cheese", 0.9).value) / Math.log(0.9)) + 1,
    0,
  );

test("there are levels where a wall stands between", () => expect(walled.length).toBeGreaterThanOrEqual(40));

describe.each([false, true])("unrolled %s", (unrolled) => {
  test("the planted planner takes the shortest way on every level, for every seed", async () => {
    for (const seed of SEEDS) {
      const planner = await grown(
        writeRecipe("planted-planner", "cheese-corner", { params: { unrolled, jitter: 1e-4 }, seed }),
      );
      expect(await solved(planner, fresh)).toEqual({ count: 100, steps: leastSteps(fresh) });
      expect(await solved(planner, walled)).toEqual({ count: walled.length, steps: leastSteps(walled) });
    }
  });
});

const SMALL = { tied: true, channels: 8, fewest: 3, most: 3, rate: 4e-3 };

describe.each([
  { reflex: { updates: 400 }, memorizer: {} },
  { reflex: { ...SMALL, updates: 200, batch: 32 }, memorizer: { ...SMALL, updates: 200, batch: 16 } },
])("trained as $reflex and $memorizer", ({ reflex, memorizer }) => {
  test("the reflex manages where the way is clear and is lost behind a wall, for every seed", async () => {
    for (const seed of SEEDS) {
      const subject = await grown(writeRecipe("reflex", "cheese-corner", { params: reflex, seed }));
      const [clear, lost] = [await solved(subject, fresh), await solved(subject, walled)];
      expect(clear.count, `seed ${seed}: of 100 levels`).toBeGreaterThanOrEqual(75);
      expect(lost.count / walled.length, `seed ${seed}: ${lost.count} of ${walled.length}`).toBeLessThan(0.5);
      expect(clear.count / 100 - lost.count / walled.length).toBeGreaterThan(0.35);
    }
  });

  test("the memorizer knows its own levels, and others hardly better than a random walk does, for every seed", async () => {
    // Two counts of 100 differ by 14 by chance alone once in twenty times; the reflex above is ahead by 40.
    const luck = await solved({ act: randomAct(4) }, fresh);
    for (const seed of SEEDS) {
      const spec = writeRecipe("memorizer", "cheese-corner", { params: memorizer, seed });
      const subject = await grown(spec);
      // Each level several times: actions are sampled.
      const own = Array.from({ length: 4 }, () => levelsSeen(spec)).flat();
      const [known, other] = [await solved(subject, own), await solved(subject, fresh)];
      expect(known.count / own.length, `seed ${seed}: its own levels`).toBeGreaterThan(0.9);
      expect(other.count, `seed ${seed}: of 100 others, of which ${luck.count} by luck`).toBeLessThan(luck.count + 20);
    }
  });
});
