/** @file The linear policy is one affine map: scores worked out by hand, and additive in what is seen. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { initialize, type Weights } from "../network.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject } from "../policy/inference.ts";
import { openExecutor } from "../tensor/index.ts";
import { linear } from "./linear.ts";

const shape = { planes: 2, height: 2, width: 3, actions: 4 };
const { executor } = await openExecutor("wasm");

test("logits are weights of the marked cells, summed, plus the bias", async () => {
  const network = linear.build(shape, parseParams(linear));
  expect(network.ticks).toBeUndefined();
  const weights: Weights = { ...initialize(network, rng(3)), "policy.bias": Float32Array.of(1, 2, 3, 4) };
  const subject = networkSubject(network, weights, shape, executor);
  const seen = [[], [4], [7, 11], [4, 7, 11]];
  const observations = new Uint8Array(seen.length * 12);
  for (const [i, marked] of seen.entries()) for (const cell of marked) observations[12 * i + cell] = 1;
  const logits = await subject.logits!(observations, seen.length);
  for (const [i, marked] of seen.entries()) {
    for (let a = 0; a < 4; a++) {
      const expected = marked.reduce((sum, cell) => sum + weights["policy.weight"]![4 * cell + a]!, a + 1);
      expect(logits[4 * i + a]).toBeCloseTo(expected, 5);
    }
  }
});
