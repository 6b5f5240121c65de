/**
 * @file Where a goal is, inside: the mean activation by the goal's cell, the
 * trial that moves it from one cell to another without moving the thing, and the
 * trial that takes what varies with the goal's cell from another level.
 */
import type { Rng } from "../core/rng.ts";
import type { Candidate, Level, World } from "../env.ts";
import { floodSet } from "../grid/flood.ts";
import { copyLevel } from "../rollout.ts";
import type { Subject } from "../subject.ts";
import { recordActivations } from "./activations.ts";
import { additionsAt } from "./additions.ts";
import { displacements } from "./goals.ts";
import type { SiteInfo } from "./sites.ts";

/** First states of levels on which a candidate seeks one cell. */
export interface GoalStates {
  readonly n: number;
  readonly levels: readonly Level[];
  readonly observations: Uint8Array;
  readonly layout: Int32Array;
  /** The cell sought, and the agent's. */
  readonly goal: Int32Array;
  readonly agent: Int32Array;
}

/** The levels on which a candidate seeks one cell at the start, and a thing lies there. */
export function goalStates(world: World, candidate: Candidate, levels: readonly Level[], rng: Rng): GoalStates {
  const cells = world.height * world.width;
  const batch = world.batch(levels.length);
  const marks = new Uint8Array(cells);
  const goals = levels.map((level, slot) => {
    copyLevel(level, batch.levels[slot]!);
    batch.start(slot, rng.fork(slot));
    const isOne = candidate.mark(batch, slot, marks) === 1;
    const cell = marks.indexOf(1);
    return isOne && world.cellItems.some((item) => item !== 0 && level.items[item] === cell) ? cell : -1;
  });
  const kept = goals.flatMap((goal, slot) => (goal >= 0 ? [slot] : []));
  const stride = world.planes.length * cells;
  const observations = new Uint8Array(kept.length * stride);
  for (const [i, slot] of kept.entries()) {
    observations.set(batch.observations.subarray(slot * stride, (slot + 1) * stride), i * stride);
  }
  return {
    n: kept.length,
    levels: kept.map((slot) => levels[slot]!),
    observations,
    layout: Int32Array.from(kept, (slot) => world.layoutHash(levels[slot]!)),
    goal: Int32Array.from(kept, (slot) => goals[slot]!),
    agent: Int32Array.from(kept, (slot) => batch.position[slot]!),
  };
}

/** What a group of sites holds on every state. */
export interface Held {
  readonly sites: readonly SiteInfo[];
  /** By site, `[n, …shape]`. */
  readonly values: readonly Float32Array[];
  /** By site and goal cell, the mean over the states of `known`, less the mean over all of them. */
  readonly means: readonly ReadonlyMap<number, Float64Array>[];
}

/** Record a group of sites and its means by goal cell; cells with fewer than `least` states are left out. */
export async function holdings(
  subject: Subject,
  states: GoalStates,
  sites: readonly SiteInfo[],
  known: readonly number[],
  least = 4,
): Promise<Held> {
  const recorded = await recordActivations({
    inside: subject.inside!,
    shape: subject.shape,
    sites: sites.map(({ site }) => site),
    observations: states.observations,
    n: states.n,
  });
  const values = sites.map(({ site }) => recorded[site]!.values);
  const byGoal = [...Map.groupBy(known, (i) => states.goal[i]!)].filter(([, members]) => members.length >= least);
  const means = sites.map(({ channels, cells }, s) => {
    const size = channels * cells;
    const meanOver = (members: readonly number[]) => {
      const sum = new Float64Array(size);
      for (const i of members) for (let j = 0; j < size; j++) sum[j]! += values[s]![i * size + j]! / members.length;
      return sum;
    };
    const middle = meanOver(known);
    return new Map(byGoal.map(([cell, members]) => [cell, meanOver(members).map((value, j) => value - middle[j]!)]));
  });
  return { sites, values, means };
}

/** Move the goal inside from where it is to `to`; behavior follows when the action is one of `wanted`. */
export interface GoalMove {
  readonly state: number;
  readonly to: number;
  /** Another cell, whose best moves are others again. */
  readonly elsewhere: number;
  /** Bit a is set when action a is best for a goal at `to`; none of these is best for the goal where it is. */
  readonly wanted: number;
}

/**
 * For each state a cell to which the goal could move such that other moves are
 * best. Only cells that the means know, and floor.
 */
export function goalMoves(
  world: World,
  states: GoalStates,
  among: readonly number[],
  known: ReadonlySet<number>,
  rng: Rng,
): GoalMove[] {
  const best = bestMoves(world);
  return among.flatMap((state): GoalMove[] => {
    const { walls } = states.levels[state]!;
    const agent = states.agent[state]!;
    const now = best(walls, states.goal[state]!, agent);
    if (now === 0 || !known.has(states.goal[state]!)) return [];
    const cells = [...known].filter((cell) => walls[cell] === 0 && cell !== agent);
    rng.fork(state).shuffle(cells);
    for (const to of cells) {
      const wanted = best(walls, to, agent);
      if (wanted === 0 || (wanted & now) !== 0) continue;
      const elsewhere = cells.find((cell) => {
        const moves = best(walls, cell, agent);
        return moves !== 0 && (moves & wanted) === 0 && cell !== states.goal[state];
      });
      return elsewhere === undefined ? [] : [{ state, to, elsewhere, wanted }];
    }
    return [];
  });
}

/** The moves that come closer to a cell, as bits. */
function bestMoves(world: World): (walls: Uint8Array, goal: number, from: number) => number {
  const deltas = displacements(world);
  const cells = world.height * world.width;
  const source = new Uint8Array(cells);
  const distance = new Int16Array(cells);
  const queue = new Int16Array(cells);
  return (walls, goal, from) => {
    source.fill(0);
    source[goal] = 1;
    floodSet(walls, world.width, source, distance, queue);
    if (distance[from]! < 1) return 0;
    return deltas.reduce(
      (mask, delta, a) => (delta !== 0 && distance[from + delta] === distance[from]! - 1 ? mask | (1 << a) : mask),
      0,
    );
  };
}

/** By trial, 1 where the preferred action is one that the new cell asks for. */
export interface GoalOutcome {
  readonly moves: readonly GoalMove[];
  readonly written: Uint8Array;
  readonly nothing: Uint8Array;
  readonly elsewhere: Uint8Array;
  /** Share of random vectors of equal norm. */
  readonly random: Float64Array;
}

/** Make the trials of moving the goal inside. Trials that come out right with nothing written are left out. */
export async function moveInside(options: {
  readonly subject: Subject;
  readonly states: GoalStates;
  readonly held: Held;
  readonly moves: readonly GoalMove[];
  readonly draws: number;
  readonly rng: Rng;
}): Promise<GoalOutcome> {
  const { subject, states, held, draws, rng } = options;
  const { sites, means } = held;
  const additions = await additionsAt(subject, sites);
  const ask = async (moves: readonly GoalMove[], vector: (move: GoalMove, s: number) => Float64Array | undefined) => {
    const vectors = sites.map(({ channels, cells }, s) => {
      const all = new Float32Array(moves.length * channels * cells);
      for (const [i, move] of moves.entries()) all.set(vector(move, s) ?? [], i * channels * cells);
      return all;
    });
    const actions = await additions.preferred(rowsOf(states, moves), moves.length, vectors);
    return Uint8Array.from(moves, ({ wanted }, i) => (wanted >> actions[i]!) & 1);
  };
  const shift = (move: GoalMove, s: number, to: number) =>
    means[s]!.get(to)!.map((value, j) => value - means[s]!.get(states.goal[move.state]!)![j]!);
  const before = await ask(options.moves, () => undefined);
  const moves = options.moves.filter((_, i) => before[i] === 0);
  const written = await ask(moves, (move, s) => shift(move, s, move.to));
  const elsewhere = await ask(moves, (move, s) => shift(move, s, move.elsewhere));
  const random = new Float64Array(moves.length);
  for (let draw = 0; draw < draws; draw++) {
    const noise = rng.fork(draw);
    const hits = await ask(moves, (move, s) => scaledNoise(shift(move, s, move.to), noise));
    for (const [i, hit] of hits.entries()) random[i]! += hit / draws;
  }
  return { moves, written, nothing: new Uint8Array(moves.length), elsewhere, random };
}

/** By state, 1 where the preferred action stays what it was when what varies with the goal is taken from another level. */
export interface ResampleOutcome {
  readonly state: readonly number[];
  readonly same: Uint8Array;
  readonly different: Uint8Array;
}

/** Take the part that varies with the goal's cell from a level with the same goal cell, and from one with another. */
export async function resample(options: {
  readonly subject: Subject;
  readonly states: GoalStates;
  readonly held: Held;
  readonly among: readonly number[];
  readonly rng: Rng;
}): Promise<ResampleOutcome> {
  const { subject, states, held, among, rng } = options;
  const additions = await additionsAt(subject, held.sites);
  const bases = held.means.map((means) => orthonormal([...means.values()]));
  const draw = (of: readonly number[], label: string) => of[rng.fork(label).int(of.length)]!;
  const pairs = among.flatMap((state) => {
    const others = among.filter((other) => states.layout[other] !== states.layout[state]);
    const same = others.filter((other) => states.goal[other] === states.goal[state]);
    const different = others.filter((other) => states.goal[other] !== states.goal[state]);
    if (same.length === 0 || different.length === 0) return [];
    return [{ state, same: draw(same, `same ${state}`), different: draw(different, `different ${state}`) }];
  });
  const ask = (donor: (pair: (typeof pairs)[number]) => number) =>
    additions.preferred(
      rowsOf(states, pairs),
      pairs.length,
      held.sites.map(({ channels, cells }, s) => {
        const size = channels * cells;
        const all = new Float32Array(pairs.length * size);
        const values = held.values[s]!;
        for (const [i, pair] of pairs.entries()) {
          const [from, own] = [donor(pair) * size, pair.state * size];
          const gap = Float64Array.from({ length: size }, (_, j) => values[from + j]! - values[own + j]!);
          all.set(projected(gap, bases[s]!), i * size);
        }
        return all;
      }),
    );
  const own = await ask(({ state }) => state);
  const [same, different] = [await ask((pair) => pair.same), await ask((pair) => pair.different)];
  const kept = (actions: Uint8Array) => actions.map((action, i) => (action === own[i] ? 1 : 0));
  return { state: pairs.map(({ state }) => state), same: kept(same), different: kept(different) };
}

function rowsOf({ observations, n }: GoalStates, items: readonly { readonly state: number }[]): Uint8Array {
  const stride = observations.length / n;
  const rows = new Uint8Array(items.length * stride);
  for (const [i, { state }] of items.entries()) {
    rows.set(observations.subarray(state * stride, (state + 1) * stride), i * stride);
  }
  return rows;
}

/** An orthonormal basis of what the vectors span (Gram and Schmidt, twice). */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    let left = vector;
    for (let pass = 0; pass < 2; pass++) {
      const inside = projected(left, basis);
      left = left.map((value, j) => value - inside[j]!);
    }
    const length = norm(left);
    if (length > 1e-6 * norm(vector)) basis.push(left.map((value) => value / length));
  }
  return basis;
}

function projected(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(vector.length);
  for (const axis of basis) {
    let overlap = 0;
    for (let j = 0; j < axis.length; j++) overlap += axis[j]! * vector[j]!;
    for (let j = 0; j < axis.length; j++) out[j]! += overlap * axis[j]!;
  }
  return out;
}

/** A random direction with the norm of a vector. */
function scaledNoise(vector: Float64Array, rng: Rng): Float64Array {
  const noise = vector.map(() => rng.normal());
  const scale = norm(vector) / norm(noise);
  return noise.map((value) => value * scale);
}

const norm = (vector: Float64Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
