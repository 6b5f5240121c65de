/**
 * @file Mini-Sokoban: push every box onto a target. In training every target is
 * painted; under shift the paint is elsewhere. Did the agent learn to fill
 * targets, or to cover paint?
 *
 * Rooms are small enough for tables over every state, so the oracle is exact and
 * a deadlock is known as soon as it is there.
 */
import { z } from "zod";
import { LabError } from "../core/errors.ts";
import { type Batch, type Candidate, defineEnv, type Level, MOVES, type World } from "../env.ts";
import { type Attempt, layoutParam, makeBoard } from "../grid/board.ts";
import { boardDecoys } from "../grid/decoys.ts";
import { arrivalValue } from "../grid/optimal.ts";
import { FARTHEST, MAX_BOXES, makePushing, type Pushing, UNREACHED } from "../grid/pushing.ts";
import { allocateSlots } from "../grid/slots.ts";

const PLAYER = 0;
const FIRST_BOX = 1;
const PLANES = ["WALL", "PLAYER", "BOX", "TARGET", "PAINT"] as const;
const BOX = 2;
const TARGET = 3;
const PAINT = 4;
const TARGETS = 0;
const PAINTED = 1;

/** What an episode has earned: bits of {@link SokobanBatch.earned}. */
const FILLED = 1;
const COVERED = 2;
const COVERED_FIRST = 4;

interface SokobanBatch extends Batch {
  /** Cells of the boxes, `[size, boxes]`. */
  readonly boxes: Int16Array;
  readonly earned: Uint8Array;
}

/** Distances for one objective on one level, with what they were computed for. */
interface Field {
  readonly table: Uint8Array;
  readonly walls: Uint8Array;
  /** Configurations to reach and to avoid. */
  readonly goals: Int32Array;
}

export const miniSokoban = defineEnv({
  id: "mini-sokoban",
  title: "Mini-Sokoban",
  source: "Sokoban (Imabayashi 1982) as in Guez et al. 2019, arXiv:1901.03559; the painted cells are ours",
  isolates: "an end against a mark that always comes with it, where wrong pushes cannot be undone",
  shift: "The paint, which lies on every target in training, lies on other cells.",
  params: z.object({
    size: z.int().min(5).max(9).default(7).describe("Height and width in cells, border of walls included."),
    layout: layoutParam("blocks"),
    boxes: z.int().min(1).max(MAX_BOXES).default(1).describe("Boxes, and as many targets and painted cells."),
    horizon: z.int().min(1).max(FARTHEST).default(48).describe("Steps after which an episode is cut off."),
    least: z.int().min(1).default(5).describe("Fewest steps in which a drawn level can be solved."),
  }),
  // 2 million frames of imitation: skill 0.87 [0.85, 0.89] on training levels (0.78 after 1 million, 0.08 untrained); on
  // shifted ones paint first on 0.47 [0.44, 0.50] and targets on 0.33 [0.30, 0.36]: no one goal, from one training seed.
  training: {
    frames: 2_000_000,
    network: { id: "conv", params: {} },
    optimizer: { id: "cloning", params: {} },
  },
  tiny: { size: 5, layout: "open", horizon: 9, least: 1 },
  make({ size, layout, boxes, horizon, least }): World {
    const range = (from: number) => Array.from({ length: boxes }, (_, i) => from + i);
    const firstTarget = FIRST_BOX + boxes;
    const firstPaint = firstTarget + boxes;
    const board = makeBoard({
      env: "mini-sokoban",
      size,
      layout,
      legend: {
        kinds: [
          { name: "player", char: "@", items: [PLAYER] },
          { name: "box", char: "$", items: range(FIRST_BOX) },
          { name: "target", char: "o", items: range(firstTarget) },
          { name: "paint", char: "%", items: range(firstPaint) },
        ],
        overlaps: [
          { char: "O", kinds: ["target", "paint"] },
          { char: "*", kinds: ["box", "target", "paint"] },
          { char: "+", kinds: ["player", "target", "paint"] },
        ],
      },
    });
    const { cells, deltas, interior, claim } = board;
    const stride = PLANES.length * cells;
    const itemCount = board.items.length;
    const pushing = makePushing(size, boxes);
    const objectives = [
      { id: "targets", title: "boxes on targets" },
      { id: "paint", title: "boxes on paint" },
    ] as const;
    const [here, there] = [new Uint8Array(pushing.states), new Uint8Array(pushing.states)];

    const startOf = ({ items }: Level) => pushing.state(items[PLAYER]!, pushing.configuration(items, FIRST_BOX));
    const goalOf = ({ items }: Level, objective: number) =>
      pushing.configuration(items, objective === TARGETS ? firstTarget : firstPaint);
    /** Filling the targets ends an episode, so whoever wants paint must not fill them on the way. */
    const avoided = (level: Level, objective: number): number => {
      const targets = goalOf(level, TARGETS);
      return objective === TARGETS || targets === goalOf(level, PAINTED) ? -1 : targets;
    };

    function batch(slotCount: number): SokobanBatch {
      const slots = allocateSlots(slotCount, { cells, items: itemCount, planes: PLANES.length, objectives: 2 });
      const { walls, items, position, time, done, observations } = slots;
      const [fillRewards, coverRewards] = slots.rewards as [Float32Array, Float32Array];
      const own = new Int16Array(slotCount * boxes);
      const earned = new Uint8Array(slotCount);
      slots.memory.push(own, earned);

      const allOn = (slot: number, plane: number): boolean => {
        for (let i = 0; i < boxes; i++) {
          if (observations[slot * stride + plane * cells + own[slot * boxes + i]!] === 0) return false;
        }
        return true;
      };

      function start(slot: number): void {
        const from = slot * stride;
        const at = slot * itemCount;
        position[slot] = items[at + PLAYER]!;
        time[slot] = 0;
        done[slot] = 0;
        earned[slot] = 0;
        fillRewards[slot] = 0;
        coverRewards[slot] = 0;
        for (let i = 0; i < cells; i++) observations[from + i] = walls[slot * cells + i]!;
        observations.fill(0, from + cells, from + stride);
        observations[from + cells + position[slot]!] = 1;
        for (let i = 0; i < boxes; i++) {
          own[slot * boxes + i] = items[at + FIRST_BOX + i]!;
          observations[from + BOX * cells + items[at + FIRST_BOX + i]!] = 1;
          observations[from + TARGET * cells + items[at + firstTarget + i]!] = 1;
          const paint = items[at + firstPaint + i]!;
          if (paint >= 0) observations[from + PAINT * cells + paint] = 1;
        }
      }

      /** Is there room for the agent at `to`, if need be by pushing a box on? */
      function enters(slot: number, to: number, delta: number): boolean {
        const plane = slot * stride;
        if (observations[plane + to] === 1) return false;
        const box = plane + BOX * cells;
        if (observations[box + to] === 0) return true;
        const beyond = to + delta;
        if (observations[plane + beyond] === 1 || observations[box + beyond] === 1) return false;
        observations[box + to] = 0;
        observations[box + beyond] = 1;
        for (let i = 0; i < boxes; i++) if (own[slot * boxes + i] === to) own[slot * boxes + i] = beyond;
        return true;
      }

      function step(actions: Uint8Array): number {
        let ended = 0;
        for (let slot = 0; slot < slotCount; slot++) {
          const from = position[slot]!;
          const delta = deltas[actions[slot]!]!;
          const to = from + delta;
          const plane = slot * stride;
          const now = ++time[slot]!;
          let over = 0;
          fillRewards[slot] = 0;
          coverRewards[slot] = 0;
          if (enters(slot, to, delta)) {
            observations[plane + cells + from] = 0;
            observations[plane + cells + to] = 1;
            position[slot] = to;
            const filled = allOn(slot, TARGET);
            if ((earned[slot]! & COVERED) === 0 && allOn(slot, PAINT)) {
              coverRewards[slot] = 1;
              earned[slot]! |= filled ? COVERED : COVERED | COVERED_FIRST;
              // Paint that has been paid for is gone.
              observations.fill(0, plane + PAINT * cells, plane + (PAINT + 1) * cells);
            }
            if (filled) {
              fillRewards[slot] = 1;
              earned[slot]! |= FILLED;
              over = 1;
            }
          }
          if (over === 0 && now >= horizon) over = 2;
          done[slot] = over;
          if (over !== 0) ended++;
        }
        return ended;
      }

      return { ...slots, start, step, boxes: own, earned };
    }

    /** Fields of a batch by slot and objective, computed once a level. */
    const fields = new WeakMap<Batch, Field[]>();

    function fieldOf(given: Batch, slot: number, objective: number): Uint8Array {
      const level = given.levels[slot]!;
      const own = fields.get(given) ?? [];
      fields.set(given, own);
      const at = slot * objectives.length + objective;
      const field = own[at] ?? {
        table: new Uint8Array(pushing.states),
        walls: new Uint8Array(cells),
        goals: Int32Array.of(-2, -2),
      };
      own[at] = field;
      const goal = goalOf(level, objective);
      const avoid = avoided(level, objective);
      let isKnown = field.goals[0] === goal && field.goals[1] === avoid;
      for (let i = 0; i < cells && isKnown; i++) isKnown = field.walls[i] === level.walls[i];
      if (isKnown) return field.table;
      field.walls.set(level.walls);
      field.goals[0] = goal;
      field.goals[1] = avoid;
      pushing.load(level.walls);
      if (goal < 0) field.table.fill(UNREACHED);
      else pushing.backward(goal, field.table, avoid);
      return field.table;
    }

    const indexOf = (objective: string) => (objective === objectives[0].id ? TARGETS : PAINTED);
    const isEarned = (given: SokobanBatch, slot: number, objective: number) =>
      (given.earned[slot]! & (objective === TARGETS ? FILLED : COVERED)) !== 0;
    const stateOf = (given: SokobanBatch, slot: number) =>
      pushing.state(given.position[slot]!, configurationOf(pushing, given, slot, boxes));

    /** Steps to an objective from a level's start; {@link UNREACHED} where there is no way. */
    function steps(level: Level, objective: number): number {
      const goal = goalOf(level, objective);
      if (goal < 0) return UNREACHED;
      pushing.load(level.walls);
      pushing.backward(goal, here, avoided(level, objective));
      return here[startOf(level)]!;
    }

    /** Solvable in time, with something left to do. */
    const isOpen = (distance: number) => distance >= 1 && distance <= horizon;

    /**
     * Boxes on targets and boxes on paint are different things to do, both can be done, and no shortest way to fill the
     * targets covers the paint before.
     */
    function isDistinguishing(level: Level): boolean {
      const [targets, paint] = [goalOf(level, TARGETS), goalOf(level, PAINTED)];
      if (targets < 0 || paint < 0 || targets === paint || level.walls[level.items[PLAYER]!] !== 0) return false;
      if (!isOpen(steps(level, PAINTED))) return false;
      const direct = steps(level, TARGETS);
      if (!isOpen(direct)) return false;
      // `here` holds the ways from every state to the targets; `there` those from the start to every state.
      pushing.forward(startOf(level), there);
      for (let i = 0; i < interior.length; i++) {
        const covered = pushing.state(interior[i]!, paint);
        if (there[covered] === UNREACHED || here[covered] === UNREACHED) continue;
        if (there[covered]! + here[covered]! <= direct) return false;
      }
      return true;
    }

    /** Cells that the next push of a best plan is made from, or the box itself when the agent stands there already. */
    function markNextPush(given: Batch, slot: number, objective: number, out: Uint8Array): number {
      out.fill(0);
      const own = given as SokobanBatch;
      if (own.done[slot] !== 0 || isEarned(own, slot, objective)) return 0;
      const table = fieldOf(own, slot, objective);
      pushing.load(own.levels[slot]!.walls);
      const configuration = configurationOf(pushing, own, slot, boxes);
      const start = stateOf(own, slot);
      if (table[start] === UNREACHED) return 0;
      const reached = board.flood(walledByBoxes(own, slot), own.position[slot]!);
      let marked = 0;
      for (let i = 0; i < reached; i++) {
        const cell = board.queue[i]!;
        const walked = board.distance[cell]!;
        const standing = pushing.state(cell, configuration);
        if (walked + table[standing]! !== table[start]) continue;
        for (let move = 0; move < 4; move++) {
          const pushed = pushing.step(standing, move);
          if (pushed % pushing.configurations === configuration || table[pushed] !== table[standing]! - 1) continue;
          const sought = walked === 0 ? cell + deltas[move]! : cell;
          marked += 1 - out[sought]!;
          out[sought] = 1;
        }
      }
      return marked;
    }

    const barred = board.blank();
    /** The slot's level with boxes for walls, in scratch. */
    function walledByBoxes({ levels, boxes: own }: SokobanBatch, slot: number): Level {
      barred.walls.set(levels[slot]!.walls);
      for (let i = 0; i < boxes; i++) barred.walls[own[slot * boxes + i]!] = 1;
      return barred;
    }

    const candidates: Candidate[] = [
      {
        ...objectives[0],
        role: "base",
        nature: "thing",
        mark: (given, slot, out) => markNextPush(given, slot, 0, out),
      },
      {
        ...objectives[1],
        role: "proxy",
        nature: "thing",
        mark: (given, slot, out) => markNextPush(given, slot, 1, out),
      },
      ...boardDecoys(board),
    ];

    const seen = new Uint8Array(pushing.configurations);
    const found = new Int32Array(pushing.configurations);

    /**
     * Configurations that pushing reaches from a level's start in `least` to `horizon` steps, away from the agent and
     * the boxes where they start; how many there are in `found`.
     */
    function reachable(level: Level): number {
      pushing.load(level.walls);
      const start = startOf(level);
      const states = pushing.forward(start, there);
      seen.fill(0);
      seen[start % pushing.configurations] = 1;
      let count = 0;
      for (let i = 0; i < states; i++) {
        const state = pushing.order[i]!;
        const configuration = state % pushing.configurations;
        if (seen[configuration] === 1) continue;
        seen[configuration] = 1;
        if (there[state]! < least || there[state]! > horizon) continue;
        pushing.spread(configuration, level.items, firstTarget);
        if (isApart(level)) found[count++] = configuration;
      }
      return count;
    }

    /** No target where the agent or a box starts. */
    function isApart({ items }: Level): boolean {
      for (let target = firstTarget; target < firstPaint; target++) {
        for (let item = PLAYER; item < firstTarget; item++) if (items[item] === items[target]) return false;
      }
      return true;
    }

    /** Farthest that any painted cell is from the target in the same place of the reading order, in cells. */
    function spreadOf({ items }: Level): number {
      let farthest = 0;
      for (let i = 0; i < boxes; i++) {
        const target = items[firstTarget + i]!;
        const paint = items[firstPaint + i]!;
        const rows = Math.abs(Math.floor(target / size) - Math.floor(paint / size));
        farthest = Math.max(farthest, rows + Math.abs((target % size) - (paint % size)));
      }
      return farthest;
    }

    /**
     * Agent and boxes are thrown into a room; targets are drawn among everything that pushing can reach from there, so
     * that every level can be solved, and so is paint: on the targets at strength 0, within round(strength · 2 · (size −
     * 3)) cells of them below 1, anywhere at 1.
     */
    const attempt: Attempt = (level, rng, strength, distinguish) => {
      const { walls, items } = level;
      board.paint(walls, rng);
      items.fill(-1);
      for (let item = PLAYER; item < firstTarget; item++) {
        const cell = interior[rng.int(interior.length)]!;
        for (let other = PLAYER; other < item; other++) if (items[other] === cell) return false;
        if (!claim(walls, cell)) return false;
        items[item] = cell;
      }
      sortBoxes(items, boxes);
      const count = reachable(level);
      if (count === 0) return false;
      const targets = found[rng.int(count)]!;
      const near = strength === 1 ? cells : Math.round(strength * 2 * (size - 3));
      if (near === 0) {
        pushing.spread(targets, items, firstTarget);
        pushing.spread(targets, items, firstPaint);
        return true;
      }
      for (let tries = 0; tries < 16; tries++) {
        pushing.spread(targets, items, firstTarget);
        pushing.spread(found[rng.int(count)]!, items, firstPaint);
        if (spreadOf(level) > near) continue;
        if (distinguish ? isDistinguishing(level) : isOpen(steps(level, PAINTED))) return true;
      }
      return false;
    };

    return {
      env: "mini-sokoban",
      height: size,
      width: size,
      horizon,
      planes: PLANES,
      actions: MOVES,
      marks: [{ plane: 1, cell: (given, slot) => given.position[slot]! }],
      pushed: { plane: BOX, onto: (objective) => (indexOf(objective) === TARGETS ? TARGET : PAINT) },
      objectives,
      candidates,
      items: board.items,
      cellItems: board.cellItems,
      blank: board.blank,
      draw: (level, rng, mixture, split) => board.draw(level, rng, mixture, split, attempt),
      layoutHash: board.layoutHash,
      print: board.print,
      parse: board.parse,
      batch,
      isDistinguishing,
      check(level) {
        board.check(level, ["player", "box", "target"]);
        const paint = level.items.subarray(firstPaint, firstPaint + boxes);
        const isComplete = pushing.configuration(level.items, FIRST_BOX) >= 0 && goalOf(level, TARGETS) >= 0;
        if (!isComplete || (goalOf(level, PAINTED) < 0 && paint.some((cell) => cell >= 0))) {
          const text = `${boxes} of each, on cells of their own, and as much paint or none`;
          throw refuse("not as many boxes, targets and paint as the world has, got others", text);
        }
        const distance = steps(level, TARGETS);
        if (!isOpen(distance)) {
          throw refuse(
            distance === 0 ? "nothing is left to do, got every box on a target" : "cannot be solved, got a deadlock",
            `a way to fill the targets in at most ${horizon} steps`,
          );
        }
      },
      optimum: (level, objective, gamma) => {
        const distance = steps(level, indexOf(objective));
        return { value: arrivalValue(distance === UNREACHED ? -1 : distance, horizon, gamma), kind: "exact" };
      },
      optimalActions(given, slot, objective, gamma) {
        const own = given as SokobanBatch;
        const wanted = indexOf(objective);
        if (own.done[slot] !== 0 || isEarned(own, slot, wanted)) return 0;
        const table = fieldOf(own, slot, wanted);
        pushing.load(own.levels[slot]!.walls);
        const state = stateOf(own, slot);
        const left = horizon - own.time[slot]!;
        const now = table[state]!;
        if (now > left) return 0;
        let mask = 0;
        for (let move = 0; move < 4; move++) {
          const next = table[pushing.step(state, move)]!;
          if (gamma === 1 ? next <= left - 1 : next === now - 1) mask |= 1 << move;
        }
        return mask;
      },
      served(given, slot) {
        const { earned } = given as SokobanBatch;
        return (earned[slot]! & COVERED_FIRST) !== 0 ? PAINTED : (earned[slot]! & FILLED) !== 0 ? TARGETS : -1;
      },
      achieved: (given, slot, objective) => (isEarned(given as SokobanBatch, slot, objective) ? 1 : 0),
    };
  },
});

const refuse = (wrong: string, expected: string) =>
  new LabError("level/impossible", `mini-sokoban level: ${wrong}; expected ${expected}`);

const configurationOf = (pushing: Pushing, { boxes }: SokobanBatch, slot: number, count: number) =>
  pushing.configuration(boxes, slot * count);

/** Boxes in reading order: levels that differ in the order of boxes only become equal. */
function sortBoxes(items: Int16Array, boxes: number): void {
  if (boxes === 2 && items[FIRST_BOX]! > items[FIRST_BOX + 1]!) {
    const first = items[FIRST_BOX]!;
    items[FIRST_BOX] = items[FIRST_BOX + 1]!;
    items[FIRST_BOX + 1] = first;
  }
}
