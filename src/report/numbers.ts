/**
 * @file Numbers as text, the same way in every format: an estimate never without
 * its interval and its n, with as many digits as the interval bears.
 */
import { assert } from "../core/errors.ts";
import type { Estimate, Reading } from "../core/estimate.ts";

/**
 * Decimals that an interval bears: about a third of its width is the last digit
 * printed; at least two below ten, at most three.
 */
function decimalsFor({ low, high }: Pick<Estimate, "low" | "high">): number {
  const small = Math.max(Math.abs(low), Math.abs(high)) < 10;
  const borne = high > low ? Math.ceil(-Math.log10((high - low) / 3)) : 2;
  return Math.min(3, Math.max(small ? 2 : 0, borne));
}

/** `−1,234.50`: grouped by thousands, with a real minus sign. */
export function formatNumber(value: number, decimals = 2): string {
  assert(Number.isFinite(value), `a report was given the number ${value}`);
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ",");
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** Few characters for a tight place: up to two significant digits after the point, no trailing zeros. */
export function formatShort(value: number): string {
  assert(Number.isFinite(value), `a report was given the number ${value}`);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) {
    return value.toExponential(1).replace("-", "−").replace(".0e", "e").replace("e+", "e");
  }
  const text = formatNumber(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 3);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** `0.21 [0.18, 0.25]`. */
export function formatInterval({ mean, low, high }: Estimate): string {
  const decimals = decimalsFor({ low, high });
  return `${formatNumber(mean, decimals)} [${formatNumber(low, decimals)}, ${formatNumber(high, decimals)}]`;
}

/** `n = 4,096 levels`. */
export function formatCount({ n, unit }: Estimate): string {
  return `n = ${formatNumber(n, 0)} ${n === 1 ? unit.replace(/ies$/, "y").replace(/s$/, "") : unit}`;
}

/** `0.21 [0.18, 0.25], n = 4,096 levels`. */
export function formatEstimateWithCount(estimate: Estimate): string {
  return `${formatInterval(estimate)}, ${formatCount(estimate)}`;
}

/** The estimate with its interval and n, or `unscored: reason`. */
export function formatReadingWithCount(reading: Reading): string {
  return reading.status === "scored" ? formatEstimateWithCount(reading.value) : `unscored: ${reading.reason}`;
}

/** `1.2 s`, `340 ms`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${formatNumber(milliseconds, 0)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${formatNumber(seconds, 1)} s`;
  const whole = Math.round(seconds);
  return `${formatNumber(Math.floor(whole / 60), 0)} min ${whole % 60} s`;
}

/** A parameter's value as a reader would type it. */
export function formatValue(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "none");
}
