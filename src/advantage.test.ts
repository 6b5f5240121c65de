/** @file Advantages against their definition as a sum, written out episode by episode. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { estimateAdvantages, type Rollout } from "./advantage.ts";

const rollouts = fc
  .record({ environments: fc.integer({ min: 1, max: 3 }), steps: fc.integer({ min: 1, max: 8 }) })
  .chain(({ environments, steps }) => {
    const floats = (n: number) => fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n, maxLength: n });
    const n = environments * steps;
    return fc.record({
      environments: fc.constant(environments),
      steps: fc.constant(steps),
      rewards: floats(n).map((values) => Float32Array.from(values)),
      values: floats(n).map((values) => Float32Array.from(values)),
      lastValues: floats(environments).map((values) => Float32Array.from(values)),
      ends: fc
        .array(fc.integer({ min: 0, max: 1 }), { minLength: n, maxLength: n })
        .map((ends) => Uint8Array.from(ends)),
    });
  });

/** Σ_l (γλ)^l δ_{t+l} up to the end of the episode or of the rollout. */
function definition(rollout: Rollout, gamma: number, lambda: number, t: number, slot: number): number {
  const at = (step: number) => step * rollout.environments + slot;
  let sum = 0;
  for (let step = t; step < rollout.steps; step++) {
    const isEnd = rollout.ends[at(step)] === 1;
    const next = step + 1 < rollout.steps ? rollout.values[at(step + 1)]! : rollout.lastValues[slot]!;
    const delta = rollout.rewards[at(step)]! + (isEnd ? 0 : gamma * next) - rollout.values[at(step)]!;
    sum += (gamma * lambda) ** (step - t) * delta;
    if (isEnd) break;
  }
  return sum;
}

test("advantages equal the discounted sum of one-step errors", () => {
  fc.assert(
    fc.property(
      rollouts,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rollout, gamma, lambda) => {
        const n = rollout.rewards.length;
        const [advantage, target] = [new Float32Array(n), new Float32Array(n)];
        estimateAdvantages(rollout, { gamma, lambda }, advantage, target);
        for (let t = 0; t < rollout.steps; t++) {
          for (let slot = 0; slot < rollout.environments; slot++) {
            const i = t * rollout.environments + slot;
            const wanted = definition(rollout, gamma, lambda, t, slot);
            expect(Math.abs(advantage[i]! - wanted)).toBeLessThan(1e-4);
            expect(Math.abs(target[i]! - wanted - rollout.values[i]!)).toBeLessThan(1e-4);
          }
        }
      },
    ),
  );
});

test("with lambda 1 the target is the discounted return of what was earned", () => {
  const rollout: Rollout = {
    environments: 1,
    steps: 3,
    rewards: Float32Array.of(0, 0, 1),
    values: Float32Array.of(0.3, -0.2, 0.9),
    ends: Uint8Array.of(0, 0, 1),
    lastValues: Float32Array.of(123),
  };
  const [advantage, target] = [new Float32Array(3), new Float32Array(3)];
  estimateAdvantages(rollout, { gamma: 0.5, lambda: 1 }, advantage, target);
  expect([...target].map((x) => Number(x.toFixed(6)))).toEqual([0.25, 0.5, 1]);
});
