/**
 * @file A concept as it takes shape: what a probe reads from every cell of one
 * level, tick after tick or layer after layer, beside the path the agent took.
 */
import { MOVES, type World } from "../env.ts";
import type { Evidence } from "../evidence.ts";
import type { Subject } from "../subject.ts";
import { scoreRow } from "../theory/numerics/linear-fit.ts";
import type { Concept, Mapped } from "./concepts.ts";
import { activationRows } from "./features.ts";
import type { ProbeReport } from "./probes.ts";
import type { SiteInfo } from "./sites.ts";

/** Most frames of a picture. */
const MOST = 8;

/**
 * Frames over the level on which the goal is farthest. Where all sites have
 * equally many channels, as ticks have, the probe of the last one reads them all;
 * otherwise each is read by its own, where it has one.
 */
export async function fieldFrames(options: {
  readonly subject: Subject;
  readonly world: World;
  readonly mapped: Mapped;
  /** Every site with a place for each cell, in the order of computation. */
  readonly grids: readonly SiteInfo[];
  readonly concept: Concept;
  readonly reports: readonly ProbeReport[];
}): Promise<Evidence> {
  const { subject, world, mapped, grids, concept, reports } = options;
  const { states, distance, levels } = mapped;
  const cells = world.height * world.width;
  const far = (state: number) => distance[state * cells + states.position[state]!]!;
  const first = Array.from({ length: states.n }, (_, i) => i).filter((i) => states.time[i] === 0);
  const state = first.reduce((a, b) => (far(b) > far(a) ? b : a));
  const isTied = grids.every(({ channels }) => channels === grids[0]!.channels);
  const shown = isTied
    ? spaced(grids, MOST).map((grid) => ({ grid, fit: reports.at(-1)!.fit }))
    : reports.map(({ site, fit }) => ({ grid: grids.find((grid) => grid.site === site)!, fit }));
  const stride = subject.shape.planes * cells;
  const level = levels[states.level[state]!]!;
  const path = states.episodes.paths[states.level[state]!]!;
  const { target } = concept;
  const most = target.kind === "number" ? Math.max(...target.labels.filter((label) => !Number.isNaN(label))) : 1;
  const frames = [];
  for (const { grid, fit } of shown) {
    const { x } = await activationRows(
      {
        inside: subject.inside!,
        shape: subject.shape,
        sites: [grid.site],
        observations: states.observations.slice(state * stride, (state + 1) * stride),
        n: 1,
      },
      grid.site,
      Int32Array.from({ length: cells }, (_, cell) => cell),
      "cell",
    );
    const values: (number | null)[] = new Array(cells).fill(null);
    const arrows: number[] = new Array(cells).fill(-1);
    const scores = new Float64Array(fit.classes);
    for (let cell = 0; cell < cells; cell++) {
      if (level.walls[cell] === 1) continue;
      scoreRow(fit, x, cell, scores);
      if (target.kind === "number") values[cell] = scores[0]!;
      else {
        const best = scores.indexOf(Math.max(...scores));
        values[cell] = 1 / scores.reduce((sum, score) => sum + Math.exp(score - scores[best]!), 0);
        arrows[cell] = (MOVES as readonly string[]).indexOf(target.classes[best]!);
      }
    }
    frames.push({
      caption: `${grid.site}, ${1 + grids.indexOf(grid)} of ${grids.length}`,
      values,
      ...(target.kind === "number" ? {} : { arrows }),
      path: path.map((cell) => [Math.floor(cell / world.width), cell % world.width] as const),
    });
  }
  return {
    kind: "frames",
    title: `Read from every cell, as it takes shape: ${concept.title}`,
    rows: world.print(level).split("\n").slice(0, world.height),
    legend:
      target.kind === "number"
        ? "the number that the probe reads from the cell"
        : "how sure the probe is of what it reads from the cell, 0 to 1; arrows: what it reads",
    range: [0, most],
    frames,
  };
}

/** At most `most` of the items, the first and the last among them, evenly spaced. */
function spaced<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]!);
}
