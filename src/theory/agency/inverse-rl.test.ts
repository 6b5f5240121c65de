import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { bayesianIrl, boltzmannLikelihood, causalEntropyIrl } from "./inverse-rl.ts";
import { type Mdp, occupancies, softOptimal, stateReward, tabular } from "./mdp.ts";
import { everyState } from "./meg.ts";
import { canonical, epicCanonical, epicDistance, starcDistance } from "./reward-classes.ts";

/** A corridor of six cells with slips; left and right. `isReversed` exchanges what the actions do. */
const corridor = (isReversed: boolean, gamma = 0.8) =>
  tabular({
    states: 6,
    actions: 2,
    gamma,
    step: (s, a) => {
      const right = Math.min(5, s + 1);
      const left = Math.max(0, s - 1);
      const isRight = (a === 1) !== isReversed;
      return [
        [isRight ? right : left, 0.85],
        [isRight ? left : right, 0.15],
      ];
    },
  });
const reward = Float64Array.of(0.3, 0, -1, 0.5, 0, 2);

const visitsTimesPolicy = (mdp: Mdp, policy: Float64Array) => {
  const visits = occupancies(mdp, policy);
  return policy.map((p, row) => p * visits[Math.floor(row / mdp.actions)]!);
};

describe("maximum causal entropy", () => {
  const mdp = corridor(false);
  const expert = softOptimal(mdp, reward).policy;
  const fit = causalEntropyIrl([{ mdp, features: everyState(6), weights: visitsTimesPolicy(mdp, expert) }], {
    ridge: 1e-9,
    maxSteps: 2000,
  });

  test("finds a reward that makes the same decisions, and matches feature counts", () => {
    const found = softOptimal(mdp, fit.theta).policy;
    found.forEach((p, row) => {
      expect(p).toBeCloseTo(expert[row]!, 3);
    });
    const [own, soft] = [occupancies(mdp, expert), occupancies(mdp, found)];
    own.forEach((each, s) => {
      expect(soft[s]).toBeCloseTo(each, 3);
    });
  });

  test("of the same class as the true one, and predicts decisions under other dynamics", () => {
    expect(starcDistance(mdp, stateReward(mdp, fit.theta), stateReward(mdp, reward))).toBeLessThan(0.01);
    const other = corridor(true);
    const [found, truth] = [softOptimal(other, fit.theta).policy, softOptimal(other, reward).policy];
    found.forEach((p, row) => {
      expect(p).toBeCloseTo(truth[row]!, 2);
    });
  });
});

describe("Bayesian IRL", () => {
  test("the walk visits rewards as often as their posterior says, by enumeration", () => {
    const mdp = tabular({ states: 3, actions: 2, gamma: 0.7, step: (s, a) => [[(s + 1 + a) % 3, 1]] });
    const weights = Float64Array.of(3, 1, 0, 2, 1, 1);
    const grid = [-1, 0, 1];
    const alpha = 1.5;
    const posterior = new Float64Array(27);
    for (let i = 0; i < 27; i++) {
      const given = Float64Array.of(grid[Math.floor(i / 9)]!, grid[Math.floor(i / 3) % 3]!, grid[i % 3]!);
      posterior[i] = Math.exp(boltzmannLikelihood(mdp, given, weights, alpha));
    }
    const total = posterior.reduce((a, b) => a + b, 0);
    const { samples, mean, low, high, accepted } = bayesianIrl(mdp, weights, {
      alpha,
      grid,
      samples: 60_000,
      burn: 500,
      thin: 4,
      rng: rng(1),
    });
    const counts = new Float64Array(27);
    for (const [a, b, c] of samples) counts[a! * 9 + b! * 3 + c!]!++;
    posterior.forEach((each, i) => {
      expect(Math.abs(counts[i]! / samples.length - each / total), `reward ${i}`).toBeLessThan(0.012);
    });
    const exact = [0, 1, 2].map((s) =>
      posterior.reduce((sum, each, i) => sum + (each / total) * grid[Math.floor(i / 3 ** (2 - s)) % 3]!, 0),
    );
    exact.forEach((each, s) => {
      expect(Math.abs(mean[s]! - each)).toBeLessThan(0.03);
    });
    expect(low.every((each, s) => each <= mean[s]! && mean[s]! <= high[s]!)).toBe(true);
    expect(accepted).toBeGreaterThan(0.1);
  });
});

describe("classes of rewards", () => {
  const states = 4;
  const actions = 3;
  const gamma = 0.9;
  const random = rng(7);
  const draw = (n: number) => Float64Array.from({ length: n }, () => random.normal());
  const mdp = tabular({
    states,
    actions,
    gamma,
    step: (s, a) => [
      [(s + a) % states, 0.7],
      [(s + 2 * a + 1) % states, 0.3],
    ],
  });
  const dense = draw(states * actions * states);
  const potential = draw(states);
  const shaped = dense.map(
    (each, i) => 3 * (each + gamma * potential[i % states]! - potential[Math.floor(i / (actions * states))]!) + 5,
  );
  const expected = (full: Float64Array) =>
    Float64Array.from({ length: states * actions }, (_, row) => {
      let sum = 0;
      for (let e = mdp.from[row]!; e < mdp.from[row + 1]!; e++) {
        sum += mdp.probability[e]! * full[row * states + mdp.to[e]!]!;
      }
      return sum;
    });

  test("shaping, scale and offset change nothing", () => {
    const [a, b] = [dense, shaped].map((each) => canonical(mdp, expected(each)));
    a!.forEach((each, row) => {
      expect(each).toBeCloseTo(b![row]!, 10);
    });
    expect(starcDistance(mdp, expected(dense), expected(shaped))).toBeCloseTo(0, 9);
    expect(epicDistance(dense, shaped, { states, actions, gamma })).toBeCloseTo(0, 6);
    const unscaled = epicCanonical(dense, { states, actions, gamma });
    const twice = epicCanonical(unscaled, { states, actions, gamma });
    twice.forEach((each, i) => {
      expect(each).toBeCloseTo(unscaled[i]!, 10);
    });
  });

  test("a negated reward is as far away as can be, another one in between", () => {
    const negated = dense.map((each) => -each);
    const other = draw(dense.length);
    expect(starcDistance(mdp, expected(dense), expected(negated))).toBeCloseTo(1, 9);
    expect(epicDistance(dense, negated, { states, actions, gamma })).toBeCloseTo(1, 9);
    for (const distance of [
      starcDistance(mdp, expected(dense), expected(other)),
      epicDistance(dense, other, { states, actions, gamma }),
    ]) {
      expect(distance).toBeGreaterThan(0.3);
      expect(distance).toBeLessThan(0.95);
    }
  });

  test("a reward that no choice influences is no direction", () => {
    expect(canonical(mdp, new Float64Array(states * actions).fill(2)).every((each) => each === 0)).toBe(true);
  });
});
