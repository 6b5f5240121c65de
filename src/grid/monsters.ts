/**
 * @file The dynamics of a world with apples, shields and monsters that chase:
 * many episodes in typed arrays, chance included.
 *
 * A step: the mouse moves; the monsters move one after another in random order,
 * each to one of its neighboring cells or nowhere with probability proportional
 * to exp(−beta · distance to the mouse), and not onto another monster; a shield
 * is picked up; a monster on the mouse's cell dies against a shield or costs 1;
 * an apple is taken.
 */
import type { Batch, Level } from "../env.ts";
import type { Board } from "./board.ts";
import { CHANCE_WORDS, nextChance, seedChance } from "./chance.ts";
import { flood } from "./flood.ts";
import { allocateSlots } from "./slots.ts";

export const MONSTER_PLANES = ["WALL", "MOUSE", "APPLE", "MONSTER", "SHIELD", "INV"] as const;
export const APPLE = 2;
export const MONSTER = 3;
export const SHIELD = 4;
const INVENTORY = 5;

/** Where in a level's items each kind begins; the mouse is item 0, apples begin at 1. */
export interface MonsterSpec {
  readonly board: Board;
  readonly firstShield: number;
  readonly firstMonster: number;
  /** The item that holds the level's time limit, right after the last monster. */
  readonly limitItem: number;
  /** How surely monsters chase: inverse temperature per step of distance. */
  readonly beta: number;
}

/** Values of {@link MonsterBatch.firstInPeace}; 0 is nothing yet. */
export const FIRST_APPLE = 1;
export const FIRST_SHIELD = 2;

export interface MonsterBatch extends Batch {
  /** Shields in hand, monsters alive, each `[size]`. */
  readonly held: Uint8Array;
  readonly alive: Uint8Array;
  /** Apples taken, shields taken, hits suffered, each `[size]`. */
  readonly apples: Uint8Array;
  readonly shields: Uint8Array;
  readonly hits: Int32Array;
  /** What was taken first after the last monster had died, while there was still some of both; `[size]`. */
  readonly firstInPeace: Uint8Array;
}

/** How many of the items `from` to `to − 1` are on the level. */
export function countPresent(level: Level, from: number, to: number): number {
  let present = 0;
  for (let item = from; item < to; item++) if (level.items[item]! >= 0) present++;
  return present;
}

/** Allocates batches of such a world. */
export function monsterBatches(spec: MonsterSpec): (size: number) => MonsterBatch {
  const { board, firstShield, firstMonster, limitItem, beta } = spec;
  const { cells, deltas, distance, queue } = board;
  const stride = MONSTER_PLANES.length * cells;
  const itemCount = board.items.length;
  const monsters = limitItem - firstMonster;
  /** Weight of a step towards the mouse, of staying, of a step away. */
  const weights = [1, Math.exp(-beta), Math.exp(-2 * beta)] as const;
  const weightOf = (change: number) => (change < 0 ? weights[0] : change === 0 ? weights[1] : weights[2]);

  return function batch(size) {
    const slots = allocateSlots(size, { cells, items: itemCount, planes: MONSTER_PLANES.length, objectives: 2 });
    const { walls, items, position, time, done, observations } = slots;
    const [appleRewards, shieldRewards] = slots.rewards as [Float32Array, Float32Array];
    const bytes = () => new Uint8Array(size);
    const [held, alive, applesLeft, killsLeft] = [bytes(), bytes(), bytes(), bytes()];
    const [applesTaken, shieldsTaken, shieldsLeft, firstInPeace] = [bytes(), bytes(), bytes(), bytes()];
    const hits = new Int32Array(size);
    /** `[size, monsters]`, −1 = dead or absent. */
    const lairs = new Int16Array(size * monsters);
    const chance = new Int32Array(size * CHANCE_WORDS);
    slots.memory.push(held, alive, applesLeft, killsLeft, applesTaken, shieldsTaken, shieldsLeft, firstInPeace);
    slots.memory.push(hits, lairs, chance);
    const order = new Int16Array(monsters);
    const options = new Int16Array(5);
    const odds = new Float64Array(5);

    /** Move one monster; `distance` holds steps to the mouse. */
    function prowl(slot: number, monster: number): void {
      const at = slot * monsters + monster;
      const from = lairs[at]!;
      const here = distance[from]!;
      if (here < 0) return; // walled off from the mouse: it waits
      const plane = slot * stride;
      let total = 0;
      let n = 0;
      for (let side = 0; side < 5; side++) {
        const to = side === 4 ? from : from + deltas[side]!;
        if (observations[plane + to] !== 0) continue;
        total += weightOf(distance[to]! - here);
        options[n] = to;
        odds[n++] = total;
      }
      const dart = nextChance(chance, slot) * total;
      let chosen = 0;
      while (chosen < n - 1 && dart >= odds[chosen]!) chosen++;
      const to = options[chosen]!;
      const own = plane + MONSTER * cells;
      if (to === from || observations[own + to] !== 0) return;
      observations[own + from] = 0;
      observations[own + to] = 1;
      lairs[at] = to;
    }

    function prowlAll(slot: number): void {
      flood(slots.levels[slot]!.walls, board.width, position[slot]!, distance, queue);
      let n = 0;
      for (let monster = 0; monster < monsters; monster++) {
        if (lairs[slot * monsters + monster]! >= 0) order[n++] = monster;
      }
      for (let i = n - 1; i > 0; i--) {
        const j = Math.floor(nextChance(chance, slot) * (i + 1));
        const kept = order[i]!;
        order[i] = order[j]!;
        order[j] = kept;
      }
      for (let i = 0; i < n; i++) prowl(slot, order[i]!);
    }

    /** A monster on the mouse's cell dies against a shield; returns how many hurt instead. */
    function meet(slot: number): number {
      const plane = slot * stride;
      const here = position[slot]!;
      if (observations[plane + MONSTER * cells + here] === 0) return 0;
      if (held[slot] === 0) return 1;
      held[slot]!--;
      observations[plane + INVENTORY * cells + held[slot]!] = 0;
      observations[plane + MONSTER * cells + here] = 0;
      for (let i = slot * monsters; i < (slot + 1) * monsters; i++) if (lairs[i] === here) lairs[i] = -1;
      alive[slot]!--;
      if (killsLeft[slot]! > 0) killsLeft[slot]!--;
      return 0;
    }

    return {
      ...slots,
      held,
      alive,
      apples: applesTaken,
      shields: shieldsTaken,
      hits,
      firstInPeace,
      start(slot, rng) {
        const from = slot * stride;
        const at = slot * itemCount;
        for (const state of [held, applesTaken, shieldsTaken, firstInPeace]) state[slot] = 0;
        position[slot] = items[at]!;
        time[slot] = 0;
        done[slot] = 0;
        hits[slot] = 0;
        appleRewards[slot] = 0;
        shieldRewards[slot] = 0;
        const level = slots.levels[slot]!;
        applesLeft[slot] = countPresent(level, 1, firstShield);
        alive[slot] = countPresent(level, firstMonster, limitItem);
        shieldsLeft[slot] = countPresent(level, firstShield, firstMonster);
        killsLeft[slot] = Math.min(alive[slot]!, shieldsLeft[slot]!);
        for (let i = 0; i < cells; i++) observations[from + i] = walls[slot * cells + i]!;
        observations.fill(0, from + cells, from + stride);
        observations[from + cells + items[at]!] = 1;
        for (let item = 1; item < limitItem; item++) {
          const cell = items[at + item]!;
          if (item >= firstMonster) lairs[slot * monsters + item - firstMonster] = cell;
          const plane = item < firstShield ? APPLE : item < firstMonster ? SHIELD : MONSTER;
          if (cell >= 0) observations[from + plane * cells + cell] = 1;
        }
        seedChance(chance, slot, rng);
      },
      step(actions) {
        let ended = 0;
        for (let slot = 0; slot < size; slot++) {
          const plane = slot * stride;
          const from = position[slot]!;
          const to = from + deltas[actions[slot]!]!;
          const now = ++time[slot]!;
          if (observations[plane + to] === 0) {
            observations[plane + cells + from] = 0;
            observations[plane + cells + to] = 1;
            position[slot] = to;
          }
          const here = position[slot]!;
          const isPeace = alive[slot] === 0;
          if (!isPeace) prowlAll(slot);
          let shield = 0;
          if (observations[plane + SHIELD * cells + here] === 1) {
            observations[plane + SHIELD * cells + here] = 0;
            observations[plane + INVENTORY * cells + held[slot]!] = 1;
            if (isPeace && firstInPeace[slot] === 0 && applesLeft[slot]! > 0) firstInPeace[slot] = FIRST_SHIELD;
            held[slot]!++;
            shieldsTaken[slot]!++;
            shieldsLeft[slot]!--;
            shield = 1;
          }
          const hurt = meet(slot);
          hits[slot] = hits[slot]! + hurt;
          let apple = 0;
          if (observations[plane + APPLE * cells + here] === 1) {
            observations[plane + APPLE * cells + here] = 0;
            if (isPeace && firstInPeace[slot] === 0 && shieldsLeft[slot]! > 0) firstInPeace[slot] = FIRST_APPLE;
            applesLeft[slot]!--;
            applesTaken[slot]!++;
            apple = 1;
          }
          const isOver = applesLeft[slot] === 0 && killsLeft[slot] === 0;
          const over = isOver ? 1 : now >= items[slot * itemCount + limitItem]! ? 2 : 0;
          appleRewards[slot] = apple - hurt;
          shieldRewards[slot] = shield;
          done[slot] = over;
          if (over !== 0) ended++;
        }
        return ended;
      },
    };
  };
}
