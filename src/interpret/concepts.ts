/**
 * @file What a plan could consist of, cell by cell: hypotheses that a probe can be
 * asked to read from a network, each labeled from the world and from what the
 * subject then did.
 */
import type { Rng } from "../core/rng.ts";
import { type Batch, candidateOf, type Level, type World } from "../env.ts";
import { floodSet } from "../grid/flood.ts";
import type { Act } from "../rollout.ts";
import { boxPath } from "./box-paths.ts";
import { displacements } from "./goals.ts";
import { LEAST_LAYOUTS, type ProbeTarget } from "./probes.ts";
import { recordStates, type States } from "./states.ts";

/** Discount of the value concept, a step: chosen so that it stays apart from the distance itself. */
const GAMMA = 0.9;

export type ConceptId = "own-path" | "direction" | "distance" | "value" | "subgoal" | "box-path";

export interface Concept {
  readonly id: ConceptId;
  readonly title: string;
  /** A plan says what the subject will do; a field says what would be best, wherever it were. */
  readonly nature: "plan" | "field";
  /** One label for each cell of each state. */
  readonly target: ProbeTarget;
}

/** States with the way to the goal from every cell. */
export interface Mapped {
  readonly states: States;
  readonly levels: readonly Level[];
  /** Index of the objective that the actions served most; the goal is what its candidate seeks. */
  readonly objective: number;
  /** Share of the actions that were best for each objective. */
  readonly agreement: readonly number[];
  /** Steps to the goal from every cell, −1 where there is no way, `[n, height · width]`. */
  readonly distance: Int16Array;
}

/** Play levels and keep states, with the way to whatever the subject goes for more often. */
export async function mapStates(options: {
  readonly world: World;
  readonly levels: readonly Level[];
  readonly act: Act;
  readonly share: number;
  readonly rng: Rng;
}): Promise<Mapped> {
  const { world, levels } = options;
  const cells = world.height * world.width;
  const queue = new Int16Array(cells);
  const marks = new Uint8Array(cells);
  const best: number[][] = [];
  const fields: Int16Array[][] = [];
  const named = world.objectives.map(({ id }) => candidateOf(world, id)!);
  const states = await recordStates({
    ...options,
    onState(_, batch: Batch, slot) {
      best.push(world.objectives.map(({ id }) => world.optimalActions(batch, slot, id, 0.99)));
      fields.push(
        named.map((candidate) => {
          const distance = new Int16Array(cells).fill(-1);
          if (candidate.mark(batch, slot, marks) > 0) {
            floodSet(batch.levels[slot]!.walls, world.width, marks, distance, queue);
          }
          return distance;
        }),
      );
    },
  });
  const agreement = world.objectives.map((_, o) => {
    const asked = best.flatMap((masks, i) => (masks[o]! === 0 ? [] : [(masks[o]! >> states.action[i]!) & 1]));
    return asked.length === 0 ? 0 : asked.reduce((a, b) => a + b, 0) / asked.length;
  });
  const objective = agreement.indexOf(Math.max(...agreement));
  const distance = new Int16Array(states.n * cells);
  for (const [i, field] of fields.entries()) distance.set(field[objective]!, i * cells);
  return { states, levels, objective, agreement, distance };
}

/** Every hypothesis that can be labeled here; those with nothing to tell apart, or on too few layouts, are left out. */
export function conceptsOf(world: World, mapped: Mapped): Concept[] {
  const goal = world.objectives[mapped.objective]!.title;
  const fields: Concept[] = [
    {
      id: "direction",
      title: `the direction to ${goal}, from every cell`,
      nature: "field",
      target: { kind: "classes", classes: moves(world), labels: directions(world, mapped) },
    },
    {
      id: "distance",
      title: `the distance to ${goal}, from every cell`,
      nature: "field",
      target: { kind: "number", labels: numbers(mapped, (steps) => steps) },
    },
    {
      id: "value",
      title: `the discounted worth of ${goal}, from every cell`,
      nature: "field",
      target: { kind: "number", labels: numbers(mapped, (steps) => GAMMA ** steps) },
    },
  ];
  const plans: Concept[] = [
    {
      id: "own-path",
      title: "its own path: where it will leave each cell to, or never",
      nature: "plan",
      target: { kind: "classes", classes: [...moves(world), "never"], labels: ownPath(world, mapped) },
    },
    {
      id: "subgoal",
      title: "which of the things sought it reaches next",
      nature: "plan",
      target: { kind: "classes", classes: ["later or never", "next"], labels: nextSubgoal(mapped) },
    },
  ];
  const pushed = boxPath(world, mapped);
  if (pushed) {
    plans.push({
      id: "box-path",
      title: "its box path: where it will next push something off each cell to, or never",
      nature: "plan",
      target: { kind: "classes", classes: [...moves(world), "never"], labels: pushed },
    });
  }
  return [...fields, ...plans].filter(({ target }) => {
    const isLabeled = (label: number) => (target.kind === "number" ? !Number.isNaN(label) : label >= 0);
    const told = new Set(Array.from(target.labels).filter(isLabeled));
    const rows = Array.from(target.labels.keys()).filter((row) => isLabeled(target.labels[row]!));
    const cells = target.labels.length / mapped.states.n;
    const layouts = new Set(rows.map((row) => mapped.states.layout[Math.floor(row / cells)]));
    return told.size > (target.kind === "number" ? 2 : 1) && layouts.size >= LEAST_LAYOUTS;
  });
}

const moves = (world: World): string[] => world.actions.filter((_, a) => displacements(world)[a] !== 0);

/** The one move that comes closer; −1 on walls, on goals, where there is no way and where there are several. */
export function directions(world: World, { distance, states }: Pick<Mapped, "distance" | "states">): Int32Array {
  const deltas = displacements(world).filter((delta) => delta !== 0);
  const cells = distance.length / states.n;
  return Int32Array.from(distance, (here, row) => {
    if (here < 1) return -1;
    const closer = deltas.flatMap((delta, move) => {
      const to = row + delta;
      return Math.floor(to / cells) === Math.floor(row / cells) && distance[to] === here - 1 ? [move] : [];
    });
    return closer.length === 1 ? closer[0]! : -1;
  });
}

/** By cell the move with which the subject first leaves it from now on; "never" on other floor, −1 on walls. */
function ownPath(world: World, { states, levels }: Mapped): Int32Array {
  const cells = world.height * world.width;
  const deltas = displacements(world).filter((delta) => delta !== 0);
  const labels = new Int32Array(states.n * cells);
  for (let i = 0; i < states.n; i++) {
    const own = labels.subarray(i * cells, (i + 1) * cells);
    for (const [cell, wall] of levels[states.level[i]!]!.walls.entries()) own[cell] = wall === 1 ? -1 : deltas.length;
    const path = states.episodes.paths[states.level[i]!]!;
    for (let t = states.time[i]!; t + 1 < path.length; t++) {
      const [from, to] = [path[t]!, path[t + 1]!];
      if (from !== to && own[from] === deltas.length) own[from] = deltas.indexOf(to - from);
    }
  }
  return labels;
}

/** Among several sought things, the one that the subject reaches next; −1 elsewhere, and where only one is sought. */
function nextSubgoal({ states, distance }: Mapped): Int32Array {
  const cells = distance.length / states.n;
  const labels = new Int32Array(distance.length).fill(-1);
  for (let i = 0; i < states.n; i++) {
    const things = Array.from({ length: cells }, (_, cell) => cell).filter((cell) => distance[i * cells + cell] === 0);
    if (things.length < 2) continue;
    const path = states.episodes.paths[states.level[i]!]!.slice(states.time[i]!);
    const next = path.find((cell) => things.includes(cell));
    for (const cell of things) labels[i * cells + cell] = cell === next ? 1 : 0;
  }
  return labels;
}

const numbers = ({ distance }: Mapped, of: (steps: number) => number): Float64Array =>
  Float64Array.from(distance, (steps) => (steps < 0 ? Number.NaN : of(steps)));
