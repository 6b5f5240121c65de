/**
 * @file Decisions on record: for every step of every episode the action taken,
 * what was beside and behind the agent, and for each of many goals which actions
 * would have come closer to it.
 */
import type { Rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { type Act, type Episodes, rollout } from "../rollout.ts";
import { idle } from "../theory/agency/agents-and-devices.ts";
import { blockedMoves, displacements, type Goal, patternReader } from "./goals.ts";

/** Decisions in the order of the levels, and of time within a level. */
export interface Decisions {
  readonly n: number;
  /** Decisions of level i are `start[i]` up to `start[i + 1]`. */
  readonly start: Int32Array;
  readonly actions: Uint8Array;
  /** The action before plus 1; 0 at the start of an episode. */
  readonly previous: Uint8Array;
  /** 1 when the action before moved into a wall. */
  readonly bumped: Uint8Array;
  /** Bit a is set when action a moves into a wall. */
  readonly blocked: Uint8Array;
  /** 1 when what was observed had not been observed before in the episode: deciding again on the same sight tells nothing new. */
  readonly fresh: Uint8Array;
  /** For each goal the pattern of the decision: which actions come closer; see `theory/agency/agents-and-devices.ts`. Idle where not fresh. */
  readonly patterns: readonly Uint8Array[];
  readonly episodes: Episodes;
}

/** The decisions of levels `from` up to `to`, as views; episodes stay those of all levels. */
export function decisionsOf(decisions: Decisions, from: number, to: number): Decisions {
  const [first, last] = [decisions.start[from]!, decisions.start[to]!];
  const view = (values: Uint8Array) => values.subarray(first, last);
  return {
    n: last - first,
    start: decisions.start.subarray(from, to + 1).map((at) => at - first),
    actions: view(decisions.actions),
    previous: view(decisions.previous),
    bumped: view(decisions.bumped),
    blocked: view(decisions.blocked),
    fresh: view(decisions.fresh),
    patterns: decisions.patterns.map(view),
    episodes: decisions.episodes,
  };
}

/** Play one episode a level and record every decision. */
export async function recordDecisions(options: {
  readonly world: World;
  readonly levels: readonly Level[];
  readonly act: Act;
  readonly goals: readonly Goal[];
  readonly rng: Rng;
}): Promise<Decisions> {
  const { world, levels, goals } = options;
  const stride = world.planes.length * world.height * world.width;
  const deltas = displacements(world);
  const read = patternReader(world, goals);
  const patterns = new Uint8Array(goals.length);
  const nothing = idle(deltas.length);
  const seen = levels.map(() => new Set<number>());
  // What was done last on each level: the action plus 1, and whether it bumped.
  const previous = new Uint8Array(levels.length);
  const bumped = new Uint8Array(levels.length);
  const level = growing(Int32Array);
  const columns = Array.from({ length: 5 + goals.length }, () => growing(Uint8Array));
  const episodes = await rollout({
    ...options,
    paths: true,
    onStep(batch, actions, active) {
      for (let slot = 0; slot < batch.size; slot++) {
        const index = active[slot]!;
        if (index < 0) continue;
        const action = actions[slot]!;
        const blocked = blockedMoves(batch.levels[slot]!.walls, batch.position[slot]!, deltas);
        const sight = hashBytes(batch.observations, slot * stride, (slot + 1) * stride);
        const isFresh = !seen[index]!.has(sight);
        seen[index]!.add(sight);
        if (isFresh) read(batch, slot, patterns);
        else patterns.fill(nothing);
        level.push(index);
        for (const [c, value] of [action, previous[index]!, bumped[index]!, blocked, isFresh ? 1 : 0].entries()) {
          columns[c]!.push(value);
        }
        for (let g = 0; g < goals.length; g++) columns[5 + g]!.push(patterns[g]!);
        previous[index] = action + 1;
        bumped[index] = (blocked >> action) & 1;
      }
    },
  });
  const { start, order } = byLevel(level.values(), levels.length);
  const [actions, before, bumps, blocked, fresh, ...rest] = columns.map((column) => {
    const values = column.values();
    return Uint8Array.from(order, (i) => values[i]!);
  });
  return {
    n: order.length,
    start,
    actions: actions!,
    previous: before!,
    bumped: bumps!,
    blocked: blocked!,
    fresh: fresh!,
    patterns: rest,
    episodes,
  };
}

/** A stable order by level, and where each level starts in it. */
function byLevel(level: Int32Array, levels: number): { readonly start: Int32Array; readonly order: Int32Array } {
  const start = new Int32Array(levels + 1);
  for (const index of level) start[index + 1]!++;
  for (let i = 0; i < levels; i++) start[i + 1]! += start[i]!;
  const next = start.slice();
  const order = new Int32Array(level.length);
  for (const [i, index] of level.entries()) order[next[index]!++] = i;
  return { start, order };
}

/** A list of small numbers that grows in place. */
function growing<T extends Uint8Array | Int32Array>(kind: new (length: number) => T) {
  let values = new kind(1024);
  let n = 0;
  return {
    push(value: number): void {
      if (n === values.length) {
        const larger = new kind(2 * n);
        larger.set(values);
        values = larger;
      }
      values[n++] = value;
    },
    values: (): T => values.subarray(0, n) as T,
  };
}

/** Fowler, Noll and Vo's 32-bit hash of a stretch of bytes. */
function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let h = 0x811c9dc5;
  for (let i = from; i < to; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h;
}
