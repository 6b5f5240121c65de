/**
 * @file A network that remembers, unrolled: the gradient through time equals finite differences, the pass over a
 * rollout equals the steps that were taken, and an episode's end cuts both.
 */
import { expect, test } from "vitest";
import { rng } from "../../../core/rng.ts";
import { cheeseCorner } from "../../../envs/cheese-corner.ts";
import { initialize } from "../../../network.ts";
import { recurrent } from "../../../networks/recurrent.ts";
import { parseParams } from "../../../plugin.ts";
import { parameterSpecs, policyShape } from "../../../policy/inference.ts";
import { derivativeErrors } from "../../../tensor/finite-differences.ts";
import { concat, evaluate, grad, reshape, slice, sum, type Tensor, trace } from "../../../tensor/index.ts";
import { actingGraph, minibatchPass, minibatchSpecs } from "./passes.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner, { size: 5 }));
const { marks: _, ...plain } = world;
const shape = policyShape(world);
const cells = shape.planes * shape.height * shape.width;
const network = recurrent.build(shape, parseParams(recurrent, { width: 3, units: 2 }));
const task = { network, shape, world: plain };
const [environments, steps] = [3, 4];

/** Weights far from their start, where the heads are almost blind. */
const random = rng(1);
const weights = Object.fromEntries(
  Object.entries(initialize(network, rng(2))).map(([name, values]) => [
    name,
    Float64Array.from(values, (value) => value + 0.5 * random.normal()),
  ]),
);
const observations = Float64Array.from({ length: environments * steps * cells }, () => random.int(2));
const memories = Float64Array.from({ length: environments * 2 }, () => random.normal());
/** The second environment begins an episode at its third step. */
const goesOn = Float64Array.from({ length: environments * steps }, (_, row) => (row === 2 * environments + 1 ? 0 : 1));

/** What a minibatch of some environments is fed, step-major. */
function feeds(slots: readonly number[]) {
  const rows = Array.from({ length: steps }, (_, t) => slots.map((slot) => t * environments + slot)).flat();
  return {
    observations,
    rows: Float64Array.from(rows),
    memory: Float64Array.from(slots.flatMap((slot) => [memories[2 * slot]!, memories[2 * slot + 1]!])),
    goesOn: Float64Array.from(rows, (row) => goesOn[row]!),
  };
}

const sizeOf = (slots: readonly number[]) => ({ environments, steps, minibatch: slots.length * steps });
const passOf = (slots: readonly number[], inputs: Readonly<Record<string, Tensor>>) => {
  const parameters = Object.fromEntries(Object.keys(network.parameters).map((name) => [name, inputs[name]!]));
  const given = Object.fromEntries(
    Object.keys(minibatchSpecs(task, sizeOf(slots))).map((name) => [name, inputs[name]!]),
  );
  return minibatchPass(task, sizeOf(slots), parameters, given);
};

test("the gradient through time equals finite differences", () => {
  const slots = [2, 1];
  const { gradient } = derivativeErrors(
    {
      inputs: { ...parameterSpecs(network), ...minibatchSpecs(task, sizeOf(slots)) },
      build(inputs) {
        const { logits, value } = passOf(slots, inputs);
        return concat([logits, reshape(value, [slots.length * steps, 1])], 1);
      },
    },
    { ...weights, ...feeds(slots) },
  );
  expect(gradient).toBeLessThan(1e-7);
});

test("what was remembered before the rollout is forgotten where an episode begins", () => {
  const slots = [0, 1];
  const graph = trace({ ...parameterSpecs(network), ...minibatchSpecs(task, sizeOf(slots)) }, (inputs) => {
    const { value } = passOf(slots, inputs);
    const first = (steps - 1) * slots.length;
    const last = (i: number) => sum(slice(value, { axis: 0, start: first + i, end: first + i + 1 }));
    return Object.fromEntries(slots.map((i) => [`${i}`, grad(last(i), [inputs.memory!])[0]!]));
  });
  const slopes = evaluate(graph, { ...weights, ...feeds(slots) });
  expect(slopes[0]!.subarray(0, 2).every((slope) => Math.abs(slope) > 1e-6)).toBe(true);
  expect([...slopes[0]!.subarray(2)]).toEqual([0, 0]);
  expect([...slopes[1]!]).toEqual([0, 0, 0, 0]);
});

test("unrolled over a rollout, it says what it said step by step", () => {
  const slots = [1, 0, 2];
  const unrolled = evaluate(
    trace({ ...parameterSpecs(network), ...minibatchSpecs(task, sizeOf(slots)) }, (inputs) => {
      const { logits, value } = passOf(slots, inputs);
      return { logits, value };
    }),
    { ...weights, ...feeds(slots) },
  );
  const acting = actingGraph(task, environments);
  const parameters = Float64Array.from(Object.keys(network.parameters).flatMap((name) => [...weights[name]!]));
  let before = memories.slice();
  for (let t = 0; t < steps; t++) {
    for (let slot = 0; slot < environments; slot++) {
      if (goesOn[t * environments + slot] === 0) before.fill(0, 2 * slot, 2 * slot + 2);
    }
    const shown = observations.subarray(t * environments * cells, (t + 1) * environments * cells);
    const step = evaluate(acting, { parameters, observations: shown, before });
    before = step.memory!.slice();
    for (const [i, slot] of slots.entries()) {
      const row = t * slots.length + i;
      expect(unrolled.value![row]).toBeCloseTo(step.value![slot]!, 10);
      for (let a = 0; a < shape.actions; a++) {
        expect(unrolled.logits![row * shape.actions + a]).toBeCloseTo(step.logits![slot * shape.actions + a]!, 10);
      }
    }
  }
});
