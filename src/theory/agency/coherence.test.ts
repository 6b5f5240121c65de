import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { drawOptimal, drawPolicy, flowFeatures, tallyCoherence } from "./coherence.ts";
import { tabular } from "./mdp.ts";

const SAMPLES = 40_000;

describe("coherence by tally", () => {
  test.each([2, 3, 5])("a bandit with %d arms: 1 for every policy, however rewards are drawn", (actions) => {
    const bandit = tabular({ states: 2, actions, gamma: 0.9, step: (s) => (s === 0 ? [[1, 1]] : []) });
    for (const prior of ["uniform", "sparse"] as const) {
      const { coherence } = tallyCoherence(bandit, { samples: SAMPLES, rng: rng(1), prior });
      expect(coherence).toHaveLength(actions);
      for (const each of coherence) expect(Math.abs(each - 1)).toBeLessThan(5 * Math.sqrt((actions - 1) / SAMPLES));
    }
  });

  test("staying in a loop, or going on to a choice of two ends: equal to numerical integration", () => {
    const gamma = 0.5;
    // State 0: 0 stays, 1 goes to state 1, from where both actions end.
    const mdp = tabular({
      states: 3,
      actions: 2,
      gamma,
      step: (s, a) => (s === 0 ? [[a, 1]] : s === 1 ? [[2, 1]] : []),
    });
    const { coherence, indexOf, choosing } = tallyCoherence(mdp, { samples: SAMPLES, rng: rng(2) });
    expect(choosing).toEqual([0, 1]);
    const n = 30;
    const at = Array.from({ length: n }, (_, i) => (2 * i + 1) / n - 1);
    let stays = 0;
    for (const loop of at) {
      for (const go of at) {
        for (const a of at) for (const b of at) if (loop / (1 - gamma) > go + gamma * Math.max(a, b)) stays++;
      }
    }
    const share = stays / n ** 4;
    expect(share).toBeLessThan(0.48);
    for (const second of [0, 1]) {
      expect(Math.abs(coherence[indexOf([0, second])]! - 2 * share)).toBeLessThan(0.04);
      expect(Math.abs(coherence[indexOf([1, second])]! - 2 * (1 - share))).toBeLessThan(0.04);
    }
    expect(coherence.reduce((a, b) => a + b, 0) / 4).toBeCloseTo(1, 9);
  });

  test("policies that are equal up to a rotation are equally coherent", () => {
    // A ring of three, actions clockwise and counterclockwise, no slips.
    const ring = tabular({ states: 3, actions: 2, gamma: 0.9, step: (s, a) => [[(s + (a === 0 ? 1 : 2)) % 3, 1]] });
    const { coherence, indexOf } = tallyCoherence(ring, { samples: SAMPLES, rng: rng(3) });
    // Policies are equal up to rotation: two circle, six step to and fro between two states.
    expect(coherence[indexOf([0, 0, 0])]).toBeCloseTo(coherence[indexOf([1, 1, 1])]!, 1);
    expect(coherence[indexOf([0, 1, 0])]).toBeCloseTo(coherence[indexOf([0, 0, 1])]!, 1);
  });
});

describe("flow features", () => {
  /** Four states in a row, left and right, walls at both ends; the last one is an end. */
  const row = tabular({
    states: 5,
    actions: 2,
    gamma: 0.9,
    step: (s, a) => (s === 4 ? [] : [[a === 0 ? Math.max(0, s - 1) : s + 1, 1]]),
  });

  test.each([
    ["all to the end", [1, 1, 1, 1, 0], [0, 0, 0, 1, 1, (4 + 3 + 2 + 1) / 5 / 4]],
    ["all to the wall", [0, 0, 0, 0, 0], [0.25, 0, 0, 0, 1, (0 + 1 + 2 + 3) / 5 / 4]],
    ["to and fro", [1, 0, 1, 0, 0], [0, 1, 0, 0, 0.5, 0]],
  ])("%s", (_, action, expected) => {
    const found = flowFeatures(row, action);
    expected.forEach((each, f) => {
      expect(found[f], `feature ${f}`).toBeCloseTo(each, 12);
    });
  });

  test("a long cycle", () => {
    const ring = tabular({ states: 4, actions: 2, gamma: 0.9, step: (s, a) => [[(s + (a === 0 ? 1 : 3)) % 4, 1]] });
    expect(Array.from(flowFeatures(ring, [0, 0, 0, 0]))).toEqual([0, 0, 1, 0, 1, 0]);
  });

  test("the flow of optimal policies comes together more than that of random ones", () => {
    const stream = rng(4);
    const together = (draw: () => Uint8Array) => {
      let sum = 0;
      for (let i = 0; i < 400; i++) sum += flowFeatures(row, draw())[4]!;
      return sum / 400;
    };
    const best = together(() => drawOptimal(row, "uniform", stream));
    const any = together(() => drawPolicy(row, stream));
    expect(best).toBeGreaterThan(any + 0.05);
  });
});
