import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { deterministic, isEnd, occupancies, optimal, policyValue, softOptimal, tabular, visitsFrom } from "./mdp.ts";

/** Random transitions to three states each; the last state is an end. */
const random = rng(11);
const STATES = 9;
const mdp = tabular({
  states: STATES,
  actions: 3,
  gamma: 0.85,
  step: (s) => {
    if (s === STATES - 1) return [];
    const p = [random.uniform(), random.uniform(), random.uniform()];
    const total = p.reduce((a, b) => a + b, 0);
    return p.map((each) => [random.int(STATES), each / total] as const);
  },
});
const utility = Float64Array.from({ length: STATES }, () => random.normal());

/** One sweep of what each function is a fixed point of. */
const successors = (s: number, a: number) =>
  Array.from({ length: mdp.from[s * 3 + a + 1]! - mdp.from[s * 3 + a]! }, (_, k) => {
    const e = mdp.from[s * 3 + a]! + k;
    return [mdp.to[e]!, mdp.probability[e]!] as const;
  });

describe("soft-optimal policies", () => {
  test.each([1, -1, 0, 40])("equal value iteration at β = %d", (beta) => {
    let w = new Float64Array(STATES);
    for (let sweep = 0; sweep < 400; sweep++) {
      w = w.map((_, s) => {
        const ahead = [0, 1, 2].map((a) => 0.85 * successors(s, a).reduce((sum, [to, p]) => sum + p * w[to]!, 0));
        const max = Math.max(...ahead);
        return beta * utility[s]! + max + Math.log(ahead.reduce((sum, q) => sum + Math.exp(q - max), 0) / 3);
      });
    }
    const soft = softOptimal(
      mdp,
      utility.map((u) => beta * u),
    );
    w.forEach((each, s) => {
      expect(soft.value[s]).toBeCloseTo(each, 8);
    });
    for (let s = 0; s < STATES; s++) {
      const row = soft.policy.subarray(3 * s, 3 * s + 3);
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      row.forEach((p, a) => {
        if (p > 1e-200) expect(soft.gain[3 * s + a]).toBeCloseTo(Math.log(3 * p), 8);
      });
    }
  });

  test("a warm start changes nothing", () => {
    const cold = softOptimal(mdp, utility);
    const warm = softOptimal(
      mdp,
      utility,
      Float64Array.from(utility, (u) => 30 * u),
    );
    cold.value.forEach((each, s) => {
      expect(warm.value[s]).toBeCloseTo(each, 9);
    });
  });
});

test("optimal policies equal the best of all policies, by enumeration", () => {
  const reward = Float64Array.from({ length: STATES * 3 }, () => random.normal());
  const { value, action } = optimal(mdp, reward);
  const best = new Float64Array(STATES).fill(-Infinity);
  for (let index = 0; index < 3 ** (STATES - 1); index++) {
    const choice = Array.from({ length: STATES }, (_, s) => Math.floor(index / 3 ** s) % 3);
    choice[STATES - 1] = action[STATES - 1]!;
    const earned = Float64Array.from(choice, (a, s) => reward[3 * s + a]!);
    const values = policyValue(mdp, deterministic(choice, 3), earned);
    for (let s = 0; s < STATES; s++) best[s] = Math.max(best[s]!, values[s]!);
  }
  // The end earns whatever its first best action pays; no choice follows.
  best.forEach((each, s) => {
    expect(value[s]).toBeCloseTo(each, 9);
  });
});

test("visits satisfy their equation, count what is earned, and stop at ends", () => {
  const { policy } = softOptimal(mdp, utility);
  const visits = occupancies(mdp, policy);
  const into = Float64Array.from(mdp.start);
  for (let s = 0; s < STATES; s++) {
    for (const a of [0, 1, 2]) {
      for (const [to, p] of successors(s, a)) into[to]! += 0.85 * visits[s]! * policy[3 * s + a]! * p;
    }
  }
  into.forEach((each, s) => {
    expect(visits[s]).toBeCloseTo(each, 10);
  });
  const value = policyValue(mdp, policy, utility);
  const earned = visits.reduce((sum, each, s) => sum + each * utility[s]!, 0);
  expect(value.reduce((sum, each, s) => sum + each * mdp.start[s]!, 0)).toBeCloseTo(earned, 10);
  const end = new Float64Array(STATES);
  end[STATES - 1] = 1;
  expect(isEnd(mdp, STATES - 1)).toBe(true);
  expect(Array.from(visitsFrom(mdp, policy, end))).toEqual(Array.from(end));
});
