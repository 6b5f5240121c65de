/**
 * @file The trial of a field: write into the network the whole field that another
 * goal would have, and see whether the agent sets out for that goal.
 *
 * The agent stands at a fork. The other goal is the cell farthest beyond the
 * neighbor that lies off its way. Every cell whose label changes with the goal is
 * written, save the agent's own and the other goal's, with the difference of the
 * class means; the walls, the goal that is seen and what the agent's own cell
 * holds stay as they are. Where the exchange of two neighbors contradicts the
 * field around them, this write is a field that the subject could have computed.
 */
import { assert } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import { flood } from "../grid/flood.ts";
import type { Subject } from "../subject.ts";
import { additionsAt } from "./additions.ts";
import { directions, type Mapped } from "./concepts.ts";
import { displacements } from "./goals.ts";
import { classMeans, scaledNoise, type Trial, type TrialOutcome } from "./plan-writes.ts";
import type { SiteInfo } from "./sites.ts";

/** What a field says of a cell: the move that leads on, or the steps that are left. */
export type FieldId = "direction" | "distance";

/** A fork with another goal, and what its field would say. */
export interface FieldTrial extends Trial {
  /** Cell of the other goal. */
  readonly goal: number;
  /** Cells to be written, with their labels before and after. */
  readonly changes: readonly { readonly cell: number; readonly from: number; readonly to: number }[];
}

/** Labels of a field in every state, −1 where it says nothing, `[n · cells]`. */
export function fieldLabels(world: World, mapped: Mapped, field: FieldId): Int32Array {
  return field === "direction" ? directions(world, mapped) : Int32Array.from(mapped.distance);
}

/**
 * The other goal of each fork. Left out are forks from which no cell lies at least two steps beyond the other
 * neighbor, and those where the field says nothing new of that neighbor.
 *
 * @param labels as {@link fieldLabels} gives
 */
export function fieldTrials(
  world: World,
  mapped: Mapped,
  forks: readonly Trial[],
  field: FieldId,
  labels: Int32Array,
): FieldTrial[] {
  const { states, levels } = mapped;
  const cells = world.height * world.width;
  const deltas = displacements(world).filter((delta) => delta !== 0);
  const queue = new Int16Array(cells);
  const steps = (walls: Uint8Array, from: number) => {
    const distance = new Int16Array(cells);
    flood(walls, world.width, from, distance, queue);
    return distance;
  };
  return forks.flatMap((fork): FieldTrial[] => {
    const { walls } = levels[states.level[fork.state]!]!;
    const own = steps(walls, fork.agent);
    const others = deltas
      .map((delta) => fork.agent + delta)
      .filter((cell) => walls[cell] === 0)
      .map((cell) => ({ cell, distance: steps(walls, cell) }));
    // The one best first step from the agent is to the other neighbor.
    const isBeyond = (cell: number) =>
      others.every(({ cell: neighbor, distance }) => distance[cell]! < own[cell]! === (neighbor === fork.other.cell));
    let goal = -1;
    for (const [cell, far] of own.entries()) {
      if (far >= 3 && isBeyond(cell) && (goal < 0 || far > own[goal]!)) goal = cell;
    }
    if (goal < 0) return [];
    const distance = steps(walls, goal);
    const wanted = field === "direction" ? directions(world, { distance, states: { ...states, n: 1 } }) : distance;
    const changes = Array.from(wanted, (to, cell) => ({ cell, from: labels[fork.state * cells + cell]!, to })).filter(
      ({ cell, from, to }) => from >= 0 && to >= 0 && from !== to && cell !== fork.agent && cell !== goal,
    );
    return changes.some(({ cell }) => cell === fork.other.cell) ? [{ ...fork, goal, changes }] : [];
  });
}

/**
 * Make the trials: a write of the field, random vectors of equal norm at the same cells, the write meant for another
 * level, and none. Forks at which the untouched subject goes to the other neighbor anyway are left out.
 *
 * @param sites the grid sites that are written, in the order of computation
 * @param most trials at most, the first ones of those given
 * @param draws random vectors a trial
 * @returns trials and outcomes in the same order; empty where every fork is left out
 */
export async function writeFields(options: {
  readonly subject: Subject;
  readonly mapped: Mapped;
  readonly labels: Int32Array;
  readonly trials: readonly FieldTrial[];
  readonly sites: readonly SiteInfo[];
  readonly most: number;
  readonly draws: number;
  readonly rng: Rng;
}): Promise<{ readonly trials: readonly FieldTrial[]; readonly outcome: TrialOutcome }> {
  const { subject, mapped, labels, sites, draws, rng } = options;
  const { inside, shape } = subject;
  assert(inside !== undefined, "a write into a subject that has no inside");
  const { states } = mapped;
  const cells = shape.height * shape.width;
  const stride = shape.planes * cells;
  const means = await classMeans({ subject, mapped, labels, sites });
  const additions = await additionsAt(subject, sites);
  type Add = (site: number, cell: number, vector: Float64Array) => void;
  const ask = (trials: readonly FieldTrial[], write: (i: number, add: Add) => void) => {
    const observations = new Uint8Array(trials.length * stride);
    const vectors = sites.map(({ channels }) => new Float32Array(trials.length * channels * cells));
    for (const [i, { state }] of trials.entries()) {
      observations.set(states.observations.subarray(state * stride, (state + 1) * stride), i * stride);
      write(i, (s, cell, vector) => {
        for (const [c, value] of vector.entries()) vectors[s]![(i * vector.length + c) * cells + cell]! += value;
      });
    }
    return additions.preferred(observations, trials.length, vectors);
  };

  // A label that no cell ever had has no mean, and is not written.
  const known = options.trials.map((trial) => ({
    ...trial,
    changes: trial.changes.filter(({ from, to }) => means[0]!.has(from) && means[0]!.has(to)),
  }));
  const nothing = () => undefined;
  const free = known.length === 0 ? new Uint8Array(0) : await ask(known, nothing);
  const trials = known.filter((trial, i) => free[i] !== trial.other.action).slice(0, options.most);
  const n = trials.length;
  const random = new Float64Array(n);
  if (n === 0) {
    const none = new Uint8Array(0);
    return { trials, outcome: { written: none, random, nothing: none, wrongPlace: none } };
  }
  const turned = async (write: (i: number, add: Add) => void) =>
    (await ask(trials, write)).map((action, i) => (action === trials[i]!.other.action ? 1 : 0));
  const vector = (s: number, { from, to }: { from: number; to: number }) =>
    means[s]!.get(to)!.map((value, c) => value - means[s]!.get(from)![c]!);
  const written = await turned((i, add) => {
    for (const change of trials[i]!.changes) for (const s of sites.keys()) add(s, change.cell, vector(s, change));
  });
  const wrongPlace = await turned((i, add) => {
    const { state, agent } = trials[i]!;
    const { walls } = mapped.levels[states.level[state]!]!;
    for (const change of trials[(i + 1) % n]!.changes) {
      if (change.cell === agent || walls[change.cell] === 1) continue;
      for (const s of sites.keys()) add(s, change.cell, vector(s, change));
    }
  });
  for (let draw = 0; draw < draws; draw++) {
    const noise = rng.fork(`random ${draw}`);
    const hits = await turned((i, add) => {
      for (const change of trials[i]!.changes) {
        for (const s of sites.keys()) add(s, change.cell, scaledNoise(vector(s, change), noise));
      }
    });
    for (const [i, hit] of hits.entries()) random[i]! += hit / draws;
  }
  return { trials, outcome: { written, random, nothing: await turned(nothing), wrongPlace } };
}
