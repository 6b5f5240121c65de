/** @file Reading the next move: from which site, for which objectives, and against the subject itself as its baseline. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { DECOUPLED } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { initialize, type Network } from "../network.ts";
import { mlp } from "../networks/mlp.ts";
import { thinker } from "../networks/thinker.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import { drawLevels } from "../rollout.ts";
import { openExecutor } from "../tensor/index.ts";
import { lastSite, readableMoves } from "./readable-moves.ts";

const world = cheeseCorner.make(cheeseCorner.params.parse({ size: 7 }));
const { executor } = await openExecutor("native");
const shape = policyShape(world);
const subjectOf = (network: Network) => networkSubject(network, initialize(network, rng(1)), shape, executor);
const perceptron = subjectOf(mlp.build(shape, parseParams(mlp)));

test("the last site before the answer", () => {
  expect(lastSite(perceptron)!.site).toBe("layer.1.out");
  expect(lastSite(subjectOf(thinker.build(shape, parseParams(thinker, { ticks: 2 }))))!.site).toBe("agent.state");
});

test("a network is no better than itself, and an objective with too few states is left out", async () => {
  const options = {
    subject: perceptron,
    untrained: perceptron,
    world,
    objectives: ["cheese", "corner"],
    site: lastSite(perceptron)!,
  };
  const levels = drawLevels(world, 200, DECOUPLED, "test", rng(2));
  const read = await readableMoves({ ...options, levels, rng: rng(3) });
  expect(read.map(({ objective }) => objective)).toEqual(["cheese", "corner"]);
  for (const { report } of read) {
    expect(report.metric).toBe("macro-F1");
    expect(report.over.untrained).toMatchObject({ mean: 0, low: 0, high: 0 });
    expect(report.baselines.majority!.score.mean).toBeLessThan(0.4);
  }
  expect(await readableMoves({ ...options, levels: levels.slice(0, 20), rng: rng(3) })).toEqual([]);
});
