/** @file Hackability, angles and Goodhart curves against brute force, exact identities and the published prevalence table. */
import { describe, expect, test } from "vitest";
import { type Rng, rng } from "../../core/rng.ts";
import { deterministic, lookAhead, type Mdp, optimal, softOptimal, stateReward, uniformPolicy } from "../agency/mdp.ts";
import { dot } from "../numerics/dense.ts";
import {
  discordance,
  dropHeight,
  earnable,
  hackability,
  normalDiscordance,
  pairOccupancies,
  pressurePath,
  randomMdp,
  rewardAngle,
  rewardAtAngle,
  safeStop,
  softResponse,
} from "./hackability.ts";

const normals = (random: Rng, n: number) => Float64Array.from({ length: n }, () => random.normal());
const problem = (random: Rng, states = 10, actions = 3) =>
  randomMdp({ states, actions, gamma: 0.9, concentration: 0.3 }, random);
/** A stochastic policy at random. */
const randomPolicy = (random: Rng, { states, actions }: Mdp) => {
  const policy = Float64Array.from({ length: states * actions }, () => -Math.log(1 - random.uniform()));
  for (let row = 0; row < policy.length; row += actions) {
    const total = policy.subarray(row, row + actions).reduce((a, b) => a + b);
    for (let i = row; i < row + actions; i++) policy[i]! /= total;
  }
  return policy;
};
/** R(s, a) + x(s) − γ E[x(s′)]. */
const shaped = (mdp: Mdp, reward: Float64Array, potential: Float64Array) => {
  const ahead = lookAhead(mdp, potential);
  return reward.map((each, row) => each + potential[Math.floor(row / mdp.actions)]! - ahead[row]!);
};

describe("pairs that disagree", () => {
  test("counts, ties left out", () => {
    expect(discordance([1, 2, 3], [1, 2, 3])).toBe(0);
    expect(discordance([1, 2, 3], [3, 2, 1])).toBe(1);
    expect(discordance([1, 2, 3], [1, 3, 2])).toBeCloseTo(1 / 3, 14);
    // (1 − τ)/2 with the tied pair in the denominator would be another number.
    expect(discordance([1, 1, 2], [1, 2, 0])).toBe(1);
    expect(discordance([1, 1], [1, 2])).toBeNaN();
  });

  test.each([
    [0.5, 1 / 3],
    [0.9, 0.1436],
    [0, 0.5],
    [-1, 1],
  ])("normal returns with correlation %d: arccos(ρ)/π", (rho, expected) => {
    expect(normalDiscordance(rho)).toBeCloseTo(expected, 4);
    const random = rng(1);
    const first = normals(random, 700);
    const second = first.map((each) => rho * each + Math.sqrt(1 - rho * rho) * random.normal());
    expect(Math.abs(discordance(first, second) - expected)).toBeLessThan(0.04);
    // (1 − ρ)/2, as if τ were the correlation, is wrong between the ends.
    if (Math.abs(rho) === 0.9 || rho === 0.5) expect(Math.abs((1 - rho) / 2 - expected)).toBeGreaterThan(0.04);
  });

  test("with an interval over policies that holds the true value", () => {
    const random = rng(2);
    const first = normals(random, 60);
    const second = first.map((each) => 0.5 * each + Math.sqrt(0.75) * random.normal());
    const { mean, low, high, n, unit } = hackability(first, second, { rng: rng(3), resamples: 200 });
    expect(mean).toBe(discordance(first, second));
    expect([low < 1 / 3, high > 1 / 3, high - low < 0.3, n, unit]).toEqual([true, true, true, 60, "agents"]);
  });
});

describe("the angle between two rewards", () => {
  const random = rng(4);
  const mdp = problem(random);
  const [a, b] = [normals(random, 30), normals(random, 30)];

  test("only the earnable part makes returns differ, and nothing shorter would do", () => {
    const seen = earnable(mdp, a);
    const etas = Array.from({ length: 6 }, () => pairOccupancies(mdp, randomPolicy(random, mdp)));
    for (const eta of etas) {
      const step = eta.map((each, i) => each - etas[0]![i]!);
      expect(dot(step, seen)).toBeCloseTo(dot(step, a), 10);
      // A change of visits is its own earnable part.
      earnable(mdp, step).forEach((each, i) => {
        expect(each).toBeCloseTo(step[i]!, 10);
      });
    }
    earnable(mdp, seen).forEach((each, i) => {
      expect(each).toBeCloseTo(seen[i]!, 10);
    });
  });

  test("is 0 up to shaping and positive scale, π for the opposite; the angle of raw numbers is not", () => {
    const same = shaped(
      mdp,
      a.map((each) => 3 * each),
      normals(random, 10).map((each) => 40 * each),
    );
    expect(rewardAngle(mdp, a, same)).toBeLessThan(1e-5);
    expect(
      rewardAngle(
        mdp,
        a,
        same.map((each) => -each),
      ),
    ).toBeCloseTo(Math.PI, 5);
    expect(Math.acos(dot(a, same) / Math.sqrt(dot(a, a) * dot(same, same)))).toBeGreaterThan(1);
    expect(rewardAngle(mdp, a, b)).toBeGreaterThan(0.5);
  });

  test("rewards made at an angle have it", () => {
    for (const angle of [0.1, 1, 2, 3]) {
      const made = rewardAtAngle(mdp, a, b, angle);
      expect(rewardAngle(mdp, a, made)).toBeCloseTo(angle, 8);
      expect(dot(made, made)).toBeCloseTo(1, 10);
    }
  });

  test("any angle above 0 is hackable: a sample of policies has a pair that disagrees, and none at angle 0", () => {
    const close = rewardAtAngle(mdp, a, b, 0.3);
    const shifted = shaped(mdp, a, normals(random, 10));
    const etas = Array.from({ length: 80 }, () => pairOccupancies(mdp, randomPolicy(random, mdp)));
    const returns = (reward: Float64Array) => etas.map((eta) => dot(eta, reward));
    expect(discordance(returns(a), returns(close))).toBeGreaterThan(0.02);
    expect(discordance(returns(a), returns(shifted))).toBe(0);
  });
});

describe("soft-optimal policies for rewards of states and actions", () => {
  const random = rng(5);
  const mdp = problem(random, 7, 3);

  test("agree with those for rewards of states", () => {
    const utility = normals(random, 7);
    const [pairs, states] = [softResponse(mdp, stateReward(mdp, utility)), softOptimal(mdp, utility)];
    pairs.policy.forEach((each, i) => {
      expect(each).toBeCloseTo(states.policy[i]!, 9);
    });
    pairs.value.forEach((each, s) => {
      expect(each).toBeCloseTo(states.value[s]!, 8);
    });
  });

  test.each([0.5, -2, 30])("agree with soft value iteration at β = %d", (beta) => {
    const reward = normals(rng(6), 21).map((each) => beta * each);
    let value = new Float64Array(7);
    const quality = () => lookAhead(mdp, value).map((each, row) => each + reward[row]!);
    for (let sweep = 0; sweep < 500; sweep++) {
      const q = quality();
      value = value.map((_, s) => {
        const own = q.subarray(3 * s, 3 * s + 3);
        const most = Math.max(...own);
        return most + Math.log(own.reduce((sum, each) => sum + Math.exp(each - most), 0) / 3);
      });
    }
    const soft = softResponse(mdp, reward);
    soft.value.forEach((each, s) => {
      expect(each).toBeCloseTo(value[s]!, 8);
    });
    const q = quality();
    soft.policy.forEach((each, row) => {
      expect(each).toBeCloseTo(Math.exp(q[row]! - value[Math.floor(row / 3)]!) / 3, 8);
    });
  });

  test("limits: uniform without pressure, optimal under much", () => {
    const reward = normals(random, 21);
    softResponse(mdp, new Float64Array(21)).policy.forEach((each, row) => {
      expect(each).toBeCloseTo(uniformPolicy(mdp)[row]!, 14);
    });
    const hard = softResponse(
      mdp,
      reward.map((each) => 3000 * each),
    );
    const best = deterministic(optimal(mdp, reward).action, 3);
    hard.policy.forEach((each, row) => {
      expect(each).toBeCloseTo(best[row]!, 6);
    });
  });

  test("visits sum to 1/(1 − γ), and keep the balance of flow", () => {
    const eta = pairOccupancies(mdp, randomPolicy(random, mdp));
    expect(eta.reduce((sum, each) => sum + each, 0)).toBeCloseTo(10, 9);
    for (let s = 0; s < 7; s++) {
      const potential = Float64Array.from({ length: 7 }, (_, i) => (i === s ? 1 : 0));
      expect(dot(eta, shaped(mdp, new Float64Array(21), potential))).toBeCloseTo(mdp.start[s]!, 10);
    }
  });
});

describe("the true return while a proxy is optimized", () => {
  const angles = [15, 30, 45, 60, 75, 90, 105, 120, 135];
  const betas = Array.from({ length: 11 }, (_, i) => 0.1 * 1580 ** (i / 10));
  const count = 160;
  const drops = angles.map(() => new Float64Array(count));
  const gains = angles.map(() => new Float64Array(count));
  const hidden: number[] = [];
  for (let m = 0; m < count; m++) {
    const random = rng(100 + m);
    const mdp = problem(random);
    const [truth, other] = [normals(random, 30), normals(random, 30)];
    for (const [k, degrees] of angles.entries()) {
      // As long as 30 standard normal entries are.
      const proxy = rewardAtAngle(mdp, truth, other, (degrees * Math.PI) / 180).map((each) => Math.sqrt(30) * each);
      const path = pressurePath(mdp, { truth, proxy }, betas).truth;
      drops[k]![m] = dropHeight(path);
      gains[k]![m] = path.at(-1)! - path[0]!;
    }
    if (m < 8) {
      const potential = normals(random, 10).map((each) => 5 * each);
      hidden.push(dropHeight(pressurePath(mdp, { truth, proxy: shaped(mdp, truth, potential) }, betas).truth));
    }
  }
  const average = (values: Float64Array) => values.reduce((sum, each) => sum + each, 0) / count;
  const prevalence = drops.map((values) => values.filter((each) => each > 0.01).length / count);
  const errors = gains.map(
    (values) => Math.sqrt(average(values.map((each) => each * each)) - average(values) ** 2) / Math.sqrt(count),
  );

  test("it drops more often, and further, the greater the angle", () => {
    for (let k = 1; k < angles.length; k++) {
      // Other seeds show neighbors the wrong way around by up to two problems, as published ones tie.
      expect(prevalence[k]!).toBeGreaterThanOrEqual(prevalence[k - 1]! - 2 / count);
      if (k > 1 && k < angles.length - 1) expect(prevalence[k]!).toBeGreaterThan(prevalence[k - 2]! + 0.03);
      expect(average(drops[k]!)).toBeGreaterThan(average(drops[k - 1]!));
    }
    expect(Math.min(...drops.flatMap((values) => [...values]))).toBeGreaterThanOrEqual(0);
  });

  test("as often, as far, and for as much gain as published", () => {
    const often = [0.075, 0.24, 0.24, 0.41, 0.41, 0.61, 0.81, 0.98, 1];
    const far = [0.002, 0.008, 0.008, 0.02, 0.026, 0.056, 0.121, 0.226, 0.33];
    const gain = [0.44, 0.38, 0.32, 0.21, 0.12, 0.005, -0.11, -0.23, -0.33];
    for (const k of angles.keys()) {
      // Two samples of 160 problems.
      const p = Math.min(0.98, Math.max(0.02, often[k]!));
      expect(Math.abs(prevalence[k]! - often[k]!)).toBeLessThan(3 * Math.sqrt((2 * p * (1 - p)) / count));
      expect(Math.abs(average(drops[k]!) - far[k]!)).toBeLessThan(0.025);
      expect(Math.abs(average(gains[k]!) - gain[k]!)).toBeLessThan(3.5 * Math.SQRT2 * errors[k]! + 0.005);
    }
  });

  test("nothing is gained on average at a right angle, and the sign turns there", () => {
    const at = (degrees: number) => average(gains[angles.indexOf(degrees)]!) / errors[angles.indexOf(degrees)]!;
    expect(Math.abs(at(90))).toBeLessThan(3);
    expect(at(75)).toBeGreaterThan(5);
    expect(at(105)).toBeLessThan(-5);
  });

  test("shaping turns raw numbers by any angle and costs nothing", () => {
    // Soft-optimal policies of a shaped reward are those of the reward: returns only rise.
    for (const drop of hidden) expect(drop).toBeLessThan(1e-6);
  });
});

describe("stopping where the truth may begin to suffer", () => {
  const random = rng(7);
  const mdp = problem(random);
  const [truth, other] = [normals(random, 30), normals(random, 30)];
  const angle = 0.6;
  const proxy = rewardAtAngle(mdp, truth, other, angle);
  const betas = Array.from({ length: 25 }, (_, i) => 0.5 * 1.4 ** i);
  const path = pressurePath(mdp, { truth, proxy }, betas);
  const stop = safeStop(mdp, proxy, path.occupancies, angle);

  test("no reward within the angle has lost before, and some loses on the next step", () => {
    expect(stop).toBeGreaterThan(0);
    expect(stop).toBeLessThan(betas.length - 1);
    const seen = earnable(mdp, proxy);
    const length = Math.sqrt(dot(seen, seen));
    const worst = (i: number) => {
      const step = path.occupancies[i + 1]!.map((each, row) => each - path.occupancies[i]![row]!);
      const along = dot(step, seen) / length;
      const across = Math.sqrt(Math.max(0, dot(step, step) - along * along));
      return Math.cos(angle) * along - Math.sin(angle) * across;
    };
    for (let i = 0; i < stop; i++) expect(worst(i)).toBeGreaterThanOrEqual(0);
    expect(worst(stop)).toBeLessThan(0);
    for (let i = 1; i <= stop; i++) expect(path.truth[i]!).toBeGreaterThan(path.truth[i - 1]!);
  });

  test("with the truth known one need not stop, and with nothing known not begin", () => {
    expect(safeStop(mdp, proxy, path.occupancies, 0)).toBe(betas.length - 1);
    expect(safeStop(mdp, proxy, path.occupancies, Math.PI / 2)).toBe(0);
  });
});
