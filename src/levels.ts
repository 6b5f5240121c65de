/**
 * @file Where training levels come from: fresh draws, a small set that is never
 * left, or replay of the levels on which the agent still regrets most.
 */
import { z } from "zod";
import { LabError } from "./core/errors.ts";
import { type Rng, rng } from "./core/rng.ts";
import type { Level, Mixture, World } from "./env.ts";
import type { Snapshot } from "./optimizer.ts";
import { copyLevel } from "./rollout.ts";

/** Supplies a level for a slot whose episode is about to begin, and hears how it went. */
export interface LevelSource {
  /** Write the next training level for `slot` into `level`. */
  next(slot: number, level: Level, rng: Rng): void;
  /** The episode on the slot's level ended; `discountedReturn` is what was earned from its first step. */
  ended(slot: number, discountedReturn: number): void;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}

export const levelSourceSpec = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("fresh") }),
  z.object({
    kind: z.literal("fixed"),
    count: z.int().min(1).default(16).describe("Distinct levels, the only ones ever trained on."),
  }),
  z.object({
    kind: z.literal("regret-replay"),
    capacity: z.int().min(1).default(4096).describe("Levels kept in the buffer."),
    share: z.number().min(0).max(1).default(0.5).describe("Share of resets that replay a kept level."),
    gamma: z.number().min(0).max(1).default(0.99).describe("Discount of the oracle and of the achieved return."),
  }),
]);
export type LevelSourceSpec = z.output<typeof levelSourceSpec>;

/**
 * A source as its spec says, for so many slots.
 *
 * @param random draws what is settled before training begins: the levels of a fixed set
 */
export function levelSource(
  spec: LevelSourceSpec,
  world: World,
  mixture: Mixture,
  slots: number,
  random: Rng = rng(0),
): LevelSource {
  switch (spec.kind) {
    case "fresh":
      return {
        next: (_, level, rng) => world.draw(level, rng, mixture, "train"),
        ended: nothing,
        snapshot: () => ({}),
        restore: nothing,
      };
    case "fixed": {
      // Drawn before training and not by it, so that nothing has to be saved and anyone can draw them again.
      const levels = fixedLevels(spec.count, world, mixture, random);
      return {
        next: (_, level, rng) => copyLevel(levels[rng.int(levels.length)]!, level),
        ended: nothing,
        snapshot: () => ({}),
        restore: nothing,
      };
    }
    case "regret-replay":
      return regretReplay(spec, world, mixture, slots);
  }
}

/**
 * So many different levels of the training split.
 *
 * @throws {LabError} `level/impossible` when the world has not that many
 */
export function fixedLevels(count: number, world: World, mixture: Mixture, random: Rng): Level[] {
  const found = new Map<string, Level>();
  for (let tries = 0; found.size < count; tries++) {
    if (tries === 100 * count) {
      throw new LabError(
        "level/impossible",
        `levels: too few different levels, got ${found.size} in ${tries} draws; expected ${count}`,
        { hint: "Ask for fewer levels, or choose a larger size." },
      );
    }
    const level = world.blank();
    world.draw(level, random.fork(tries), mixture, "train");
    found.set(`${level.walls.join("")} ${level.items.join()}`, level);
  }
  return [...found.values()];
}

/** Fresh and fixed levels have no memory. */
const nothing = () => undefined;

/**
 * Prioritized level replay with oracle regret (Jiang et al. 2021; oracle-latest
 * estimator of Abdel Sadek et al. 2025): regret = optimum − achieved, both
 * discounted. The buffer keeps the levels of greatest regret; a replayed level
 * is chosen with probability proportional to 1/rank and scored afresh.
 */
function regretReplay(
  { capacity, share, gamma }: Extract<LevelSourceSpec, { kind: "regret-replay" }>,
  world: World,
  mixture: Mixture,
  slots: number,
): LevelSource {
  const base = world.objectives[0]!.id;
  const blank = world.blank();
  const walls = new Uint8Array(capacity * blank.walls.length);
  const items = new Int16Array(capacity * blank.items.length);
  const regret = new Float64Array(capacity).fill(-1);
  /** Buffer row that a slot replays; −1 for a fresh level. */
  const source = new Int32Array(slots).fill(-1);
  const playing = Array.from({ length: slots }, () => world.blank());
  const optimum = new Float64Array(slots);
  /** `[rows kept, 1 when the order is stale]` */
  const count = new Int32Array(2);
  const order = new Int32Array(capacity);
  const cumulative = new Float64Array(capacity);
  for (let i = 0, total = 0; i < capacity; i++) cumulative[i] = total += 1 / (i + 1);

  const row = (i: number): Level => ({
    walls: walls.subarray(i * blank.walls.length, (i + 1) * blank.walls.length),
    items: items.subarray(i * blank.items.length, (i + 1) * blank.items.length),
  });
  const sort = () => {
    const kept = order.subarray(0, count[0]!);
    for (let i = 0; i < kept.length; i++) kept[i] = i;
    kept.sort((a, b) => regret[b]! - regret[a]! || a - b);
    count[1] = 0;
  };
  /** Rank drawn with probability proportional to 1/rank, by bisection. */
  const drawRank = (rng: Rng) => {
    const target = rng.uniform() * cumulative[count[0]! - 1]!;
    let [low, high] = [0, count[0]! - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return {
    next(slot, level, rng) {
      // Ranks are refreshed once per 256 episodes: sorting at each reset would cost more than the training.
      if (count[1]! >= 256 || (count[1]! > 0 && count[0]! < 256)) sort();
      const replay = count[0]! > 0 && rng.uniform() < share;
      source[slot] = replay ? order[drawRank(rng)]! : -1;
      if (replay) copyLevel(row(source[slot]!), level);
      else world.draw(level, rng, mixture, "train");
      copyLevel(level, playing[slot]!);
      optimum[slot] = world.optimum(level, base, gamma).value;
    },
    ended(slot, discountedReturn) {
      const score = Math.max(0, optimum[slot]! - discountedReturn);
      let target = source[slot]!;
      // A replayed level keeps its row unless it was evicted while being played.
      if (target >= 0 && !same(row(target), playing[slot]!)) target = -1;
      if (target < 0) {
        if (count[0]! < capacity) {
          order[count[0]!] = count[0]!;
          target = count[0]!++;
        } else {
          target = leastRegret(regret);
          if (regret[target]! >= score) return;
        }
        copyLevel(playing[slot]!, row(target));
      }
      regret[target] = score;
      count[1]!++;
    },
    snapshot: () => ({
      walls: walls.slice(),
      items: items.slice(),
      regret: regret.slice(),
      source: source.slice(),
      count: count.slice(),
      order: order.slice(),
      optimum: optimum.slice(),
      playingWalls: concat(playing.map((level) => level.walls)),
      playingItems: concat16(playing.map((level) => level.items)),
    }),
    restore(saved) {
      for (const [name, array] of Object.entries({ walls, items, regret, source, count, order, optimum })) {
        (array as Uint8Array).set(saved[name] as Uint8Array);
      }
      for (const [slot, level] of playing.entries()) {
        const [cells, things] = [level.walls.length, level.items.length];
        level.walls.set((saved.playingWalls as Uint8Array).subarray(slot * cells, (slot + 1) * cells));
        level.items.set((saved.playingItems as Int16Array).subarray(slot * things, (slot + 1) * things));
      }
    },
  };
}

function same(a: Level, b: Level): boolean {
  return a.walls.every((wall, i) => wall === b.walls[i]) && a.items.every((item, i) => item === b.items[i]);
}

function leastRegret(regret: Float64Array): number {
  let least = 0;
  for (let i = 1; i < regret.length; i++) if (regret[i]! < regret[least]!) least = i;
  return least;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function concat16(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
