/**
 * @file A loss whose two valleys cross, K = 4 (w₁^a w₂^b)² on [−1, 1]², at the temperature of n = 1000: the example for
 * which the learning coefficient is known in closed form, by quadrature, and by sampling.
 */
import { rng } from "../../core/rng.ts";
import type { Slope } from "../numerics/ascent.ts";
import { type LangevinOptions, type LearningCoefficient, learningCoefficient } from "./learning-coefficient.ts";

/** n / ln n at n = 1000. */
export const NB = 1000 / Math.log(1000);

/** K = 4 (w₁^a w₂^b)², with its gradient. */
export const crossing =
  (a: number, b: number) =>
  (w: Float64Array): Slope => {
    const [x, y] = [w[0]!, w[1]!];
    const f = x ** a * y ** b;
    return {
      value: 4 * f * f,
      gradient: Float64Array.of(
        a === 0 ? 0 : 8 * f * a * x ** (a - 1) * y ** b,
        b === 0 ? 0 : 8 * f * b * x ** a * y ** (b - 1),
      ),
    };
  };

/** Its coefficient at the crossing by Langevin dynamics, always from the same seed. */
export const sampledCrossing = (
  a: number,
  b: number,
  how: Pick<LangevinOptions, "stepSize" | "draws" | "isCorrected">,
): LearningCoefficient =>
  learningCoefficient(crossing(a, b), new Float64Array(2), {
    inverseTemperature: NB,
    box: 1,
    burnIn: 500,
    chains: 8,
    rng: rng(1),
    ...how,
  });
