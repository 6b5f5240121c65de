/**
 * @file The trial of a concept: write it beside the agent, not where it stands, and
 * see whether it turns.
 *
 * The agent stands between a neighbor on its way and one off its way. The concept
 * of the two is exchanged in the network: what lies beyond the one now seems to
 * lie beyond the other. A vector is the difference of two means, of the cells that
 * have the new label and of those that have the old one; it is added at both
 * cells in the later half of the grid sites. What the agent's own cell holds is
 * never touched, so that no last readout is written over.
 */
import { assert } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import type { Subject } from "../subject.ts";
import { recordActivations } from "./activations.ts";
import { additionsAt } from "./additions.ts";
import type { ConceptId, Mapped } from "./concepts.ts";
import { displacements } from "./goals.ts";
import type { SiteInfo } from "./sites.ts";

/** A state with two neighbors of the agent, and the action towards each. */
export interface Trial {
  readonly state: number;
  readonly agent: number;
  /** On its way. */
  readonly taken: { readonly cell: number; readonly action: number };
  /** Off the way, with floor beyond it. */
  readonly other: { readonly cell: number; readonly action: number };
}

/** What became of each trial: 1 where the agent turned to the other neighbor. */
export interface TrialOutcome {
  readonly written: Uint8Array;
  /** Share of the random vectors of equal norm under which it turned. */
  readonly random: Float64Array;
  readonly nothing: Uint8Array;
  /** The same vectors at two cells away from the agent. */
  readonly wrongPlace: Uint8Array;
}

/** Cells may be labeled by anything that two of them can exchange. */
export interface Exchange {
  readonly concept: ConceptId;
  /** Label of each cell of each state; −1 for none. */
  readonly labels: Int32Array;
  /** Two cells and their new labels; never the agent's own cell. */
  writes(trial: Trial): readonly [Rewritten, Rewritten];
}

export interface Rewritten {
  readonly cell: number;
  /** The new label. */
  readonly to: number;
}

/** States in which a trial can be made: the way is unique, and so is that from both neighbors. */
export function findTrials(world: World, { distance, states }: Mapped, direction: Int32Array): Trial[] {
  const deltas = displacements(world);
  const cells = world.height * world.width;
  return Array.from({ length: states.n }, (_, state) => state).flatMap((state): Trial[] => {
    const agent = states.position[state]!;
    const at = (cell: number) => distance[state * cells + cell]!;
    const isClear = (cell: number) => direction[state * cells + cell]! >= 0;
    if (!isClear(agent)) return [];
    const neighbors = deltas.flatMap((delta, action) => (delta === 0 ? [] : [{ cell: agent + delta, action }]));
    const taken = neighbors.find(({ cell }) => at(cell) === at(agent) - 1 && isClear(cell));
    const other = neighbors.find(
      ({ cell }) =>
        at(cell) === at(agent) + 1 && isClear(cell) && deltas.some((delta) => at(cell + delta) === at(cell) + 1),
    );
    return taken && other ? [{ state, agent, taken, other }] : [];
  });
}

/** The direction field: the other neighbor now leads on, the taken one back to the agent. */
export function exchangeDirections(world: World, { distance }: Mapped, labels: Int32Array): Exchange {
  const deltas = displacements(world).filter((delta) => delta !== 0);
  const cells = world.height * world.width;
  return {
    concept: "direction",
    labels,
    writes({ state, agent, taken, other }) {
      const at = (cell: number) => distance[state * cells + cell]!;
      const straight = deltas.indexOf(other.cell - agent);
      const onward = (move: number) => at(other.cell + deltas[move]!) === at(other.cell) + 1;
      const on = onward(straight) ? straight : deltas.findIndex((_, move) => onward(move));
      return [
        { cell: other.cell, to: on },
        { cell: taken.cell, to: deltas.indexOf(agent - taken.cell) },
      ];
    },
  };
}

/** Distances: each neighbor now is as far as the other was. */
export function exchangeDistances({ distance, states }: Mapped, concept: ConceptId): Exchange {
  const cells = distance.length / states.n;
  return {
    concept,
    labels: Int32Array.from(distance),
    writes: ({ state, taken, other }) => [
      { cell: other.cell, to: distance[state * cells + taken.cell]! },
      { cell: taken.cell, to: distance[state * cells + other.cell]! },
    ],
  };
}

/** Its own path: the other neighbor is now left onward, the taken one never. */
export function exchangePaths(world: World, mapped: Mapped, labels: Int32Array): Exchange {
  const never = displacements(world).filter((delta) => delta !== 0).length;
  const directions = exchangeDirections(world, mapped, labels);
  return {
    concept: "own-path",
    labels,
    writes: (trial) => {
      const [on] = directions.writes(trial);
      return [on, { cell: trial.taken.cell, to: never }];
    },
  };
}

/**
 * Make the trials.
 *
 * @param sites the grid sites that are written, in the order of computation
 * @param draws random vectors a trial
 */
export async function runTrials(options: {
  readonly subject: Subject;
  readonly world: World;
  readonly mapped: Mapped;
  readonly trials: readonly Trial[];
  readonly exchange: Exchange;
  readonly sites: readonly SiteInfo[];
  readonly draws: number;
  readonly rng: Rng;
}): Promise<{ readonly trials: readonly Trial[]; readonly outcome: TrialOutcome }> {
  const { subject, world, mapped, exchange, sites, draws, rng } = options;
  const { inside, shape } = subject;
  assert(inside !== undefined, "a trial of a subject that has no inside");
  const { states } = mapped;
  const cells = world.height * world.width;
  const stride = shape.planes * cells;
  const means = await classMeans({ subject, mapped, labels: exchange.labels, sites });
  const additions = await additionsAt(subject, sites);
  const label = ({ state }: Trial, cell: number) => exchange.labels[state * cells + cell]!;
  const prepared = options.trials.flatMap((trial) => {
    const moved = exchange.writes(trial).map((write) => ({ ...write, from: label(trial, write.cell) }));
    const isKnown = moved.every(({ from, to }) => sites.every((_, s) => means[s]!.has(from) && means[s]!.has(to)));
    const away = awayFrom(mapped, trial, world, rng.fork(`away ${trial.state}`));
    return isKnown && away ? [{ trial, moved, away }] : [];
  });
  const ask = async (
    write: (index: number, add: (site: number, cell: number, vector: Float64Array) => void) => void,
  ) => {
    const n = prepared.length;
    const observations = new Uint8Array(n * stride);
    const vectors = sites.map(({ channels }) => new Float32Array(n * channels * cells));
    for (const [i, { trial }] of prepared.entries()) {
      observations.set(states.observations.subarray(trial.state * stride, (trial.state + 1) * stride), i * stride);
      write(i, (s, cell, vector) => {
        for (const [c, value] of vector.entries()) vectors[s]![(i * vector.length + c) * cells + cell]! += value;
      });
    }
    return additions.preferred(observations, n, vectors);
  };
  const vector = (s: number, { from, to }: { from: number; to: number }) =>
    means[s]!.get(to)!.map((value, c) => value - means[s]!.get(from)![c]!);

  // Where it goes to the other neighbor anyway it cannot be turned.
  const free = await ask(() => undefined);
  const kept = [...prepared.keys()].filter((i) => free[i] !== prepared[i]!.trial.other.action);
  prepared.splice(0, prepared.length, ...kept.map((i) => prepared[i]!));
  const turned = (actions: Uint8Array) =>
    actions.map((action, i) => (action === prepared[i]!.trial.other.action ? 1 : 0));
  const write = (place: (i: number, m: number) => number) =>
    ask((i, add) => {
      for (const [m, move] of prepared[i]!.moved.entries()) {
        for (const s of sites.keys()) add(s, place(i, m), vector(s, move));
      }
    });
  const written = turned(await write((i, m) => prepared[i]!.moved[m]!.cell));
  const wrongPlace = turned(await write((i, m) => prepared[i]!.away[m]!));
  const nothing = turned(await ask(() => undefined));
  const random = new Float64Array(prepared.length);
  for (let draw = 0; draw < draws; draw++) {
    const noise = rng.fork(`random ${draw}`);
    const actions = await ask((i, add) => {
      for (const move of prepared[i]!.moved) {
        for (const s of sites.keys()) add(s, move.cell, scaledNoise(vector(s, move), noise));
      }
    });
    for (const [i, hit] of turned(actions).entries()) random[i]! += hit / draws;
  }
  return { trials: prepared.map(({ trial }) => trial), outcome: { written, random, nothing, wrongPlace } };
}

/** By site: the mean activation of the cells of each label, `[channels]`. */
export async function classMeans(options: {
  readonly subject: Subject;
  readonly mapped: Mapped;
  readonly labels: Int32Array;
  readonly sites: readonly SiteInfo[];
}): Promise<Map<number, Float64Array>[]> {
  const { subject, mapped, labels, sites } = options;
  const { states } = mapped;
  const cells = labels.length / states.n;
  const recorded = await recordActivations({
    inside: subject.inside!,
    shape: subject.shape,
    sites: sites.map(({ site }) => site),
    observations: states.observations,
    n: states.n,
  });
  return sites.map(({ site, channels }) => {
    const { values } = recorded[site]!;
    const means = new Map<number, Float64Array>();
    const counts = new Map<number, number>();
    for (const [row, label] of labels.entries()) {
      if (label < 0) continue;
      const [state, cell] = [Math.floor(row / cells), row % cells];
      const sum = means.get(label) ?? new Float64Array(channels);
      for (let c = 0; c < channels; c++) sum[c]! += values[(state * channels + c) * cells + cell]!;
      means.set(label, sum);
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    for (const [label, sum] of means) for (let c = 0; c < channels; c++) sum[c]! /= counts.get(label)!;
    return means;
  });
}

/** Two floor cells at least three steps away from the agent as the crow flies; undefined where there are none. */
function awayFrom({ distance, states }: Mapped, { state, agent }: Trial, world: World, rng: Rng): number[] | undefined {
  const cells = distance.length / states.n;
  const far = Array.from({ length: cells }, (_, cell) => cell).filter((cell) => {
    const rows = Math.abs(Math.floor(cell / world.width) - Math.floor(agent / world.width));
    return distance[state * cells + cell]! > 0 && rows + Math.abs((cell % world.width) - (agent % world.width)) >= 3;
  });
  rng.shuffle(far);
  return far.length < 2 ? undefined : far.slice(0, 2);
}

/** A random direction with the norm of a vector. */
export function scaledNoise(vector: Float64Array, rng: Rng): Float64Array {
  const noise = vector.map(() => rng.normal());
  const scale = Math.hypot(...vector) / Math.hypot(...noise);
  return noise.map((value) => value * scale);
}
