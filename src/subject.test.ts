/** @file Sampled actions against the softmax they are drawn from. */
import { expect, test } from "vitest";
import { rng } from "./core/rng.ts";
import { sampleActions } from "./subject.ts";

test("actions occur as often as softmax says, however large the logits", () => {
  const n = 20_000;
  for (const shift of [0, 500, -500]) {
    const row = [0, 1, -1, 2].map((x) => x + shift);
    const logits = Float32Array.from({ length: 4 * n }, (_, i) => row[i % 4]!);
    const actions = new Uint8Array(n);
    sampleActions(logits, n, 4, rng(1), actions);
    const total = [0, 1, -1, 2].reduce((sum, x) => sum + Math.exp(x), 0);
    for (const [action, x] of [0, 1, -1, 2].entries()) {
      const p = Math.exp(x) / total;
      const share = actions.filter((each) => each === action).length / n;
      expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
    }
  }
});
