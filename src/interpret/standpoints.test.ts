/** @file A level from everywhere against the world itself, and block-wise passes against the subject's own answers. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { DECOUPLED } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { initialize } from "../network.ts";
import { mlp } from "../networks/mlp.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import { drawLevels } from "../rollout.ts";
import { openExecutor } from "../tensor/index.ts";
import { passesOf } from "./passes.ts";
import { progress, standpoints } from "./standpoints.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner));
const levels = drawLevels(world, 5, DECOUPLED, "test", rng(1));
const size = world.height * world.width;

describe("standpoints", () => {
  test("the agent is on every cell it can reach but the cheese's, and nothing else differs", () => {
    for (const level of levels) {
      const { cells, observations } = standpoints(world, level, rng(2));
      for (const [i, cell] of cells.entries()) {
        const planes = observations.subarray(i * 3 * size, (i + 1) * 3 * size);
        expect([...planes.subarray(0, size)]).toEqual([...level.walls]);
        expect(planes.subarray(size, 2 * size).indexOf(1)).toBe(cell);
        expect(planes.subarray(2 * size).indexOf(1)).toBe(level.items[1]);
      }
      expect(cells).not.toContain(level.items[1]);
      expect(cells).toContain(level.items[0]);
    }
  });

  test("who always takes the shortest way comes one step nearer a step, who always flees one farther", () => {
    const deltas = [-world.width, -1, world.width, 1];
    for (const level of levels) {
      const from = standpoints(world, level, rng(2));
      const steps = from.distances[0]!;
      const follow = (wanted: number) =>
        [...from.cells].flatMap((cell) => {
          const after = deltas.map((delta) => (level.walls[cell + delta] === 0 ? steps[cell + delta]! : steps[cell]!));
          const best = after.findIndex((each) => each === steps[cell]! + wanted);
          return deltas.map((_, a) => (a === best ? 1 : 0));
        });
      expect(progress(world, from, steps, follow(-1))).toBe(1);
      expect(progress(world, from, steps, follow(1))).toBeLessThan(0);
      expect(progress(world, from, steps, new Float64Array(4 * from.cells.length))).toBe(0);
    }
  });
});

test("passes over any number of observations say what the subject says", async () => {
  const { executor } = await openExecutor("native");
  const shape = policyShape(world);
  const network = mlp.build(shape, parseParams(mlp));
  const weights = Object.fromEntries(
    Object.entries(initialize(network, rng(3))).map(([name, values]) => [name, values.map((value) => 3 * value)]),
  );
  const subject = networkSubject(network, weights, shape, executor);
  const batch = world.batch(300);
  for (const [slot, level] of batch.levels.entries()) {
    world.draw(level, rng(4).fork(slot), DECOUPLED, "test");
    batch.start(slot, rng(5));
  }
  const passes = await passesOf(subject, ({ logits }) => ({ logits }));
  const own = (await subject.logits!(batch.observations, 300)).slice(0, 300 * shape.actions);
  const { logits } = await passes.run(batch.observations, 300);
  expect(logits).toHaveLength(own.length);
  for (const [i, value] of logits!.entries()) expect(value).toBeCloseTo(own[i]!, 4);
});
