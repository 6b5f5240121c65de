/** @file Searches over settings against what is known of them: convergence, budgets, and a toy that only a population solves. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { configurationAt, type Evaluate, type Space } from "../meta-optimizer.ts";
import { normalMaximum } from "../theory/selection/order-statistics.ts";
import { cma, cmaEs } from "./cma-es.ts";
import { populationBased } from "./population-based.ts";
import { randomSearch } from "./random-search.ts";
import { rungs, successiveHalving } from "./successive-halving.ts";

/** Evaluations until a function is below a limit. */
function evaluationsUntil(
  f: (x: Float64Array) => number,
  mean: readonly number[],
  limit: number,
  seed: number,
): number {
  const strategy = cma({ mean, deviation: 0.5, rng: rng(seed) });
  for (let count = 0; count < 50_000; ) {
    const points = strategy.ask();
    const costs = points.map(f);
    count += points.length;
    if (Math.min(...costs) < limit) return count;
    strategy.tell(points, costs);
  }
  return Infinity;
}

const sphere = (x: Float64Array) => x.reduce((sum, each) => sum + each * each, 0);
/** Axes of condition number 10⁶. */
const ellipsoid = (x: Float64Array) =>
  x.reduce((sum, each, i) => sum + 10 ** ((6 * i) / (x.length - 1)) * each * each, 0);
const rosenbrock = (x: Float64Array) => {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
  return sum;
};
/** A rotation of five dimensions by Householder's reflection. */
const rotated = (x: Float64Array) => {
  const v = [1, -2, 3, 0.5, 1.5];
  const square = v.reduce((sum, each) => sum + each * each, 0);
  const overlap = v.reduce((sum, each, i) => sum + each * x[i]!, 0);
  return x.map((each, i) => each - (2 * overlap * v[i]!) / square);
};

test("CMA-ES converges on a sphere as fast as its reference implementation, some 1000 evaluations in five dimensions", () => {
  const count = evaluationsUntil(sphere, [1, 1, 1, 1, 1], 1e-10, 1);
  expect(count).toBeGreaterThan(400);
  expect(count).toBeLessThan(1400);
});

test("CMA-ES learns a condition number of a million, and does not see rotations", () => {
  const plain = [1, 2, 3].map((seed) => evaluationsUntil(ellipsoid, [1, 1, 1, 1, 1], 1e-10, seed));
  const turned = [1, 2, 3].map((seed) => evaluationsUntil((x) => ellipsoid(rotated(x)), [1, 1, 1, 1, 1], 1e-10, seed));
  for (const count of [...plain, ...turned]) expect(count).toBeLessThan(4000);
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b);
  expect(sum(turned) / sum(plain)).toBeGreaterThan(0.7);
  expect(sum(turned) / sum(plain)).toBeLessThan(1.4);
});

test("CMA-ES follows Rosenbrock's valley to its end", () => {
  expect(evaluationsUntil(rosenbrock, [0, 0, 0, 0, 0], 1e-10, 1)).toBeLessThan(6000);
});

test("CMA-ES sees ranks only", () => {
  expect(evaluationsUntil(sphere, [1, 2], 1e-8, 4)).toBe(
    evaluationsUntil((x) => Math.log(sphere(x)), [1, 2], Math.log(1e-8), 4),
  );
});

const SPACE: Space = [
  { id: "rate", low: 1e-4, high: 1, scale: "log" },
  { id: "share", low: 0, high: 1, scale: "linear" },
];

test("a space maps its corners and its middle", () => {
  expect(configurationAt(SPACE, [0, 1])).toEqual({ rate: expect.closeTo(1e-4, 12), share: 1 });
  expect(configurationAt(SPACE, [0.5, 0.5])).toEqual({ rate: expect.closeTo(1e-2, 12), share: 0.5 });
});

test("random search is the best of n: on a normal score its mean is the expected maximum", async () => {
  const draws = rng(5);
  const evaluate: Evaluate<undefined> = async () => ({ score: draws.normal(), state: undefined });
  let sum = 0;
  for (let i = 0; i < 2000; i++) {
    const found = await randomSearch({ space: SPACE, evaluate, rng: rng(i) }, { trials: 10, budget: 3 });
    sum += found.score;
    expect(found.spent).toBe(30);
  }
  // sd of the maximum of ten is .587.
  expect(Math.abs(sum / 2000 - normalMaximum(10).mean)).toBeLessThan(4 * (0.587 / Math.sqrt(2000)));
});

test("CMA-ES over a space finds a peak that random search misses, with as many evaluations", async () => {
  const evaluate: Evaluate<undefined> = async ({ configuration }) => ({
    score: -((Math.log10(configuration.rate!) + 3) ** 2) - 10 * (configuration.share! - 0.2) ** 2,
    state: undefined,
  });
  const evolved = await cmaEs({ space: SPACE, evaluate, rng: rng(1) }, { generations: 20, budget: 1, population: 6 });
  const random = await randomSearch({ space: SPACE, evaluate, rng: rng(1) }, { trials: 120, budget: 1 });
  expect(evolved.history).toHaveLength(120);
  expect(evolved.score).toBeGreaterThan(-1e-4);
  expect(random.score).toBeLessThan(evolved.score);
});

test("successive halving: 27 at 1, 9 at 3, 3 at 9, 1 at 27, and what is resumed is not paid twice", async () => {
  expect(rungs({ candidates: 27, factor: 3, budget: 1 })).toEqual([
    { configurations: 27, budget: 1 },
    { configurations: 9, budget: 3 },
    { configurations: 3, budget: 9 },
    { configurations: 1, budget: 27 },
  ]);
  // The score of so much training approaches the share from below: all rungs agree on the order.
  const evaluate: Evaluate<number> = async ({ configuration, budget, from = 0 }) => {
    const trained = from + budget;
    return { score: configuration.share! * (1 - 1 / (1 + trained)), state: trained };
  };
  const found = await successiveHalving(
    { space: SPACE, evaluate, rng: rng(2) },
    { candidates: 27, factor: 3, budget: 1 },
  );
  expect(found.state).toBe(27);
  expect(found.spent).toBe(27 + 9 * 2 + 3 * 6 + 18);
  const first = found.history.slice(0, 27).map(({ configuration }) => configuration.share!);
  expect(found.configuration.share).toBe(Math.max(...first));
});

test("the toy of population based training: neither member can finish alone, together they do", async () => {
  // Q = 1.2 − θ₀² − θ₁², of which each member sees h₀ θ₀² + h₁ θ₁² (Jaderberg et al. 2017, section 4.1).
  type Theta = readonly [number, number];
  const space: Space = ["h0", "h1"].map((id) => ({ id, low: 0, high: 1, scale: "linear" }));
  const evaluate: Evaluate<Theta> = async ({ configuration, budget, from = [0.9, 0.9] }) => {
    let [a, b] = from;
    for (let step = 0; step < budget; step++) {
      a -= 0.02 * configuration.h0! * a;
      b -= 0.02 * configuration.h1! * b;
    }
    return { score: 1.2 - a * a - b * b, state: [a, b] };
  };
  const begin = [
    { h0: 1, h1: 0 },
    { h0: 0, h1: 1 },
  ];
  const options = { members: 2, budget: 4, share: 0.5, begin };
  const alone = await populationBased({ space, evaluate, rng: rng(1) }, { ...options, rounds: 1, budget: 400 });
  expect(alone.score).toBeCloseTo(1.2 - 0.81, 2);
  // Copied back and forth, both coordinates fall; zero settings stay zero under factors, so it is the copying that helps.
  const wider = [
    { h0: 1, h1: 0.1 },
    { h0: 0.1, h1: 1 },
  ];
  const slow = await populationBased(
    { space, evaluate, rng: rng(1) },
    { ...options, begin: wider, rounds: 1, budget: 400 },
  );
  const fast = await populationBased({ space, evaluate, rng: rng(1) }, { ...options, begin: wider, rounds: 100 });
  expect(fast.score).toBeGreaterThan(slow.score + 0.05);
  expect(fast.spent).toBe(2 * 100 * 4);
});

test("ranges are checked, and a score that is no number is refused", async () => {
  const evaluate: Evaluate<undefined> = async () => ({ score: Number.NaN, state: undefined });
  const options = { trials: 1, budget: 1 };
  await expect(randomSearch({ space: SPACE, evaluate, rng: rng(1) }, options)).rejects.toThrow("got NaN");
  const empty: Space = [{ id: "rate", low: 0, high: 1, scale: "log" }];
  await expect(randomSearch({ space: empty, evaluate, rng: rng(1) }, options)).rejects.toThrow('"rate"');
});
