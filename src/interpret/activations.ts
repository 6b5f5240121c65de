/**
 * @file Activations on record: what a network computes at chosen sites for many
 * observations, in programs of one fixed size.
 */
import { LabError } from "../core/errors.ts";
import type { PolicyShape, Site } from "../network.ts";
import { tracedInside } from "../policy/inside.ts";
import type { Inside } from "../subject.ts";
import { channelsFirst, findSite, listSites, type SiteInfo, siteTensor } from "./sites.ts";

/** What one site computed. */
export interface Activation extends SiteInfo {
  /** `[n, …shape]`, channels first. */
  readonly values: Float32Array;
}

export interface ActivationOptions {
  readonly inside: Inside;
  readonly shape: PolicyShape;
  readonly sites: readonly Site[];
  /** Planes of 0 and 1, `[n, planes, height, width]`. */
  readonly observations: Uint8Array;
  readonly n: number;
  readonly ticks?: number | undefined;
  /** Observations a call of the program; fewer are padded. */
  readonly rows?: number;
}

/** Bytes that one record may hold. */
const MOST_BYTES = 512 * 2 ** 20;

/**
 * Record activations.
 *
 * @throws {LabError} `input/unknown-id` on a site that is not there, `input/invalid` on more than 512 MiB: use
 *   {@link scanActivations}
 */
export async function recordActivations(options: ActivationOptions): Promise<Readonly<Record<Site, Activation>>> {
  const { n } = options;
  const known = listSites(options.inside, options.shape, options.ticks);
  const infos = options.sites.map((site) => findSite(known, { site }));
  const size = infos.reduce((sum, { channels, cells }) => sum + channels * cells, 0) * n * 4;
  if (size > MOST_BYTES) {
    throw new LabError(
      "input/invalid",
      `activations: too much to hold, got ${Math.ceil(size / 2 ** 20)} MiB; expected at most ${MOST_BYTES / 2 ** 20} MiB`,
      { hint: "Record fewer sites or fewer observations." },
    );
  }
  const records: Record<Site, Activation> = {};
  for (const info of infos) {
    records[info.site] = { ...info, values: new Float32Array(n * info.channels * info.cells) };
  }
  await scanActivations(options, (from, count, values) => {
    for (const { site, channels, cells } of infos) {
      const stride = channels * cells;
      records[site]!.values.set(values[site]!.subarray(0, count * stride), from * stride);
    }
  });
  return records;
}

/**
 * Compute activations chunk by chunk, holding one at a time.
 *
 * @param visit is told the index of the first observation, how many there are, and for each site the values
 *   `[at least count, …shape]`, channels first, valid during the call
 */
export async function scanActivations(
  { inside, shape, sites, observations, n, ticks, rows: wanted = 64 }: ActivationOptions,
  visit: (from: number, count: number, values: Readonly<Record<Site, Float32Array>>) => void,
): Promise<void> {
  const rows = inside.rows ?? Math.max(1, Math.min(wanted, n));
  const known = listSites(inside, shape, ticks);
  const infos = sites.map((site) => findSite(known, { site }));
  // Outputs by number: a site may have the name of a weight, or one that no output may have.
  const graph = tracedInside(
    inside,
    shape,
    rows,
    (_, __, pass) =>
      Object.fromEntries(infos.map((info, i) => [`site ${i}`, channelsFirst(siteTensor(pass.sites, info.site), info)])),
    { ticks },
  );
  const program = await inside.executor.load(graph);
  const stride = shape.planes * shape.height * shape.width;
  const planes = new Float32Array(rows * stride);
  for (let from = 0; from < n; from += rows) {
    const count = Math.min(rows, n - from);
    planes.fill(0);
    planes.set(observations.subarray(from * stride, (from + count) * stride));
    const results = await program.run({ ...inside.weights, planes });
    visit(from, count, Object.fromEntries(sites.map((site, i) => [site, results[`site ${i}`] as Float32Array])));
  }
}
