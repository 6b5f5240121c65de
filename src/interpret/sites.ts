/**
 * @file Sites: where in a network activations are read and written, addressed by
 * a string.
 *
 *     tick.11.state          all of an activation
 *     tick.11.state{3,5}     two of its channels
 *     tick.11.state@2,4      the cell in row 2, column 4
 *     tick.11.state{3}@2,4   both
 */
import { LabError, nearest } from "../core/errors.ts";
import type { PolicyShape, Site } from "../network.ts";
import { tracedInside } from "../policy/inside.ts";
import type { Inside } from "../subject.ts";
import { reshape, type Tensor, transpose } from "../tensor/index.ts";

/** A site, or part of one. */
export interface SiteAddress {
  readonly site: Site;
  /** The channels meant; all, when absent. */
  readonly only?: readonly number[];
  /** `[row, column]`; all, when absent. Only on grid sites. */
  readonly cell?: readonly [number, number];
}

/** What is known of a site before it is read. */
export interface SiteInfo {
  readonly site: Site;
  /** A channel for every cell of the board, or a vector. */
  readonly kind: "grid" | "vector";
  /** `[channels, height, width]` or `[channels]`, whatever the order of axes inside. */
  readonly shape: readonly number[];
  readonly channels: number;
  /** Cells of a grid site; 1 for a vector. */
  readonly cells: number;
  /** The axes inside: the batch, then these. */
  readonly axes: readonly number[];
}

/** @throws {LabError} `input/invalid` on text that is no address */
export function parseSite(text: string): SiteAddress {
  const match = /^(.+?)(?:\{(\d+(?:,\d+)*)\})?(?:@(\d+),(\d+))?$/s.exec(text);
  const [, site, channels, row, column] = match ?? [];
  if (site === undefined) {
    throw new LabError(
      "input/invalid",
      `site: not an address, got "${text}"; expected name, name{channels} or name@row,column`,
    );
  }
  return {
    site,
    ...(channels === undefined ? {} : { only: channels.split(",").map(Number) }),
    ...(row === undefined ? {} : { cell: [Number(row), Number(column)] as const }),
  };
}

/** The inverse of {@link parseSite}. */
export function formatSite({ site, only, cell }: SiteAddress): string {
  return `${site}${only ? `{${only.join(",")}}` : ""}${cell ? `@${cell.join(",")}` : ""}`;
}

/** Every site of a network, in the order of its computation; more ticks, more sites. */
export function listSites(inside: Inside, shape: PolicyShape, ticks?: number): readonly SiteInfo[] {
  const found: SiteInfo[] = [];
  tracedInside(
    inside,
    shape,
    inside.rows ?? 1,
    (_, __, { logits, sites }) => {
      for (const [site, tensor] of Object.entries(sites)) found.push(describeSite(site, tensor, shape));
      return { "all logits": logits };
    },
    { ticks },
  );
  return found;
}

/**
 * Sites with a place for every cell that are one another's next: those whose names
 * differ from the last one's only in numbers, as ticks and layers do.
 */
export function gridSequence(sites: readonly SiteInfo[]): SiteInfo[] {
  const grids = sites.filter(({ kind }) => kind === "grid");
  const stem = ({ site }: SiteInfo) => site.replaceAll(/\d+/g, "#");
  const alike = grids.filter((grid) => stem(grid) === stem(grids.at(-1)!));
  return alike.length > 1 ? alike : grids;
}

/**
 * What an address points at.
 *
 * @throws {LabError} `input/unknown-id` naming the sites there are, `input/invalid` on a channel or cell out of range
 */
export function findSite(known: readonly SiteInfo[], address: string | SiteAddress): SiteInfo & SiteAddress {
  const wanted = typeof address === "string" ? parseSite(address) : address;
  // A foreign file may call a value by what looks like part of another.
  const whole = typeof address === "string" ? known.find(({ site }) => site === address) : undefined;
  if (whole) return whole;
  const info = known.find(({ site }) => site === wanted.site);
  if (!info)
    throw unknownSite(
      wanted.site,
      known.map(({ site }) => site),
    );
  const outside = wanted.only?.find((channel) => channel >= info.channels);
  if (outside !== undefined) {
    throw new LabError(
      "input/invalid",
      `site ${info.site}: no such channel, got ${outside}; expected 0 to ${info.channels - 1}`,
    );
  }
  if (wanted.cell) {
    const [, height = 0, width = 0] = info.shape;
    const [row, column] = wanted.cell;
    if (info.kind === "vector" || row >= height || column >= width) {
      const expected = info.kind === "vector" ? "no cell, for the site is a vector" : `below ${height},${width}`;
      throw new LabError(
        "input/invalid",
        `site ${info.site}: no such cell, got ${row},${column}; expected ${expected}`,
      );
    }
  }
  return { ...info, ...wanted };
}

/** A site's tensor by name. @throws {LabError} `input/unknown-id` */
export function siteTensor(sites: Readonly<Record<Site, Tensor>>, site: Site): Tensor {
  const found = Object.hasOwn(sites, site) ? sites[site] : undefined;
  if (!found) throw unknownSite(site, Object.keys(sites));
  return found;
}

function unknownSite(site: Site, known: readonly Site[]): LabError {
  const near = nearest(site, known);
  return new LabError(
    "input/unknown-id",
    `site "${site}" does not exist; known: ${known.join(", ") || "none"}`,
    near === undefined ? {} : { hint: `Did you mean "${near}"?` },
  );
}

/** Grid sites are those with an axis of rows and one of columns, the channels before or after them. */
export function describeSite(site: Site, { shape: [, ...axes] }: Tensor, { height, width }: PolicyShape): SiteInfo {
  const [a = 1, b, c] = axes;
  const isGrid = axes.length === 3;
  if (isGrid && b === height && c === width) {
    return { site, kind: "grid", shape: axes, channels: a, cells: height * width, axes };
  }
  if (isGrid && a === height && b === width) {
    return { site, kind: "grid", shape: [c!, height, width], channels: c!, cells: height * width, axes };
  }
  const channels = axes.reduce((product, length) => product * length, 1);
  return { site, kind: "vector", shape: [channels], channels, cells: 1, axes };
}

/** A site's value `[batch, …axes]` with its channels first, `[batch, …shape]`. */
export function channelsFirst(value: Tensor, info: SiteInfo): Tensor {
  if (info.kind === "vector") return reshape(value, [value.shape[0]!, info.channels]);
  return info.axes[0] === info.channels && info.axes[1] === info.shape[1] ? value : transpose(value, [0, 3, 1, 2]);
}

/** The inverse of {@link channelsFirst}. */
export function asInside(value: Tensor, info: SiteInfo): Tensor {
  if (info.kind === "vector") return reshape(value, [value.shape[0]!, ...info.axes]);
  return info.axes[0] === info.channels && info.axes[1] === info.shape[1] ? value : transpose(value, [0, 2, 3, 1]);
}
