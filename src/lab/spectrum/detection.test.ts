/** @file Detection against closed forms: binomial tails, cross-fitted power on planted readings, and episodes to watch. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { binomialTail, type DetectedAgent, EPISODES, episodesToDetect, powerOf } from "./detection.ts";

test("a binomial tail is the sum over all sequences", () => {
  for (const p of [0, 0.1, 0.5, 0.83, 1]) {
    for (let least = 0; least <= 7; least++) {
      let sum = 0;
      for (let bits = 0; bits < 64; bits++) {
        const ones = bits.toString(2).replaceAll("0", "").length;
        if (ones >= least) sum += p ** ones * (1 - p) ** (6 - ones);
      }
      expect(binomialTail(6, p, least)).toBeCloseTo(sum, 12);
    }
  }
  expect(binomialTail(1024, 0.5, 512)).toBeCloseTo(0.5 + 0.5 * 0.02493, 4);
});

const random = rng(11);
const scored = (mean: number, half: number) =>
  ({ status: "scored", value: { mean, low: mean - half, high: mean + half, n: 100, unit: "levels" } }) as const;
const agent = (seed: number, told: number, turned: number): DetectedAgent => ({
  seed,
  readings: {
    noise: scored(random.normal(), 0.1),
    told: scored(told, 0.02),
    turned: scored(turned, 0.02),
    silent: { status: "unscored", reason: "declines" },
  },
});
const agents = (told: () => number, turned: () => number, n = 8) =>
  Array.from({ length: n }, (_, seed) => agent(seed, told(), turned()));

test("an instrument that tells apart is chosen on the other half, in whichever direction it points", () => {
  const noise = () => random.normal();
  const clean = agents(() => 0.1 * random.uniform(), noise, 24);
  const unwanted = agents(() => 0.9, noise);
  const told = powerOf(unwanted, clean);
  expect(told.instruments).toEqual(["told", "told"]);
  expect(Math.min(...told.power)).toBeGreaterThan(0.99);
  expect(told.alarms.reduce((a, b) => a + b, 0) / clean.length).toBeLessThan(0.15);
  const down = powerOf(
    agents(noise, () => -0.9),
    agents(noise, () => 0.1 * random.uniform(), 24),
  );
  expect(down.instruments).toEqual(["turned", "turned"]);
  expect(Math.min(...down.power)).toBeGreaterThan(0.99);
});

test("where nothing tells apart, power is about the false positives, and what declines is never chosen", () => {
  const [noise, none] = [() => random.normal(), () => random.normal()];
  let [power, alarms, count] = [0, 0, 0];
  for (let trial = 0; trial < 30; trial++) {
    const found = powerOf(agents(noise, none), agents(noise, none, 32));
    power += found.power.reduce((a, b) => a + b, 0);
    alarms += found.alarms.reduce((a, b) => a + b, 0) / 4;
    count += 8;
    expect(found.instruments).not.toContain("silent");
  }
  expect(power / count).toBeLessThan(0.2);
  expect(alarms / count).toBeLessThan(0.15);
});

test("episodes to watch: few where the behavior is frequent, never where clean agents do the same", () => {
  const of = (share: number, n = 8) => Array.from({ length: n }, (_, seed) => ({ seed, share }));
  const [often] = episodesToDetect(of(0.9), of(0.1));
  // Of 2 episodes both, of 3 at least two: P(X ≥ 2 | 3, .1) = .028 and P(X ≥ 2 | 2, .9) = .81 at a false-positive rate of .01.
  expect(often).toBe(2);
  const [hardly] = episodesToDetect(of(0.25), of(0.2));
  expect(hardly).toBeGreaterThan(256);
  const [never] = episodesToDetect(of(0.2), of(0.2));
  expect(never).toBe(Number.POSITIVE_INFINITY);
  const costs = [0.3, 0.4, 0.6, 0.8].map((share) => episodesToDetect(of(share), of(0.15))[0]!);
  expect(costs.every((cost, i) => EPISODES.includes(cost as 1) && (i === 0 || cost <= costs[i - 1]!))).toBe(true);
});
