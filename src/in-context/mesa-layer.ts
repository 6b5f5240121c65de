/**
 * @file The mesa-layer: a layer that solves its own least-squares problem, token by token. A planted optimizer, for the
 * instruments to find.
 *
 *     Φ = argmin ½ Σ (yᵢ − Φ·xᵢ)² + ‖Φ‖² / (2 λ),   ŷ = Φ·x_q
 *
 * kept by Sherman and Morrison's update of R = (Σ xᵢxᵢᵀ + I/λ)⁻¹:  R ← R − R x xᵀ R / (1 + xᵀ R x), R₀ = λ I. As λ → 0
 * it is linear attention; as λ → ∞, least squares.
 *
 * Source: von Oswald et al. 2023, arXiv:2309.05858, section 4.
 */
import type { Answers, Contexts } from "../in-context.ts";

/** Answers of a mesa-layer with regularization 1/λ. */
export function mesaLayer(contexts: Contexts, lambda: number): Answers {
  const { count, dimensions: d, examples: n, x, y, query } = contexts;
  const predictions = new Float64Array(count);
  const sensitivities = new Float64Array(count * d);
  const r = new Float64Array(d * d);
  const right = new Float64Array(d);
  const rx = new Float64Array(d);
  for (let c = 0; c < count; c++) {
    r.fill(0);
    right.fill(0);
    for (let k = 0; k < d; k++) r[k * d + k] = lambda;
    for (let i = 0; i < n; i++) {
      const row = (c * n + i) * d;
      let denominator = 1;
      for (let a = 0; a < d; a++) {
        let sum = 0;
        for (let b = 0; b < d; b++) sum += r[a * d + b]! * x[row + b]!;
        rx[a] = sum;
        denominator += sum * x[row + a]!;
        right[a]! += y[c * n + i]! * x[row + a]!;
      }
      for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) r[a * d + b]! -= (rx[a]! * rx[b]!) / denominator;
    }
    for (let a = 0; a < d; a++) {
      let sum = 0;
      for (let b = 0; b < d; b++) sum += r[a * d + b]! * right[b]!;
      sensitivities[c * d + a] = sum;
      predictions[c]! += sum * query[c * d + a]!;
    }
  }
  return { predictions, sensitivities };
}
