/**
 * @file Retargeting: where a network seems to hold its goal, the goal is moved
 * inside, and it is measured whether the ways to the new cell become more likely
 * (after Mini et al. 2023, arXiv:2310.08043).
 *
 * The score of a level is the geometric mean, over the cells of a shortest path
 * from the start towards the target, of the probability of the actions that come
 * closer to it. The yardsticks: no write, and the real goal put there.
 */
import { LabError } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import { boundedMean } from "../core/intervals.ts";
import { type Rng, rng as stream } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { flood } from "../grid/flood.ts";
import { copyLevel } from "../rollout.ts";
import type { Subject } from "../subject.ts";
import { type Activation, recordActivations } from "./activations.ts";
import { displacements } from "./goals.ts";
import { findSite, listSites, type SiteAddress, type SiteInfo } from "./sites.ts";
import { massOn, tryWrite, type WriteReport } from "./writes.ts";
import type { Replacement } from "./written.ts";

export interface RetargetTrial {
  readonly subject: Subject;
  readonly world: World;
  readonly levels: readonly Level[];
  /** Index into {@link World.items} of the thing that is the goal. */
  readonly goal: number;
  /** Grid sites, with their channels where only some are meant: `tick.3.state{8,21}`. All are written at once. */
  readonly sites: readonly string[];
  /**
   * `move`: what is at the goal's cell and what is at the target's change places.
   * A number: the channels are set to it at the target, and nothing else is touched.
   */
  readonly how: "move" | number;
  readonly ticks?: number | undefined;
  readonly randoms?: number;
  /** Cells of a path that count, from the start on; default 8. Each is asked once for every write. */
  readonly steps?: number;
  readonly rng: Rng;
}

export interface RetargetReport extends WriteReport {
  /** The same paths with the real goal at the target, and nothing written. */
  readonly real: Estimate;
  readonly levels: readonly {
    readonly goal: number;
    readonly target: number;
    /** Steps from the start to the target. */
    readonly steps: number;
    readonly written: number;
    readonly untouched: number;
    readonly real: number;
  }[];
}

const SCORED_STEPS = 8;
/** The item that is the agent's start, in every grid world. */
const AGENT = 0;

/**
 * Move the goal inside, on levels where a target can be found that is neither the
 * goal's cell nor on the way over any other thing. The wrong place of the control
 * is a third cell.
 *
 * @throws {LabError} `input/invalid` where no level has such cells, or a site has no cells
 */
export async function retarget(trial: RetargetTrial): Promise<RetargetReport> {
  const { subject, world, rng, how, ticks, randoms } = trial;
  const plans = trial.levels.flatMap((level, i) => plan(world, level, trial.goal, rng.fork(`targets ${i}`)) ?? []);
  if (plans.length === 0) {
    throw new LabError(
      "input/invalid",
      `retarget: no level has room for a target, got ${trial.levels.length} levels; expected at least one`,
    );
  }
  const { inside, shape } = subject;
  if (!inside) {
    throw new LabError(
      "input/invalid",
      "retarget: the subject cannot be looked into, got no activations; expected access to them",
    );
  }
  const known = listSites(inside, shape, ticks);
  const sites = trial.sites.map((text) => gridSite(known, text));
  const scored = trial.steps ?? SCORED_STEPS;
  const ways = plans.flatMap((each, level) => each.way.slice(0, scored).map((step) => ({ ...step, level })));
  const observations = observationsOf(
    world,
    ways.map(({ cell, level }) => moved(plans[level]!.level, AGENT, cell)),
  );
  const withGoal = observationsOf(
    world,
    ways.map(({ cell, level }) => moved(moved(plans[level]!.level, AGENT, cell), trial.goal, plans[level]!.target)),
  );
  const records = await recordActivations({
    inside,
    shape,
    sites: [...new Set(sites.map(({ site }) => site))],
    observations,
    n: ways.length,
    ticks,
  });
  const cellsOf = (row: number, to: "target" | "wrong") => {
    const { goal, [to]: target } = plans[ways[row]!.level]!;
    return [goal, target] as const;
  };
  const writesTo = (to: "target" | "wrong") =>
    sites.map((site) =>
      how === "move"
        ? swap(site, records[site.site]!, (row) => cellsOf(row, to))
        : clamp(site, how, (row) => cellsOf(row, to)[1]),
    );
  const wanted = ways.map(({ closer }) => closer);
  const score = async (each: Subject, rows: Uint8Array) => {
    const mass = await massOn(rows, ways.length, wanted)(each);
    const sums = plans.map(() => 0);
    for (const [row, { level }] of ways.entries()) sums[level]! += Math.log(Math.max(mass[row]!, 1e-12));
    return plans.map(({ way }, level) => Math.exp(sums[level]! / Math.min(scored, way.length)));
  };
  const layout = plans.map(({ level }) => world.layoutHash(level));
  const report = await tryWrite({
    subject,
    writes: writesTo("target"),
    wrong: writesTo("wrong"),
    outcome: (each) => score(each, observations),
    layout,
    ...(randoms === undefined ? {} : { randoms }),
    ticks,
    rng: rng.fork("writes"),
  });
  const real = await score(ticks === undefined ? subject : subject.thinking!(ticks), withGoal);
  return {
    ...report,
    real: boundedMean(real, { range: [0, 1], clusters: layout, rng: rng.fork("interval real") }),
    levels: plans.map(({ goal, target, way }, i) => ({
      goal,
      target,
      steps: way.length,
      written: report.scores.written[i]!,
      untouched: report.scores.untouched[i]!,
      real: real[i]!,
    })),
  };
}

type GridSite = SiteInfo & SiteAddress;

function gridSite(known: readonly SiteInfo[], text: string): GridSite {
  const site = findSite(known, text);
  if (site.kind === "grid") return site;
  throw new LabError(
    "input/invalid",
    `retarget: site "${site.site}" has no cells, got a vector; expected a channel for every cell`,
  );
}

/** What is recorded at both cells changes places. */
function swap(
  site: GridSite,
  { values, channels, cells }: Activation,
  of: (row: number) => readonly [number, number],
): Replacement {
  return {
    kind: "replace",
    site: site.site,
    ...(site.only ? { only: site.only } : {}),
    where: of,
    fill(row, out) {
      const [a, b] = of(row);
      const base = row * channels * cells;
      for (let c = 0; c < channels; c++) {
        out[c * cells + a] = values[base + c * cells + b]!;
        out[c * cells + b] = values[base + c * cells + a]!;
      }
    },
  };
}

function clamp(site: GridSite, value: number, cell: (row: number) => number): Replacement {
  return {
    kind: "replace",
    site: site.site,
    ...(site.only ? { only: site.only } : {}),
    where: (row) => [cell(row)],
    fill: (_, out) => out.fill(value),
  };
}

interface Plan {
  readonly level: Level;
  readonly goal: number;
  readonly target: number;
  readonly wrong: number;
  /** Cells of a shortest path, and which actions come closer to the target from each. */
  readonly way: readonly { readonly cell: number; readonly closer: number }[];
}

/** Least steps to a target: one step away, half of all policies go there by chance. */
const LEAST_STEPS = 3;

/** Targets tried on a level. */
const TRIES = 8;

/**
 * A target, a wrong place and a way, or undefined where the level has no room for
 * them. The way passes over no thing, the goal where it lies among them; which
 * actions come closer is counted as if the goal were gone, since it will be.
 */
function plan(world: World, level: Level, goalItem: number, rng: Rng): Plan | undefined {
  const { width } = world;
  const goal = level.items[goalItem]!;
  const start = level.items[AGENT]!;
  if (goal < 0) return undefined;
  const walls = level.walls.slice();
  for (const item of world.cellItems) {
    const cell = level.items[item]!;
    if (cell >= 0 && item !== AGENT && item !== goalItem) walls[cell] = 1;
  }
  const distance = new Int16Array(walls.length);
  const queue = new Int16Array(walls.length);
  flood(walls, width, start, distance, queue, goal);
  const free = Array.from(distance.keys()).filter((cell) => distance[cell]! > 0);
  const far = free.filter((cell) => distance[cell]! >= LEAST_STEPS);
  if (far.length === 0 || free.length < 2) return undefined;
  for (let t = 0; t < TRIES; t++) {
    const target = far[rng.int(far.length)]!;
    const others = free.filter((cell) => cell !== target);
    const wrong = others[rng.int(others.length)]!;
    flood(walls, width, target, distance, queue);
    const way = shortest(world, distance, start, target, goal);
    if (way) return { level, goal, target, wrong, way };
  }
  return undefined;
}

/** A shortest way that does not pass over a cell, if there is one. */
function shortest(
  world: World,
  distance: Int16Array,
  start: number,
  target: number,
  avoid: number,
): Plan["way"] | undefined {
  const deltas = displacements(world);
  const way: { cell: number; closer: number }[] = [];
  for (let cell = start; cell !== target; ) {
    let closer = 0;
    let next = -1;
    for (const [action, delta] of deltas.entries()) {
      if (delta === 0 || distance[cell + delta] !== distance[cell]! - 1) continue;
      closer |= 1 << action;
      if (next < 0 && cell + delta !== avoid) next = cell + delta;
    }
    if (next < 0) return undefined;
    way.push({ cell, closer });
    cell = next;
  }
  return way;
}

function moved(level: Level, item: number, cell: number): Level {
  const items = level.items.slice();
  items[item] = cell;
  return { walls: level.walls, items };
}

/** What is seen at the start of each level. Worlds whose start is a matter of chance draw it from a fixed stream. */
function observationsOf(world: World, levels: readonly Level[]): Uint8Array {
  const stride = world.planes.length * world.height * world.width;
  const all = new Uint8Array(levels.length * stride);
  const batch = world.batch(1);
  const chance = stream(0);
  for (const [i, level] of levels.entries()) {
    copyLevel(level, batch.levels[0]!);
    batch.start(0, chance);
    all.set(batch.observations.subarray(0, stride), i * stride);
  }
  return all;
}
