/** @file What a probe reads: rows of activations, of observations, and of the 3×3 cells around one. */
import { LabError } from "../core/errors.ts";
import type { PolicyShape, Site } from "../network.ts";
import { type ActivationOptions, scanActivations } from "./activations.ts";
import { findSite, listSites } from "./sites.ts";

/** One row of numbers for each row asked for. */
export interface Features {
  /** `[rows, features]` */
  readonly x: Float32Array;
  readonly features: number;
}

/**
 * Activations at a site.
 *
 * @param rows of cells: `observation · cells + cell`; of observations: `observation`
 * @throws {LabError} `input/unknown-id` on a site that is not there, `input/invalid` on one without cells where
 *   cells are asked for
 */
export async function activationRows(
  options: ActivationOptions,
  site: Site,
  rows: Int32Array,
  unit: "cell" | "observation",
): Promise<Features> {
  const { kind, channels, cells } = findSite(listSites(options.inside, options.shape, options.ticks), { site });
  if (unit === "cell" && kind !== "grid") {
    throw new LabError(
      "input/invalid",
      `probe: site "${site}" has no cells, got a vector; expected a channel for every cell`,
      { hint: "Probe whole observations there." },
    );
  }
  const features = unit === "cell" ? channels : channels * cells;
  const x = new Float32Array(rows.length * features);
  const perObservation = unit === "cell" ? cells : 1;
  const wanted = new Map<number, number[]>();
  for (const [i, row] of rows.entries()) {
    const observation = Math.floor(row / perObservation);
    const list = wanted.get(observation);
    if (list) list.push(i);
    else wanted.set(observation, [i]);
  }
  await scanActivations({ ...options, sites: [site] }, (from, count, given) => {
    const values = given[site]!;
    for (let observation = from; observation < from + count; observation++) {
      const base = (observation - from) * channels * cells;
      for (const i of wanted.get(observation) ?? []) {
        if (unit === "observation") x.set(values.subarray(base, base + features), i * features);
        else {
          const cell = rows[i]! % cells;
          for (let c = 0; c < channels; c++) x[i * features + c] = values[base + c * cells + cell]!;
        }
      }
    }
  });
  return { x, features };
}

/** Whole observations, flattened. */
export function observationRows(observations: Uint8Array, shape: PolicyShape, rows: Int32Array): Features {
  const features = shape.planes * shape.height * shape.width;
  const x = new Float32Array(rows.length * features);
  for (const [i, row] of rows.entries())
    x.set(observations.subarray(row * features, (row + 1) * features), i * features);
  return { x, features };
}

/**
 * All planes of the `size` × `size` cells around a cell; 0 outside the board.
 *
 * @param rows `observation · cells + cell`
 */
export function patchRows(
  observations: Uint8Array,
  { planes, height, width }: PolicyShape,
  rows: Int32Array,
  size: 1 | 3,
): Features {
  const cells = height * width;
  const features = planes * size * size;
  const reach = (size - 1) / 2;
  const x = new Float32Array(rows.length * features);
  for (const [i, row] of rows.entries()) {
    const [observation, cell] = [Math.floor(row / cells), row % cells];
    const [down, right] = [Math.floor(cell / width), cell % width];
    let feature = i * features;
    for (let plane = 0; plane < planes; plane++) {
      const base = (observation * planes + plane) * cells;
      for (let r = down - reach; r <= down + reach; r++) {
        for (let c = right - reach; c <= right + reach; c++, feature++) {
          if (r >= 0 && r < height && c >= 0 && c < width) x[feature] = observations[base + r * width + c]!;
        }
      }
    }
  }
  return { x, features };
}
