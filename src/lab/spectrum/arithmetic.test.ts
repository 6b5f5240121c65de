/** @file The count of arithmetic against counts by hand, for products, convolutions, their gradients and whole runs. */
import { expect, test } from "vitest";
import { cheeseCorner } from "../../envs/cheese-corner.ts";
import { mlp } from "../../networks/mlp.ts";
import { thinker } from "../../networks/thinker.ts";
import { trainingSpec } from "../../organism.ts";
import { parseParams } from "../../plugin.ts";
import { policyShape } from "../../policy/inference.ts";
import { conv2d, grad, matmul, relu, sum, trace } from "../../tensor/index.ts";
import { actArithmetic, operations, stateArithmetic, trainingArithmetic } from "./arithmetic.ts";

const shape = policyShape(cheeseCorner.make(parseParams(cheeseCorner, {})));

test("a product, a convolution and their gradients by hand", () => {
  const dense = { x: { shape: [8, 5], dtype: "float32" }, w: { shape: [5, 3], dtype: "float32" } } as const;
  expect(operations(trace(dense, ({ x, w }) => ({ y: matmul(x!, w!) })))).toBe(2 * 8 * 5 * 3);
  expect(operations(trace(dense, ({ x, w }) => ({ y: relu(matmul(x!, w!)) })))).toBe(2 * 8 * 5 * 3 + 24);
  // ∂/∂w of a product is one more product of as many operations; the loss is never computed.
  const slope = trace(dense, ({ x, w }) => {
    const y = matmul(x!, w!);
    return { g: grad(sum(y), [w!])[0]! };
  });
  expect(operations(slope)).toBeGreaterThanOrEqual(2 * 8 * 5 * 3);
  expect(operations(slope)).toBeLessThan(2 * (2 * 8 * 5 * 3));
  const image = { x: { shape: [2, 3, 7, 7], dtype: "float32" }, w: { shape: [4, 3, 3, 3], dtype: "float32" } } as const;
  const forward = 2 * (2 * 4 * 7 * 7) * (3 * 9);
  expect(operations(trace(image, ({ x, w }) => ({ y: conv2d(x!, w!, { padding: 1 }) })))).toBe(forward);
  const both = trace(image, ({ x, w }) => {
    const y = conv2d(x!, w!, { padding: 1 });
    const [dx, dw] = grad(sum(y), [x!, w!]);
    return { dx: dx!, dw: dw! };
  });
  expect(operations(both)).toBe(2 * forward);
});

test("a perceptron acts and learns in as many operations as counted by hand, but for a few in a hundred", () => {
  const network = mlp.build(shape, parseParams(mlp, {}));
  const inputs = 3 * 49;
  const products = inputs * 64 + 64 * 64 + 64 * 4;
  const { act, learn, parameters } = stateArithmetic(network, shape);
  // Biases, ReLUs, and the value that the shared head computes along.
  expect(act).toBe(2 * (products + 64) + 2 * (64 + 64) + 5);
  // Back: weights of every layer, and inputs of all but the first.
  const back = 2 * (inputs * 64 + 2 * (64 * 64) + 2 * (64 * 5));
  expect(learn / (2 * (products + 64) + back)).toBeGreaterThan(1);
  expect(learn / (2 * (products + 64) + back)).toBeLessThan(1.05);
  expect(parameters).toBe(inputs * 64 + 64 + 64 * 64 + 64 + 64 * 5 + 5);
});

test("a thinker pays for every tick", () => {
  const network = thinker.build(shape, parseParams(thinker, { channels: 6 }));
  const [four, five, six] = [4, 5, 6].map((ticks) => stateArithmetic(network, shape, { ticks }).act) as [
    number,
    number,
    number,
  ];
  expect(six - five).toBe(five - four);
  // Two layers: 9 and 6 channels in, 6 out, with bias and ReLU each.
  expect(five - four).toBe(49 * (2 * 9 * 6 * (9 + 6) + 4 * 6));
});

test("whole runs add up: cloning sees a state once, PPO acts once and learns in every epoch", () => {
  const spec = (parts: object) =>
    trainingSpec.parse({
      organism: { id: "graded" },
      task: { env: "cheese-corner" },
      network: { id: "mlp", params: {} },
      frames: 8192,
      seed: 0,
      ...parts,
    });
  const cloned = spec({ optimizer: { id: "cloning", params: { batch: 512 } } });
  const paid = spec({ optimizer: { id: "ppo", params: {} } });
  const network = mlp.build(shape, parseParams(mlp, {}));
  const { act, learn, parameters } = stateArithmetic(network, shape);
  expect(trainingArithmetic(paid)).toBeCloseTo(8192 * (act + 3 * learn) + 12 * 14 * parameters, 0);
  const actor = stateArithmetic(network, shape, { hasCritic: false });
  expect(trainingArithmetic(cloned)).toBeCloseTo(8192 * actor.learn + 16 * 14 * parameters, 0);
  expect(trainingArithmetic(cloned, 4096)).toBeCloseTo(trainingArithmetic(cloned) / 2, 0);
  expect(trainingArithmetic({ ...cloned, frames: 0 })).toBe(0);
  expect(actArithmetic(cloned)).toBe(act);
  const thinking = spec({
    network: { id: "thinker", params: { channels: 4, ticks: 5 } },
    optimizer: { id: "cloning", params: { batch: 128, ticks: [4, 6] } },
  });
  const atFive = spec({
    network: { id: "thinker", params: { channels: 4, ticks: 5 } },
    optimizer: { id: "cloning", params: { batch: 128, ticks: [5, 5] } },
  });
  // Linear in ticks: the mean over four to six is that of five.
  expect(trainingArithmetic(thinking) / trainingArithmetic(atFive)).toBeCloseTo(1, 3);
  expect(() => trainingArithmetic(spec({ optimizer: { id: "es", params: {} } }))).toThrow();
});
