/**
 * @file Axes: from values to positions, and the round numbers worth printing.
 * A logarithmic axis shows zero, which a dose often is, beyond a break.
 */
import { formatShort } from "../numbers.ts";

export interface Scale {
  /** Position of a value; values beyond the ends stay at the ends. */
  at(value: number): number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Position of the break between zero and the rest of a logarithmic axis. */
  readonly breakAt?: number;
}

/** Least and greatest of the values, never empty: a single value gets room on both sides. */
export function extent(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (low < high) return [low, high];
  const room = Math.abs(low) || 1;
  return [low - room / 2, high + room / 2];
}

/** Steps of 1, 2 or 5 times a power of ten that give at most `most` intervals. */
function roundStep(span: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(span / most));
  const step = [1, 2, 5, 10].find((factor) => (factor * power * most) / span >= 1 - 1e-9)!;
  return step * power;
}

/**
 * Equal steps.
 *
 * @param widen extend the domain to round numbers (for data; a declared range is kept)
 */
export function linearScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  { most = 5, widen = true }: { most?: number; widen?: boolean } = {},
): Scale {
  const step = roundStep(high - low, most);
  const first = widen ? Math.floor(low / step + 1e-9) : Math.ceil(low / step - 1e-9);
  const last = widen ? Math.ceil(high / step - 1e-9) : Math.floor(high / step + 1e-9);
  const [start, end] = widen ? [first * step, last * step] : [low, high];
  const at = (value: number) => from + ((Math.min(end, Math.max(start, value)) - start) / (end - start)) * (to - from);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { at: at(value), label: formatShort(Math.abs(value) < step * 1e-9 ? 0 : value) };
  });
  return { at, ticks };
}

/** Equal factors, with a place for zero when the values contain it. */
export function logScale(values: readonly number[], [from, to]: readonly [number, number]): Scale {
  const positive = values.filter((value) => value > 0);
  const hasZero = values.some((value) => value <= 0);
  const [least, greatest] = positive.length === 0 ? [1, 10] : [Math.min(...positive), Math.max(...positive)];
  const low = Math.floor(Math.log10(least) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(greatest) - 1e-9));
  const gap = hasZero ? (to - from) * 0.16 : 0;
  const at = (value: number) => {
    if (value <= 0) return from;
    const share = (Math.log10(value) - low) / (high - low);
    return from + gap + Math.min(1, Math.max(0, share)) * (to - from - gap);
  };
  const every = Math.ceil((high - low) / 5);
  const powers = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((_, i) => i % every === 0);
  const ticks = powers.map((power) => ({ at: at(10 ** power), label: formatPower(power) }));
  return hasZero ? { at, ticks: [{ at: from, label: "0" }, ...ticks], breakAt: from + gap / 2 } : { at, ticks };
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function formatPower(power: number): string {
  if (power >= -2 && power <= 3) return String(Number((10 ** power).toFixed(2)));
  const digits = String(Math.abs(power)).replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]!);
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}
