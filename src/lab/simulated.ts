/**
 * @file Rows of a simulation beside the closed form that it must match: what was measured over seeds, what is exact, and
 * whether the two agree.
 */
import { assert } from "../core/errors.ts";
import { type Estimate, formatEstimate } from "../core/estimate.ts";
import { clopperPearson, overSeeds } from "../core/intervals.ts";
import { type Rng, rng } from "../core/rng.ts";
import type { Row } from "../experiment.ts";

/** A condition's outcomes; every list has one entry a seed. */
export interface Simulated {
  readonly condition: string;
  readonly x?: number;
  /** Unbounded quantities: Student's t over seeds. */
  readonly means?: Readonly<Record<string, readonly number[]>>;
  /** Whether something happened: a share with Clopper and Pearson's interval. */
  readonly shares?: Readonly<Record<string, readonly boolean[]>>;
  /** By the name of the quantity that it belongs to; listed as `<name>, exact`. */
  readonly exact?: Readonly<Record<string, number>>;
}

/** What a closed form is called in a row. */
const exactly = (name: string) => `${name}, exact`;

/** A row; exact values are points, and have as many entries a seed as the rest. */
export function simulatedRow({ condition, x, means = {}, shares = {}, exact = {} }: Simulated): Row {
  const quantities: Record<string, Estimate> = {};
  const perSeed: Record<string, readonly number[]> = {};
  for (const [name, values] of Object.entries(means)) {
    perSeed[name] = values;
    quantities[name] = overSeeds(values);
  }
  for (const [name, happened] of Object.entries(shares)) {
    perSeed[name] = happened.map(Number);
    quantities[name] = clopperPearson(happened.filter(Boolean).length, happened.length, "seeds");
  }
  const n = Object.values(perSeed)[0]?.length ?? 0;
  for (const [name, value] of Object.entries(exact)) {
    perSeed[exactly(name)] = Array.from({ length: n }, () => value);
    quantities[exactly(name)] = { mean: value, low: value, high: value, n, unit: "seeds" };
  }
  return { condition, ...(x === undefined ? {} : { x }), quantities, perSeed };
}

/** One run for each seed, each with randomness of its own. */
export const overRuns = <T>(seeds: number, seed: number, label: string, run: (random: Rng) => T): T[] =>
  Array.from({ length: seeds }, (_, i) => run(rng(seed + i).fork(label)));

/** A quantity of a row that must be there. */
export function quantityOf(row: Row | undefined, name: string): Estimate {
  const found = row?.quantities[name];
  assert(found, `no "${name}" in row "${row?.condition ?? "missing"}"`);
  return found;
}

/** A simulated quantity beside its closed form. */
export interface Comparison {
  readonly measured: Estimate;
  readonly exact: number;
  /** The interval covers the closed form, or the mean is off by no more than the tolerance. */
  readonly agrees: boolean;
  /** `1.79 [1.75, 1.84], exact 1.80`. */
  readonly words: string;
}

/**
 * How close a simulation came.
 *
 * @param tolerance share of the closed form's size by which the mean may be off, for what finite populations change
 */
export function compare(row: Row | undefined, name: string, tolerance: number): Comparison {
  const measured = quantityOf(row, name);
  const exact = quantityOf(row, exactly(name)).mean;
  const isCovered = measured.low <= exact && exact <= measured.high;
  return {
    measured,
    exact,
    agrees: isCovered || Math.abs(measured.mean - exact) <= tolerance * Math.abs(exact),
    words: `${formatEstimate(measured)}, exact ${exact.toFixed(2)}`,
  };
}

/** Points of a quantity and of its closed form along the axis, for a curve. */
export const besideExact = (rows: readonly Row[], name: string, label = name) =>
  [name, exactly(name)].map((each, i) => ({
    label: i === 0 ? label : `${label}, closed form`,
    points: rows.flatMap(({ x, quantities }) =>
      x !== undefined && quantities[each] ? [{ x, y: quantities[each] }] : [],
    ),
  }));
