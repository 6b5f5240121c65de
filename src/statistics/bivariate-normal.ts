/** @file The bivariate normal distribution: how often two thresholds are both undercut, for any correlation. */
import { normalCdf } from "../theory/numerics/normal.ts";

/**
 * P(X < x, Y < y) for standard normals of correlation `rho` in [−1, 1]: Φ(x)Φ(y) + ∫₀^{asin ρ} exp(−(x² + y² − 2xy sin θ) /
 * (2 cos² θ)) dθ / 2π, by Simpson's rule; error below 1e−8 away from ρ = ±1.
 *
 * Source: Plackett 1954; Drezner and Wesolowsky 1990.
 */
export function bivariateNormal(x: number, y: number, rho: number): number {
  if (x === -Infinity || y === -Infinity) return 0;
  if (x === Infinity) return normalCdf(y);
  if (y === Infinity) return normalCdf(x);
  if (rho >= 1) return normalCdf(Math.min(x, y));
  const steps = 200;
  const width = Math.asin(rho) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const theta = i * width;
    const value = Math.exp(-(x * x + y * y - 2 * x * y * Math.sin(theta)) / (2 * Math.cos(theta) ** 2));
    sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * value;
  }
  return Math.max(0, normalCdf(x) * normalCdf(y) + (sum * width) / (6 * Math.PI));
}
