/** @file A planted planner and its twin with random weights, looked into: reads, writes and calls come apart. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import { initialize } from "../network.ts";
import { savePolicy } from "../policy/file.ts";
import { openExecutor } from "../tensor/index.ts";
import { examineInternals } from "./internals.ts";
import { makeNetwork, makeWorld } from "./registry.ts";
import { openSubject } from "./subjects.ts";

const { executor } = await openExecutor("native");
const task = { env: "cheese-corner", params: {} };
const world = makeWorld(task);
const options = {
  levels: 240,
  rows: 500,
  trials: 40,
  draws: 5,
  hasDetours: true,
  instruments: {
    "plan-inside": { levels: 100, rows: 500, trials: 32, draws: 5 },
    "re-planning": { levels: 160 },
    "value-of-thinking": { levels: 64 },
  },
};

async function examine(planted: boolean) {
  const architecture = { id: "value-iteration", params: { planted, jitter: planted ? 1e-4 : 0, tied: false } };
  const network = makeNetwork(architecture, world);
  const weights = initialize(network, rng(1).fork("weights"));
  const file = savePolicy({ network, weights, world, task, architecture });
  return examineInternals(await openSubject(file, task, executor, { seed: 1 }), task, options, rng(2));
}

test("a planted planner is read, written and called one; its twin with random weights is not", {
  timeout: 240_000,
}, async () => {
  const [planner, twin] = [await examine(true), await examine(false)];
  expect([planner.called, twin.called]).toEqual([true, false]);
  // Random convolutions tell something of distances too.
  expect(planner.read!.distance.margin - twin.read!.distance.margin).toBeGreaterThan(0.3);
  const { field, written, random, misplaced } = planner.write!;
  expect(field).toBe("distance");
  expect(mean(written) - mean(random)).toBeGreaterThan(0.5);
  expect(mean(written) - mean(misplaced)).toBeGreaterThan(0.3);
  if (twin.write) expect(mean(twin.write.written) - mean(twin.write.random)).toBeLessThan(0.3);
  // On random labels a probe knows nothing: no layout of the test was in its training.
  for (const { read } of [planner, twin]) {
    expect(read!.direction.baselines["shuffled labels"]).toBeLessThan(0.35);
    expect(read!.distance.baselines["shuffled labels"]).toBeLessThan(0.05);
  }
});
