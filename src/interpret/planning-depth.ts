/**
 * @file Planning depth: how many steps one would have to look ahead to decide as
 * a subject does.
 *
 * Decisions are sorted by the steps of lookahead that they need
 * (`grid/lookahead.ts`). Where the greedy step is wrong, knowing which neighbors
 * are walls helps no more than chance does, so in every band of depths chance is
 * taken away. A device that looks h steps ahead is right in every band up to h
 * and wrong beyond; the sum over bands makes its planning depth exactly h.
 */
import { assert, LabError } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import type { Mixture, World } from "../env.ts";
import { decisionDepth, lookaheads } from "../grid/lookahead.ts";
import type { Subject } from "../subject.ts";
import { decide } from "./thinking.ts";

/** Depths from … to, both included, in steps. */
export type Band = readonly [from: number, to: number];

/** First states of test levels, each a decision, sorted by band. */
export interface DecisionSet {
  readonly n: number;
  /** `[n, planes, height, width]` */
  readonly observations: Uint8Array;
  /** Bits of the right moves, `[n]`. */
  readonly optimal: Uint8Array;
  /** Index of its band, `[n]`. */
  readonly band: Uint8Array;
  readonly bands: readonly Band[];
  /** Share of the moves into free cells that are right, `[n]`. */
  readonly chance: Float64Array;
}

/** Levels drawn for each decision wanted, at most: the deepest of a band may be rare. */
const MOST_TRIES = 2000;

/**
 * Draw test levels until every band has its decisions. Those are left out that
 * some device decides by luck ({@link decisionDepth} 0).
 *
 * @throws {LabError} `level/impossible` when a band stays short: its levels are too rare in this world
 */
export function drawDecisions(options: {
  readonly world: World;
  readonly mixture: Mixture;
  readonly bands: readonly Band[];
  /** Decisions in each band. */
  readonly each: number;
  readonly rng: Rng;
  /** Discount of the oracle. */
  readonly gamma?: number;
}): DecisionSet {
  const { world, mixture, bands, each, rng, gamma = 0.99 } = options;
  const base = world.objectives[0]!.id;
  const look = lookaheads(world, base);
  const batch = world.batch(1);
  const stride = batch.observations.length;
  const n = bands.length * each;
  const found = bands.map(() => 0);
  const set = {
    n,
    observations: new Uint8Array(n * stride),
    optimal: new Uint8Array(n),
    band: Uint8Array.from({ length: n }, (_, i) => Math.floor(i / each)),
    bands,
    chance: new Float64Array(n),
  };
  for (let tries = 0; found.some((count) => count < each); tries++) {
    if (tries === MOST_TRIES * each) {
      const short = found.findIndex((count) => count < each);
      throw new LabError(
        "level/impossible",
        `decisions: too few that need ${bands[short]!.join(" to ")} steps of lookahead, got ${found[short]} in ${tries} levels; expected ${each}`,
        { hint: "Ask for fewer or shallower ones, or choose a larger size or a layout with longer detours." },
      );
    }
    const stream = rng.fork(tries);
    world.draw(batch.levels[0]!, stream.fork("level"), mixture, "test");
    batch.start(0, stream.fork("world"));
    const optimal = world.optimalActions(batch, 0, base, gamma);
    const depth = decisionDepth(look(batch, 0), optimal);
    const band = bands.findIndex(([from, to]) => depth >= from && depth <= to);
    if (optimal === 0 || band < 0 || found[band] === each) continue;
    const i = band * each + found[band]!++;
    set.observations.set(batch.observations, i * stride);
    set.optimal[i] = optimal;
    const { walls } = batch.levels[0]!;
    const here = batch.position[0]!;
    const free = [-world.width, -1, world.width, 1].filter((delta) => walls[here + delta] === 0);
    set.chance[i] = popcount(optimal) / free.length;
  }
  return set;
}

/** Decisions, 1 where right, `[n]`: what the subject prefers where it shows its logits, else what it does. */
export async function rightDecisions(subject: Subject, set: DecisionSet, rng: Rng): Promise<Uint8Array> {
  const actions = await decide(subject, set.observations, set.n, rng);
  return Uint8Array.from(actions, (action, i) => (set.optimal[i]! >> action) & 1);
}

/**
 * Right decisions above chance in each band, Σ(right − chance) / Σ(1 − chance):
 * 1 = always right, 0 = as often as a random move into a free cell, below 0 for
 * whoever follows the greedy step where it is wrong.
 *
 * @param right `[n]`, from {@link rightDecisions}
 */
export function skillByBand({ bands, band, chance, n }: DecisionSet, right: ArrayLike<number>): number[] {
  assert(right.length === n, "one verdict a decision");
  const above = bands.map(() => 0);
  const room = bands.map(() => 0);
  for (let i = 0; i < n; i++) {
    above[band[i]!]! += right[i]! - chance[i]!;
    room[band[i]!]! += 1 - chance[i]!;
  }
  return above.map((sum, b) => (room[b] === 0 ? 0 : sum / room[b]!));
}

/**
 * Steps of lookahead: Σ over bands of their width times the skill in them, at
 * least 0. Clipping keeps a greedy subject, wrong beyond its band, from paying
 * for what it does not see; on decisions guessed at it adds about .4 standard
 * errors of each band's skill.
 *
 * @param skill from {@link skillByBand}; with bands that leave nothing out from 1 on, a planner reaches the last depth
 */
export function planningDepth(bands: readonly Band[], skill: readonly number[]): number {
  return bands.reduce((sum, [from, to], b) => sum + (to - from + 1) * Math.max(0, skill[b]!), 0);
}

function popcount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
