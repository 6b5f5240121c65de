/**
 * @file Pushing boxes: exact distances over every state (agent and boxes) of a
 * small room, by breadth-first search forwards from one state or backwards from
 * the solved ones. A state from which no search arrives is a deadlock; nothing
 * is guessed, so nothing has to be admissible.
 *
 * A step is one move of the agent, with or without a push. Boxes are alike: a
 * configuration is the set of their cells.
 */
import { assert } from "../core/errors.ts";
import { interiorCells } from "./layouts.ts";

/** Stands for "cannot be reached", and for anything farther than {@link FARTHEST}. */
export const UNREACHED = 255;
/** Greatest distance that a table holds, in steps. */
export const FARTHEST = 254;
/** Boxes that fit the tables: states grow with the power of boxes and one. */
export const MAX_BOXES = 2;

/** The states of one size of room with a number of boxes, and searches over them. One room is loaded at a time. */
export interface Pushing {
  /** States, `inside^(boxes + 1)`: the length of a table. */
  readonly states: number;
  /** Configurations of boxes, `inside^boxes`. */
  readonly configurations: number;
  /** States in the order in which the last search came to them. */
  readonly order: Int32Array;
  load(walls: Uint8Array): void;
  /** The configuration of boxes on `cells[from …]`; −1 when one is absent, outside, or two share a cell. */
  configuration(cells: Int16Array, from: number): number;
  /** Cells of a configuration, written to `out[from …]` in reading order. */
  spread(configuration: number, out: Int16Array, from: number): void;
  state(agentCell: number, configuration: number): number;
  /** Where a move leads: a state, the same state when something is in the way. */
  step(state: number, move: number): number;
  /** Steps from `state` to every other state; returns how many were reached. */
  forward(state: number, table: Uint8Array): number;
  /**
   * Steps from every state to the nearest one whose boxes stand on `goal`, never through a state whose boxes stand on
   * `avoid`; returns how many states arrive.
   */
  backward(goal: number, table: Uint8Array, avoid?: number): number;
}

/**
 * @param width of the square room, border included
 * @param boxes 1 or 2
 */
export function makePushing(width: number, boxes: number): Pushing {
  assert(boxes >= 1 && boxes <= MAX_BOXES, `tables for ${boxes} boxes`);
  const interior = interiorCells(width, width);
  const inside = interior.length;
  const indexOf = new Int16Array(width * width).fill(-1);
  for (let i = 0; i < inside; i++) indexOf[interior[i]!] = i;
  const deltas = [-width, -1, width, 1];
  /** Neighbor of an inside cell by move, −1 in the border, `[inside, 4]`, in the order of `MOVES`. */
  const beside = new Int16Array(inside * 4);
  for (let i = 0; i < inside; i++) {
    for (const [move, delta] of deltas.entries()) beside[i * 4 + move] = indexOf[interior[i]! + delta]!;
  }
  const configurations = inside ** boxes;
  const states = configurations * inside;
  const order = new Int32Array(states);
  const free = new Uint8Array(inside);

  /** The configuration with the box on `from` moved to `to`. */
  function moved(configuration: number, from: number, to: number): number {
    if (boxes === 1) return to;
    const second = configuration % inside;
    const first = (configuration - second) / inside;
    const other = first === from ? second : first;
    return to < other ? to * inside + other : other * inside + to;
  }

  function holds(configuration: number, cell: number): boolean {
    if (boxes === 1) return configuration === cell;
    const second = configuration % inside;
    return second === cell || (configuration - second) / inside === cell;
  }

  /** Free floor without a box. */
  const isOpen = (cell: number, configuration: number) => cell >= 0 && free[cell] === 1 && !holds(configuration, cell);

  function step(state: number, move: number): number {
    const configuration = state % configurations;
    const agent = (state - configuration) / configurations;
    const to = beside[agent * 4 + move]!;
    if (to < 0 || free[to] === 0) return state;
    if (!holds(configuration, to)) return to * configurations + configuration;
    const beyond = beside[to * 4 + move]!;
    return isOpen(beyond, configuration) ? to * configurations + moved(configuration, to, beyond) : state;
  }

  return {
    states,
    configurations,
    order,
    load(walls) {
      for (let i = 0; i < inside; i++) free[i] = walls[interior[i]!] === 0 ? 1 : 0;
    },
    configuration(cells, from) {
      const a = indexOf[cells[from]!] ?? -1;
      if (boxes === 1) return a;
      const b = indexOf[cells[from + 1]!] ?? -1;
      if (a < 0 || b < 0 || a === b) return -1;
      return a < b ? a * inside + b : b * inside + a;
    },
    spread(configuration, out, from) {
      const last = configuration % inside;
      if (boxes === 2) out[from] = interior[(configuration - last) / inside]!;
      out[from + boxes - 1] = interior[last]!;
    },
    state: (agentCell, configuration) => indexOf[agentCell]! * configurations + configuration,
    step,
    forward(state, table) {
      table.fill(UNREACHED);
      table[state] = 0;
      order[0] = state;
      let end = 1;
      for (let head = 0; head < end; head++) {
        const from = order[head]!;
        const next = table[from]! + 1;
        if (next > FARTHEST) break;
        for (let move = 0; move < 4; move++) {
          const to = step(from, move);
          if (table[to] !== UNREACHED) continue;
          table[to] = next;
          order[end++] = to;
        }
      }
      return end;
    },
    backward(goal, table, avoid = -1) {
      table.fill(UNREACHED);
      let end = 0;
      for (let agent = 0; agent < inside; agent++) {
        if (!isOpen(agent, goal) || goal === avoid) continue;
        const state = agent * configurations + goal;
        table[state] = 0;
        order[end++] = state;
      }
      const visit = (state: number, distance: number): void => {
        if (table[state] !== UNREACHED) return;
        table[state] = distance;
        order[end++] = state;
      };
      for (let head = 0; head < end; head++) {
        const state = order[head]!;
        const next = table[state]! + 1;
        if (next > FARTHEST) break;
        const configuration = state % configurations;
        const agent = (state - configuration) / configurations;
        for (let move = 0; move < 4; move++) {
          // The cell that the agent came from by this move: opposite moves are two apart.
          const before = beside[agent * 4 + ((move + 2) & 3)]!;
          if (!isOpen(before, configuration)) continue;
          visit(before * configurations + configuration, next);
          // Or it pushed: then the box in front stood where the agent stands now.
          const front = beside[agent * 4 + move]!;
          if (front < 0 || !holds(configuration, front)) continue;
          const pulled = moved(configuration, front, agent);
          if (pulled !== avoid) visit(before * configurations + pulled, next);
        }
      }
      return end;
    },
  };
}
