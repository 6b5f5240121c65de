/** @file The ledger against closed forms, and the bridges: exposure, best of n, a thermostat, chains of references. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { exactExposure } from "../memorization/exposure.ts";
import { normalCdf } from "../numerics/normal.ts";
import { bestOfEntry, exactPressure, gainPerBit, normalLimit, tailBits, telescoped } from "./ledger.ts";
import { sampledPressure } from "./ledger-sample.ts";
import { bestOfDistribution } from "./selection.ts";
import { coin, type Room, roomOutcome, thermostat } from "./thermostat.ts";

test("exposure is optimization power on the space of canaries, exactly, ties included", () => {
  const random = rng(1);
  const perplexity = Float64Array.from({ length: 500 }, () => random.int(200));
  const reference = new Float64Array(500).fill(1 / 500);
  const bits = tailBits(
    reference,
    perplexity.map((each) => -each),
  );
  for (let canary = 0; canary < 500; canary++) {
    expect(bits[canary]).toBeCloseTo(exactExposure(perplexity, canary), 9);
  }
  // A model that says the canary and nothing else: three counts of one thing.
  const best = perplexity.indexOf(Math.min(...perplexity));
  const process = Float64Array.from({ length: 500 }, (_, i) => (i === best ? 1 : 0));
  const entry = exactPressure({ reference, process, proxy: perplexity.map((each) => -each), alternatives: 500 });
  expect(entry.kl).toBeCloseTo(Math.log2(500), 9);
  expect(entry.nominal).toBeCloseTo(Math.log2(500), 9);
  expect(entry.tail + entry.baseline).toBeCloseTo(exactExposure(perplexity, best), 9);
});

test("the published table of best of n to four digits", () => {
  const table = [
    [2, 1, 0.27865, 2.164],
    [4, 2, 0.91798, 3.0056],
    [10, 3.3219, 2.0235, 4.2256],
    [16, 4, 2.64747, 4.8774],
    [100, 6.6439, 5.21559, 7.4838],
    [1000, 9.9658, 8.52453, 10.7993],
    [1024, 10, 8.55871, 10.8335],
    [60_000, 15.8727, 14.43, 16.7054],
  ] as const;
  for (const [n, nominal, kl, tail] of table) {
    const entry = bestOfEntry(n);
    expect(Math.abs(entry.nominal! - nominal)).toBeLessThan(6e-5);
    expect(Math.abs(entry.kl - kl)).toBeLessThan(6e-5);
    expect(Math.abs(entry.tail + entry.baseline - tail)).toBeLessThan(6e-5);
  }
});

test("the closed form of best of n is the limit of the exact ledger on ever finer outcomes", () => {
  const k = 20_000;
  const edges = Float64Array.from({ length: k + 1 }, (_, i) => -6 + (12 * i) / k);
  const p = Float64Array.from({ length: k }, (_, i) => normalCdf(edges[i + 1]!) - normalCdf(edges[i]!));
  const total = p.reduce((a, b) => a + b);
  const reference = p.map((each) => each / total);
  const proxy = reference.map((_, i) => (edges[i]! + edges[i + 1]!) / 2);
  const exact = exactPressure({ reference, process: bestOfDistribution({ probabilities: reference }, 10), proxy });
  const closed = bestOfEntry(10);
  for (const name of ["kl", "tail", "baseline", "proxyGain"] as const) {
    expect(exact[name]).toBeCloseTo(closed[name], 2);
  }
  expect(exact.proxyGain).toBeLessThan(normalLimit(exact.kl));
});

test("a proxy of correlation ρ passes on ρ of its gain, and none at 0", () => {
  expect(bestOfEntry(100, 0.5).intentGain).toBeCloseTo(0.5 * bestOfEntry(100).proxyGain, 9);
  expect(bestOfEntry(100, -0.5).intentGain).toBeCloseTo(-0.5 * bestOfEntry(100).proxyGain, 9);
  expect(bestOfEntry(100, 0).intentGain).toBe(0);
});

test("a process that does nothing has no bits and no gain; one that does the unheard of, infinitely many", () => {
  const reference = [0.25, 0.25, 0.5, 0];
  const nothing = exactPressure({ reference, process: reference, proxy: [1, 2, 3, 4] });
  expect([nothing.kl, nothing.tail, nothing.proxyGain]).toEqual([0, 0, 0]);
  expect(gainPerBit(nothing.proxyGain, nothing.kl)).toBeNaN();
  const unheard = exactPressure({ reference, process: [0, 0, 0, 1], proxy: [1, 2, 3, 4] });
  expect([unheard.kl, unheard.tail]).toEqual([Infinity, Infinity]);
});

const room: Room = { reach: 3, band: 1, minutes: 5, drift: 0.6, still: 0.3 };

test("a room equals the sum over all its histories", () => {
  const expected = new Float64Array(room.minutes + 1);
  const visit = (degrees: number, minute: number, count: number, mass: number): void => {
    if (minute === room.minutes) {
      expected[count]! += mass;
      return;
    }
    for (const [heater, chance] of [
      [1, thermostat(degrees)],
      [-1, 1 - thermostat(degrees)],
    ] as const) {
      for (const [by, probability] of [
        [heater, 0.6],
        [0, 0.3],
        [-heater, 0.1],
      ] as const) {
        const next = Math.max(-3, Math.min(3, degrees + by));
        visit(next, minute + 1, count + (Math.abs(next) <= 1 ? 1 : 0), mass * chance * probability);
      }
    }
  };
  for (let degrees = -3; degrees <= 3; degrees++) visit(degrees, 0, 0, 1 / 7);
  for (const [count, mass] of roomOutcome(room, thermostat).comfortable.entries()) {
    expect(mass).toBeCloseTo(expected[count]!, 12);
  }
});

test("a thermostat's bits are finite, and its outcomes diverge by no more than its switching", () => {
  const hour: Room = { reach: 8, band: 1, minutes: 60, drift: 0.6, still: 0.3 };
  const { comfortable, controlBits } = roomOutcome(hour, thermostat);
  const reference = roomOutcome(hour, coin);
  expect(reference.controlBits).toBe(0);
  const entry = exactPressure({
    reference: reference.comfortable,
    process: comfortable,
    proxy: comfortable.map((_, count) => count),
    alternatives: 2 ** hour.minutes,
  });
  expect(entry.kl).toBeGreaterThan(1);
  expect(entry.kl).toBeLessThan(controlBits);
  expect(controlBits).toBeLessThan(entry.nominal!);
  expect(Number.isFinite(entry.tail)).toBe(true);
  expect(entry.tail).toBeGreaterThan(1);
});

test("samples: a shift of a normal by one deviation, and the null", () => {
  const random = rng(2);
  const draw = (n: number, shift: number) => Float64Array.from({ length: n }, () => random.normal() + shift);
  const reference = { proxy: draw(4000, 0) };
  const shifted = sampledPressure(reference, { proxy: draw(4000, 1) }, { rng: random, resamples: 100 });
  expect(shifted.proxyGain.low).toBeLessThan(1);
  expect(shifted.proxyGain.high).toBeGreaterThan(1);
  // KL of unit shift is ½ nat; in eight cells a little less.
  expect(shifted.kl.value).toBeGreaterThan(0.6);
  expect(shifted.kl.value).toBeLessThan(0.5 * Math.LOG2E + 0.03);
  // E over N(1, 1) of −log₂ P(Z ≥ x), by quadrature, less log₂ e.
  let exact = -Math.LOG2E;
  for (let x = -8; x < 9; x += 0.01) {
    exact -= 0.01 * Math.exp(-0.5 * (x - 1) ** 2) * 0.3989422804 * Math.log2(normalCdf(-x));
  }
  expect(shifted.tail.low).toBeLessThan(exact);
  expect(shifted.tail.high).toBeGreaterThan(exact);
  const nothing = sampledPressure(reference, { proxy: draw(4000, 0) }, { rng: random, resamples: 100 });
  expect(nothing.tail.low).toBeLessThan(0);
  expect(nothing.tail.high).toBeGreaterThan(0);
  expect(nothing.kl.value).toBeLessThan(0.005);
});

test("small samples and ties: a process that does nothing has no bits", () => {
  const random = rng(4);
  let sum = 0;
  for (let i = 0; i < 2000; i++) {
    const draw = (n: number) => Float64Array.from({ length: n }, () => random.normal());
    sum += sampledPressure({ proxy: draw(9) }, { proxy: draw(1) }, { rng: random, resamples: 1, cells: 2 }).tail.value;
  }
  // Ranked among nine rather than among eight others: .04 bits more, with a standard error of .02.
  expect(Math.abs(sum / 2000)).toBeLessThan(0.1);
  const coins = { proxy: Float64Array.from({ length: 400 }, (_, i) => i % 2) };
  expect(sampledPressure(coins, coins, { rng: random, resamples: 5 }).tail.value).toBeCloseTo(0, 2);
});

test("beyond the sample: as many bits as it can resolve, and a bound", () => {
  const reference = { proxy: Float64Array.from({ length: 255 }, (_, i) => i) };
  const far = sampledPressure(reference, { proxy: [1e6] }, { rng: rng(3), resamples: 20 });
  expect(far.beyond).toBe(1);
  expect(far.resolvable).toBe(8);
  expect(far.tail.value).toBeGreaterThan(6.5);
  expect(far.tail.value).toBeLessThan(8);
});

test("bits of one outcome telescope along a chain of references, and are refused where it breaks", () => {
  const chain = [
    { reference: "a", process: "b", bits: 2 },
    { reference: "b", process: "c", bits: 3 },
  ];
  expect(telescoped(chain)).toBe(5);
  expect(() => telescoped([chain[0]!, { reference: "a", process: "c", bits: 3 }])).toThrow('expected "b"');
  // Divergences do not add even along a chain.
  const kl = (reference: readonly number[], process: readonly number[]) =>
    exactPressure({ reference, process, proxy: [0, 1] }).kl;
  const [a, b, c] = [
    [0.5, 0.5],
    [0.25, 0.75],
    [0.05, 0.95],
  ] as const;
  expect(Math.abs(kl(a, b) + kl(b, c) - kl(a, c))).toBeGreaterThan(0.1);
});
