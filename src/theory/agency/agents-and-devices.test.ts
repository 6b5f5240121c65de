/** @file Evidence is a probability: it sums to one over all behaviors. Exact enumeration, and the closed form. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import {
  compareClasses,
  deviceEvidence,
  digit,
  goalEvidence,
  idle,
  manners,
  patternCount,
} from "./agents-and-devices.ts";

const A = 3;
/** Every sequence of `length` actions. */
const sequences = (length: number): number[][] =>
  length === 0 ? [[]] : sequences(length - 1).flatMap((rest) => [0, 1, 2].map((a) => [...rest, a]));

function countsOf(actions: readonly number[], contexts: readonly number[], size: number): Int32Array {
  const counts = new Int32Array(size * A);
  for (const [i, action] of actions.entries()) counts[contexts[i]! * A + action]!++;
  return counts;
}

test("both evidences sum to one over all 243 behaviors of five decisions", () => {
  const all = manners(A, [0.5, 2, 5]);
  const patterns = [0, 5, 13, 26, 5];
  const contexts = [0, 1, 1, 0, 1];
  let [goal, device] = [0, 0];
  for (const actions of sequences(5)) {
    goal += Math.exp(goalEvidence(countsOf(actions, patterns, patternCount(A)), A, all));
    device += Math.exp(deviceEvidence(countsOf(actions, contexts, 2), A));
  }
  expect(goal).toBeCloseTo(1, 10);
  expect(device).toBeCloseTo(1, 10);
});

test("at the goal an agent is charged like a device, not for staying or leaving", () => {
  const counts = new Int32Array(patternCount(A) * A);
  counts.set([40, 2, 1], idle(A) * A);
  expect(goalEvidence(counts, A, manners(A, [4]))).toBeCloseTo(deviceEvidence(Int32Array.of(40, 2, 1), A), 12);
});

test("the prior over manners sums to one, and a preference never overrules the goal", () => {
  const all = manners(4, [1, 4]);
  expect(all).toHaveLength(2 * (1 + 24));
  expect(all.reduce((sum, { logPrior }) => sum + Math.exp(logPrior), 0)).toBeCloseTo(1, 12);
  // Action 3 alone comes closer; every manner takes it most often.
  const pattern = 2 * 27 + 9 + 3 + 1;
  expect([0, 1, 2, 3].map((a) => digit(pattern, a))).toEqual([0, 0, 0, 1]);
  for (const { table } of all) {
    const row = [...table.subarray(pattern * 4, pattern * 4 + 4)];
    expect(row.indexOf(Math.max(...row))).toBe(3);
  }
  expect([0, 1, 2, 3].map((a) => digit(idle(4), a))).toEqual([0, 0, 0, 0]);
});

test("Krichevsky and Trofimov's evidence: two of each among four binary draws is 3/128", () => {
  // Γ(2.5)² / (Γ(.5)² Γ(5)) = (0.75)² / 24.
  expect(Math.exp(deviceEvidence(Int32Array.of(2, 2), 2))).toBeCloseTo(0.75 ** 2 / 24, 12);
});

test("a goal seeker is an agent, a biased coin is a device, with the right goal on top", () => {
  const all = manners(4, [1, 2, 4, 8]);
  const random = rng(1);
  const n = 80;
  // Three goals, each with patterns of its own; action a of goal g's pattern comes closer.
  const closer = Array.from({ length: n }, () => [random.int(4), random.int(4), random.int(4)]);
  const pattern = (a: number) => 2 * 3 ** a;
  const evidence = (act: (i: number) => number) => {
    const chosen = closer.map((_, i) => act(i));
    const goals = [0, 1, 2].map((g) => {
      const counts = new Int32Array(patternCount(4) * 4);
      for (let i = 0; i < n; i++) counts[pattern(closer[i]![g]!) * 4 + chosen[i]!]!++;
      return goalEvidence(counts, 4, all);
    });
    const counts = new Int32Array(4);
    for (const action of chosen) counts[action]!++;
    return compareClasses(goals, [deviceEvidence(counts, 4), n * -Math.log(4)]);
  };
  const seeker = evidence((i) => (random.uniform() < 0.1 ? random.int(4) : closer[i]![1]!));
  expect(seeker.agent).toBeGreaterThan(0.999);
  expect(seeker.goals[1]).toBeGreaterThan(0.999);
  const coin = evidence(() => (random.uniform() < 0.6 ? 0 : 1));
  expect(coin.agent).toBeLessThan(0.001);
  expect(coin.devices[0]).toBeGreaterThan(0.999);
  const noise = evidence(() => random.int(4));
  expect(noise.agent).toBeLessThan(0.05);
  expect(noise.devices[1]).toBeGreaterThan(0.9);
});
