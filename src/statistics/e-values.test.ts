/** @file E-values: their expectation under the null by writing out every case, and the error of stopping early. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import {
  discordantEValue,
  discordantEValueGreater,
  discordantInterval,
  symmetricEValue,
  symmetricInterval,
} from "./e-values.ts";
import { binomialMass } from "./special.ts";

test("the expectation of every e-value is 1 without an effect", () => {
  for (const m of [1, 5, 12]) {
    for (const e of [discordantEValue, discordantEValueGreater]) {
      let expectation = 0;
      for (let k = 0; k <= m; k++) expectation += binomialMass(k, m, 0.5) * e(k, m - k);
      expect(expectation).toBeCloseTo(1, 10);
    }
  }
  const d = [0.3, 0.1, 0.7, 0.05, 0.4, 0.2];
  let expectation = 0;
  for (let mask = 0; mask < 64; mask++)
    expectation +=
      symmetricEValue(
        d.map((v, i) => ((mask >> i) & 1 ? -v : v)),
        1,
      ) / 64;
  expect(expectation).toBeCloseTo(1, 12);
});

test("the one-sided e-value is the mixture over θ > 1/2, by quadrature", () => {
  const [n10, n01] = [9, 3];
  let [above, mass] = [0, 0];
  for (let i = 0; i < 200_000; i++) {
    const theta = 0.5 + (i + 0.5) / 400_000;
    const weight = 1 / Math.sqrt(theta * (1 - theta));
    above += weight * (2 * theta) ** n10 * (2 * (1 - theta)) ** n01;
    mass += weight;
  }
  // The integrand's root at θ = 1 leaves 1e−3 to the quadrature.
  expect(discordantEValueGreater(n10, n01)).toBeCloseTo(above / mass, 1);
});

test("stopping the first time an e-value reaches 20 errs at most one time in twenty", () => {
  const rounds = 2000;
  let [pairs, clusters] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const r = rng(3).fork(round);
    let [n10, n01] = [0, 0];
    for (let i = 0; i < 200; i++) {
      if (r.uniform() < 0.5) n10++;
      else n01++;
      if (discordantEValue(n10, n01) < 20) continue;
      pairs++;
      break;
    }
    const d: number[] = [];
    for (let i = 0; i < 30; i++) {
      d.push(r.normal() * 0.2);
      if (symmetricEValue(d, 1) < 20) continue;
      clusters++;
      break;
    }
  }
  expect(pairs / rounds).toBeLessThan(0.05);
  expect(clusters / rounds).toBeLessThan(0.05);
  // Not because it never stops: with an effect it does.
  expect(symmetricEValue([0.3, 0.2, 0.35, 0.25, 0.3, 0.2, 0.3, 0.25], 1)).toBeGreaterThan(20);
});

test("anytime intervals hold what their e-value does not reject", () => {
  const [low, high] = discordantInterval(25, 10);
  expect(low).toBeLessThan(25 / 35);
  expect(high).toBeGreaterThan(25 / 35);
  // E at θ = 1/2 is 3.7: not rejected, so 1/2 is inside.
  expect(low).toBeLessThan(0.5);
  expect(discordantInterval(40, 5)[0]).toBeGreaterThan(0.5);
  expect(discordantInterval(0, 0)).toEqual([0, 1]);
  const d = [0.3, 0.2, 0.35, 0.25, 0.3, 0.2, 0.3, 0.25];
  const [from, to] = symmetricInterval(d, 1);
  expect(symmetricEValue(d, 1, from)).toBeCloseTo(20, 3);
  expect(symmetricEValue(d, 1, to)).toBeCloseTo(20, 3);
  expect(from).toBeGreaterThan(0);
});
