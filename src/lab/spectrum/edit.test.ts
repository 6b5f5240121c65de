/** @file The edit of activations: none at strength 0, nothing where the plane is dark, and its exact effect behind a linear head. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { COUPLED } from "../../env.ts";
import { cheeseCorner } from "../../envs/cheese-corner.ts";
import { initialize } from "../../network.ts";
import { mlp } from "../../networks/mlp.ts";
import { parseParams } from "../../plugin.ts";
import { networkSubject, policyShape } from "../../policy/inference.ts";
import { copyLevel, drawLevels } from "../../rollout.ts";
import { openExecutor } from "../../tensor/index.ts";
import { editedAct } from "./edit.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner, {}));
const shape = policyShape(world);
const network = mlp.build(shape, parseParams(mlp, { width: 8, start: "uniform" }));
const weights = Object.fromEntries(
  // Loud enough that actions differ.
  Object.entries(initialize(network, rng(1))).map(([name, values]) => [name, values.map((value) => 4 * value)]),
);
const { executor } = await openExecutor("wasm");
const subject = networkSubject(network, weights, shape, executor);
const N = 64;
const batch = world.batch(N);
for (const [slot, level] of drawLevels(world, N, COUPLED, "test", rng(2)).entries()) {
  copyLevel(level, batch.levels[slot]!);
  batch.start(slot, rng(slot));
}
const seen = batch.observations.slice();
const cells = 49;
const dark = seen.map((value, i) => (Math.floor(i / cells) % 3 === 2 ? 0 : value));

const under = await editedAct(subject, world, "CHEESE");
const actions = async (beta: number, observations: Uint8Array) => {
  const out = new Uint8Array(N);
  await under(beta)(observations, N, rng(3), out);
  return out;
};

test("at strength 0 it is the policy itself, and at any strength where nothing of the plane is seen", async () => {
  const own = new Uint8Array(N);
  await subject.act(seen, N, rng(3), own);
  expect(await actions(0, seen)).toEqual(own);
  await subject.act(dark, N, rng(3), own);
  expect(await actions(4, dark)).toEqual(own);
  expect(await actions(4, seen)).not.toEqual(await actions(0, seen));
});

test("behind a linear head the logits move by β times what the plane does to them", async () => {
  const [lit, unlit] = [(await subject.logits!(seen, N)).slice(), (await subject.logits!(dark, N)).slice()];
  const beta = 3;
  const pushed = lit.map((value, i) => value + beta * (value - unlit[i]!));
  const expected = new Uint8Array(N);
  const { sampleActions } = await import("../../subject.ts");
  sampleActions(pushed, N, shape.actions, rng(3), expected);
  expect(await actions(beta, seen)).toEqual(expected);
});
