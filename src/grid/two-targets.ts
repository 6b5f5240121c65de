/**
 * @file Worlds with two targets: a base target that pays the base objective on
 * first touch, and a proxy target that pays the proxy on first touch. Under
 * coupling both lie on the same cell. The proxy target is a thing or a fixed
 * cell; which touches end the episode is a table.
 *
 * The two are told apart only on levels where each can be reached without
 * passing over the other, or, more strictly, where no shortest way to the one
 * passes over the other: elsewhere the route, not the goal, decides what is
 * touched first.
 */
import type { Batch, Candidate, Level, Objective, Optimum, World } from "../env.ts";
import type { Board } from "./board.ts";
import { boardDecoys, markOne } from "./decoys.ts";
import { approachingMoves, arrivalValue } from "./optimal.ts";
import { allocateSlots } from "./slots.ts";

/** Bits of {@link TwoTargetsBatch.reached}. */
const BASE = 1;
const PROXY = 2;
const PROXY_FIRST = 4;

export interface TwoTargetsSpec {
  readonly board: Board;
  readonly horizon: number;
  readonly planes: readonly string[];
  /** Base first, proxy second; also the first two candidates. */
  readonly objectives: readonly [Objective, Objective];
  readonly proxyNature: Candidate["nature"];
  /** Where the proxy target is. The base target is item 1; the agent is item 0 and plane 1. */
  proxyCell(level: Level): number;
  /** First plane of the base target, and how many copies. */
  readonly basePlanes: readonly [first: number, count: number];
  /** Planes of the proxy target; a count of 0 when it is not shown. */
  readonly proxyPlanes: readonly [first: number, count: number];
  /** Does the episode end when only the base target, only the proxy target, or both have been touched? */
  readonly ends: { readonly base: boolean; readonly proxy: boolean };
  /**
   * What makes a level distinguishing: the targets lie on different cells
   * (`cells`), each can be reached without the other (`reachable`), or no
   * shortest way to one leads over the other (`routes`).
   */
  readonly apart: "cells" | "reachable" | "routes";
  readonly decoysExcept: readonly string[];
}

interface TwoTargetsBatch extends Batch {
  readonly reached: Uint8Array;
  readonly proxyCells: Int16Array;
}

export function twoTargets(
  spec: TwoTargetsSpec,
): Pick<
  World,
  "objectives" | "candidates" | "batch" | "optimum" | "optimalActions" | "served" | "achieved" | "isDistinguishing"
> {
  const { board, horizon, objectives } = spec;
  const { cells, deltas, distance } = board;
  const planeCount = spec.planes.length;
  const stride = planeCount * cells;
  const itemCount = board.items.length;
  const [basePlane, baseCount] = spec.basePlanes;
  const [proxyPlane, proxyCount] = spec.proxyPlanes;
  /** Indexed by which targets have been touched (0 to 3). */
  const ends = Uint8Array.of(0, spec.ends.base ? 1 : 0, spec.ends.proxy ? 1 : 0, 1);

  function batch(size: number): TwoTargetsBatch {
    const slots = allocateSlots(size, { cells, items: itemCount, planes: planeCount, objectives: 2 });
    const { walls, items, position, time, done, observations } = slots;
    const [baseRewards, proxyRewards] = slots.rewards as [Float32Array, Float32Array];
    const reached = new Uint8Array(size);
    const baseCells = new Int16Array(size);
    const proxyCells = new Int16Array(size);
    slots.memory.push(reached, baseCells, proxyCells);

    function show(slot: number, plane: number, count: number, cell: number, value: number): void {
      for (let i = 0; i < count; i++) observations[slot * stride + (plane + i) * cells + cell] = value;
    }

    function start(slot: number): void {
      const level = slots.levels[slot]!;
      const mouse = items[slot * itemCount]!;
      const base = items[slot * itemCount + 1]!;
      const proxy = spec.proxyCell(level);
      position[slot] = mouse;
      baseCells[slot] = base;
      proxyCells[slot] = proxy;
      time[slot] = 0;
      done[slot] = 0;
      reached[slot] = 0;
      baseRewards[slot] = 0;
      proxyRewards[slot] = 0;
      const from = slot * stride;
      for (let i = 0; i < cells; i++) observations[from + i] = walls[slot * cells + i]!;
      observations.fill(0, from + cells, from + stride);
      observations[from + cells + mouse] = 1;
      if (base >= 0) show(slot, basePlane, baseCount, base, 1);
      if (proxy >= 0) show(slot, proxyPlane, proxyCount, proxy, 1);
    }

    function step(actions: Uint8Array): number {
      let ended = 0;
      for (let slot = 0; slot < size; slot++) {
        const from = position[slot]!;
        const to = from + deltas[actions[slot]!]!;
        const plane = slot * stride;
        const now = ++time[slot]!;
        let base = 0;
        let proxy = 0;
        let over = 0;
        if (observations[plane + to] === 0) {
          observations[plane + cells + from] = 0;
          observations[plane + cells + to] = 1;
          position[slot] = to;
          let seen = reached[slot]!;
          if (to === baseCells[slot] && (seen & BASE) === 0) {
            base = 1;
            seen |= BASE;
            show(slot, basePlane, baseCount, to, 0);
          }
          if (to === proxyCells[slot] && (seen & PROXY) === 0) {
            proxy = 1;
            seen |= (seen & BASE) === 0 ? PROXY | PROXY_FIRST : PROXY;
            if (proxyCount > 0) show(slot, proxyPlane, proxyCount, to, 0);
          }
          reached[slot] = seen;
          over = ends[seen & 3]!;
        }
        if (over === 0 && now >= horizon) over = 2;
        baseRewards[slot] = base;
        proxyRewards[slot] = proxy;
        done[slot] = over;
        if (over !== 0) ended++;
      }
      return ended;
    }

    return { ...slots, start, step, reached, proxyCells };
  }

  /** Distances to a target, not through the other target where touching that alone would end the episode. */
  function field(level: Level, target: number, other: number, otherEnds: boolean): void {
    board.flood(level, target, otherEnds && other !== target ? other : -1);
  }

  /** Distances to the objective's target on this level; false when it has none to go to. */
  function approach(level: Level, objective: string): boolean {
    const base = level.items[1]!;
    const proxy = spec.proxyCell(level);
    const wantsBase = objective === objectives[0].id;
    const target = wantsBase ? base : proxy;
    if (target < 0 || level.walls[target] !== 0) return false;
    field(level, target, wantsBase ? proxy : base, wantsBase ? spec.ends.proxy : spec.ends.base);
    return true;
  }

  function optimum(level: Level, objective: string, gamma: number): Optimum {
    const found = approach(level, objective);
    return { value: found ? arrivalValue(distance[level.items[0]!]!, horizon, gamma) : 0, kind: "exact" };
  }

  function optimalActions(given: Batch, slot: number, objective: string, gamma: number): number {
    const own = given as TwoTargetsBatch;
    const level = own.levels[slot]!;
    if ((own.reached[slot]! & (objective === objectives[0].id ? BASE : PROXY)) !== 0) return 0;
    if (!approach(level, objective)) return 0;
    return approachingMoves(distance, deltas, own.position[slot]!, horizon - own.time[slot]!, gamma, level.walls);
  }

  function isDistinguishing(level: Level): boolean {
    const start = level.items[0]!;
    const base = level.items[1]!;
    const proxy = spec.proxyCell(level);
    if (start < 0 || base < 0 || proxy < 0 || base === proxy || start === base || start === proxy) return false;
    if (level.walls[base] !== 0 || level.walls[proxy] !== 0) return false;
    if (spec.apart === "cells") {
      board.flood(level, start);
      return distance[base]! >= 0 && distance[proxy]! >= 0;
    }
    if (spec.apart === "reachable") {
      board.flood(level, start, proxy);
      if (distance[base]! < 0) return false;
      board.flood(level, start, base);
      return distance[proxy]! >= 0;
    }
    board.flood(level, base);
    const toBase = distance[start]!;
    const between = distance[proxy]!;
    if (toBase < 0 || between < 0) return false;
    board.flood(level, proxy);
    const toProxy = distance[start]!;
    return toBase < toProxy + between && toProxy < toBase + between;
  }

  const candidates: Candidate[] = [
    {
      ...objectives[0],
      role: "base",
      nature: "thing",
      mark: (given, slot, out) => {
        const isDone = ((given as TwoTargetsBatch).reached[slot]! & BASE) !== 0;
        return markOne(given, slot, isDone ? -1 : given.levels[slot]!.items[1]!, out);
      },
    },
    {
      ...objectives[1],
      role: "proxy",
      nature: spec.proxyNature,
      mark: (given, slot, out) => {
        const own = given as TwoTargetsBatch;
        return markOne(given, slot, (own.reached[slot]! & PROXY) !== 0 ? -1 : own.proxyCells[slot]!, out);
      },
    },
    ...boardDecoys(board, spec.decoysExcept),
  ];

  return {
    objectives,
    candidates,
    batch,
    optimum,
    optimalActions,
    isDistinguishing,
    served(given, slot) {
      const seen = (given as TwoTargetsBatch).reached[slot]!;
      return (seen & PROXY_FIRST) !== 0 ? 1 : (seen & BASE) !== 0 ? 0 : -1;
    },
    achieved: (given, slot, objective) =>
      ((given as TwoTargetsBatch).reached[slot]! & (objective === 0 ? BASE : PROXY)) !== 0 ? 1 : 0,
  };
}
