/** @file The two biases of the learning coefficient: against quadrature at several temperatures, exact step biases, wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { crossing, NB } from "./crossing-valleys.ts";
import { crossingAtTemperature, normalCrossing, stepBias } from "./learning-coefficient.ts";
import { checkedCoefficient, crossingCoefficient, twoTemperatureCoefficient } from "./learning-coefficient-checks.ts";

const at = (a: number, b: number, inverseTemperature: number) => ({
  inverseTemperature,
  value: crossingAtTemperature(a, b, inverseTemperature),
});

describe("temperature", () => {
  test("two valleys: λ from two temperatures at which both readings are far off", () => {
    for (const k of [1, 2]) {
      const { coefficient } = normalCrossing(k, k);
      const [warm, cold] = [at(k, k, NB), at(k, k, 10 * NB)];
      const found = crossingCoefficient(warm, cold)!;
      expect(Math.abs(found - coefficient)).toBeLessThan(0.012 * coefficient);
      // Wrong versions: the colder reading itself, and a shift of 1/ln nβ without its constant.
      expect(Math.abs(cold.value - coefficient)).toBeGreaterThan(0.13 * coefficient);
      expect(Math.abs(warm.value + 1 / Math.log(NB) - coefficient)).toBeGreaterThan(0.04 * coefficient);
      expect(crossingCoefficient(cold, warm)).toBe(found);
    }
  });

  test("one valley does not rise, so nothing is extrapolated", () => {
    expect(crossingCoefficient(at(0, 1, NB), at(0, 1, 10 * NB))).toBeUndefined();
    expect(
      crossingCoefficient({ inverseTemperature: 10, value: 0.4 }, { inverseTemperature: 10, value: 0.5 }),
    ).toBeUndefined();
  });

  test("without the loss at w*: exact where E L is L* + λ/nβ, whatever L*", () => {
    for (const lowest of [0, -7, 3]) {
      const loss = (nb: number) => lowest + 0.5 / nb;
      expect(twoTemperatureCoefficient([100, 150], [loss(100), loss(150)])).toBeCloseTo(0.5, 10);
    }
    // Where valleys cross it falls short of λ by more than λ̂ does: λ̂ rises with nβ.
    const mean = (nb: number) => crossingAtTemperature(1, 1, nb) / nb;
    const found = twoTemperatureCoefficient([NB, 1.05 * NB], [mean(NB), mean(1.05 * NB)]);
    expect(found).toBeLessThan(crossingAtTemperature(1, 1, NB));
  });
});

describe("sampled", () => {
  const options = { inverseTemperature: NB, box: 1, burnIn: 200, chains: 8, rng: rng(1) };

  test("a regular direction with too large a step: the bias is seen and taken off, no crossing is claimed", () => {
    const found = checkedCoefficient(crossing(0, 1), new Float64Array(2), { ...options, stepSize: 1e-3, draws: 4000 });
    expect(found.stepBias).toBeGreaterThan(5);
    const exact = 2 * stepBias(5e-4, 8 * NB) - stepBias(1e-3, 8 * NB);
    const error = Math.hypot(2 * found.halfStep.value.standardError, found.reading.value.standardError);
    expect(Math.abs(found.extrapolated - exact)).toBeLessThan(3.5 * error);
    // Nearer to ½ than the half step, let alone the reading.
    expect(Math.abs(exact - 0.5)).toBeLessThan(0.5 * Math.abs(stepBias(5e-4, 8 * NB) - 0.5));
    expect(Math.abs(found.temperatureRise)).toBeLessThan(3.5);
  });

  test("two valleys with a step that is corrected: the rise is seen, and leads nearer to λ", () => {
    const found = checkedCoefficient(crossing(1, 1), new Float64Array(2), {
      ...options,
      stepSize: 1e-3,
      // The rise from .380 to .406 needs standard errors below .01.
      draws: 8000,
      chains: 24,
      isCorrected: true,
      rng: rng(3),
    });
    expect(Math.abs(found.stepBias)).toBeLessThan(3.5);
    expect(found.temperatureRise).toBeGreaterThan(2);
    expect(Math.abs(found.ifCrossing! - 0.5)).toBeLessThan(Math.abs(found.reading.value.mean - 0.5));
  });
});
