/**
 * @file Pictures of what a subject did: paths on single levels, and the share of
 * episodes that visited each cell.
 */
import type { Level, World } from "../env.ts";
import type { Evidence } from "../evidence.ts";
import type { Episodes } from "../rollout.ts";

/** One level with a caption, and the path of the episode played on it. */
export interface Route {
  readonly caption: string;
  readonly level: Level;
  readonly path: readonly number[];
}

export function pathsEvidence(world: World, title: string, routes: readonly Route[]): Evidence {
  return {
    kind: "paths",
    title,
    levels: routes.map(({ caption, level, path }) => ({
      caption,
      // Lines below the grid hold items that are not cells.
      rows: world.print(level).split("\n").slice(0, world.height),
      path: path.map((cell) => [Math.floor(cell / world.width), cell % world.width] as const),
    })),
  };
}

/** Share of the episodes that visited a cell, among those on whose level the cell is floor. */
export function visitsEvidence(world: World, title: string, levels: readonly Level[], episodes: Episodes): Evidence {
  const cells = world.height * world.width;
  const open = new Float64Array(cells);
  const visited = new Float64Array(cells);
  for (let i = 0; i < episodes.n; i++) {
    const { walls } = levels[i]!;
    for (let cell = 0; cell < cells; cell++) if (walls[cell] === 0) open[cell]!++;
    for (const cell of new Set(episodes.paths![i]!)) visited[cell]!++;
  }
  return {
    kind: "map",
    title,
    height: world.height,
    width: world.width,
    values: Array.from(open, (n, cell) => (n === 0 ? null : visited[cell]! / n)),
    legend: "share of the episodes that visited the cell, among levels where it is floor",
  };
}
