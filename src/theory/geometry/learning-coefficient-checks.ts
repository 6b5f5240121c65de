/**
 * @file Whether to believe a local learning coefficient: the two known biases, each diagnosed by a further measurement.
 *
 * The step: on regular directions λ̂(ε) = Σ ½/(1 − εhᵢ/4), so halving the step halves the excess to first order, and
 * 2 λ̂(ε/2) − λ̂(ε) is free of it.
 *
 * The temperature: where m valleys meet, Z(nβ) ≈ (nβ)^−λ (ln nβ + c)^(m−1), so that
 *
 *     nβ (E_β L − L*) = λ − (m − 1)/(ln nβ + c)
 *
 * falls short of λ by an amount that vanishes as slowly as 1/ln n. It shows as λ̂ rising with nβ, and two temperatures
 * solve for λ and c where m = 2.
 *
 * Two temperatures also give λ without the loss at w*, where w* is no minimum: (E_β₁ L − E_β₂ L)/(1/nβ₁ − 1/nβ₂).
 *
 * Source: Watanabe 2013 (WBIC), arXiv:1208.6338, Theorem 4 and Corollary 3; expansions of Z derived.
 */
import { assert } from "../../core/errors.ts";
import type { Slope } from "../numerics/ascent.ts";
import { type LangevinOptions, type LearningCoefficient, learningCoefficient } from "./learning-coefficient.ts";

/** λ̂ at one inverse temperature. */
export interface AtTemperature {
  /** nβ */
  readonly inverseTemperature: number;
  /** nβ (E_β L − L*) */
  readonly value: number;
}

/**
 * λ without L*: the slope of E_β L in 1/nβ between two temperatures.
 *
 * @param losses E_β L at each
 */
export function twoTemperatureCoefficient(
  [first, second]: readonly [nb: number, nb: number],
  losses: readonly [number, number],
): number {
  assert(first !== second, `two temperatures, got ${first} twice`);
  return (losses[0] - losses[1]) / (1 / first - 1 / second);
}

/**
 * λ where two valleys meet, from λ̂ at two temperatures: solves λ − 1/(ln nβᵢ + c) = λ̂ᵢ for λ and c. Undefined where λ̂
 * does not rise as nβ does, or faster than two valleys can: then this is not what is seen.
 */
export function crossingCoefficient(a: AtTemperature, b: AtTemperature): number | undefined {
  const [warm, cold] = a.inverseTemperature < b.inverseTemperature ? [a, b] : [b, a];
  const [u, v] = [Math.log(warm.inverseTemperature), Math.log(cold.inverseTemperature)];
  const rise = cold.value - warm.value;
  // 1/(u + c) − 1/(v + c) = rise: (u + c)(v + c) = (v − u)/rise, with u + c > 0.
  if (!(v > u && rise > 0)) return undefined;
  const middle = (u + v) / 2;
  const c = Math.sqrt((v - u) / rise + ((v - u) / 2) ** 2) - middle;
  return u + c > 0 ? warm.value + 1 / (u + c) : undefined;
}

/** A reading with its two biases. */
export interface CheckedCoefficient {
  /** As asked for. */
  readonly reading: LearningCoefficient;
  /** At half the step, with twice the draws, so that chains cover as much ground. */
  readonly halfStep: LearningCoefficient;
  /** 2 λ̂(ε/2) − λ̂(ε) */
  readonly extrapolated: number;
  /** λ̂(ε) − λ̂(ε/2) in standard errors of that difference; beyond 3 the step biases. */
  readonly stepBias: number;
  /** At ten times nβ with a tenth of the step, so that εh stays. */
  readonly colder: LearningCoefficient;
  /** λ̂ at ten times nβ less λ̂, in standard errors; beyond 3 valleys cross, and λ̂ is below λ. */
  readonly temperatureRise: number;
  /** λ were the rise that of two valleys; absent where it is not. */
  readonly ifCrossing?: number;
}

/** A reading beside readings at half the step and at a tenth of the temperature. Costs 13 times as much. */
export function checkedCoefficient(
  loss: (at: Float64Array) => Slope,
  at: Float64Array,
  options: LangevinOptions,
): CheckedCoefficient {
  const { stepSize, draws, burnIn = 0, inverseTemperature, rng } = options;
  const reading = learningCoefficient(loss, at, { ...options, rng: rng.fork("reading") });
  const halfStep = learningCoefficient(loss, at, {
    ...options,
    stepSize: stepSize / 2,
    draws: 2 * draws,
    burnIn: 2 * burnIn,
    rng: rng.fork("half step"),
  });
  const colder = learningCoefficient(loss, at, {
    ...options,
    inverseTemperature: 10 * inverseTemperature,
    stepSize: stepSize / 10,
    // A tenth of the step moves as far in ten times as many.
    draws: 10 * draws,
    burnIn: 10 * burnIn,
    rng: rng.fork("colder"),
  });
  const apart = (a: LearningCoefficient, b: LearningCoefficient) =>
    (a.value.mean - b.value.mean) / Math.hypot(a.value.standardError, b.value.standardError);
  const crossing = crossingCoefficient(
    { inverseTemperature, value: reading.value.mean },
    { inverseTemperature: 10 * inverseTemperature, value: colder.value.mean },
  );
  return {
    reading,
    halfStep,
    extrapolated: 2 * halfStep.value.mean - reading.value.mean,
    stepBias: apart(reading, halfStep),
    colder,
    temperatureRise: apart(colder, reading),
    ...(crossing === undefined ? {} : { ifCrossing: crossing }),
  };
}
