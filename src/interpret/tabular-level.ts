/**
 * @file A level as a finite decision problem: one state for each cell that the
 * agent can stand on, with everything else left where the level puts it. Built by
 * asking the world: every cell is entered, every action tried once.
 *
 * A frozen picture. Worlds in which things move by themselves, or in which what was
 * picked up matters, are not this problem; {@link TabularLevel.faithful} says how
 * far they are from it.
 */
import type { Rng } from "../core/rng.ts";
import { type Candidate, DECOUPLED, type Level, type World } from "../env.ts";
import { flood } from "../grid/flood.ts";
import { copyLevel, drawLevels } from "../rollout.ts";
import type { Subject } from "../subject.ts";
import { isEnd, type Mdp, tabular } from "../theory/agency/mdp.ts";

export interface TabularLevel {
  readonly level: Level;
  readonly mdp: Mdp;
  /** Cell of each state, `[states]`. */
  readonly cells: Int16Array;
  /** State of each cell, −1 where there is none, `[cells]`. */
  readonly stateOf: Int16Array;
  /** What is observed in each state, `[states, planes, height, width]`. */
  readonly observations: Uint8Array;
  /** 1 where the episode ends on arrival, `[states]`. */
  readonly ends: Uint8Array;
  /** Share of the steps after which exactly this picture is observed, the agent in its new cell. */
  readonly faithful: number;
}

/**
 * The decision problem of a level, started in a uniformly random cell that is no end.
 *
 * @param gamma discount a step
 * @returns undefined where the agent does not start in the cell of the level's first item
 */
export function tabularLevel(world: World, level: Level, gamma: number, rng: Rng): TabularLevel | undefined {
  const cellCount = world.height * world.width;
  const stride = world.planes.length * cellCount;
  const distance = new Int16Array(cellCount);
  const queue = new Int16Array(cellCount);
  const home = level.items[0] ?? -1;
  if (home < 0) return undefined;
  const states = flood(level.walls, world.width, home, distance, queue);
  const cells = queue.slice(0, states).sort();
  const stateOf = new Int16Array(cellCount).fill(-1);
  for (const [s, cell] of cells.entries()) stateOf[cell] = s;

  const batch = world.batch(states);
  const begin = () => {
    for (const [s, cell] of cells.entries()) {
      copyLevel(level, batch.levels[s]!);
      batch.levels[s]!.items[0] = cell;
      batch.start(s, rng.fork(s));
    }
  };
  begin();
  if (cells.some((cell, s) => batch.position[s] !== cell)) return undefined;
  const observations = batch.observations.slice();
  const actions = world.actions.length;
  const next = new Int16Array(states * actions);
  const ends = new Uint8Array(states);
  let same = 0;
  let steps = 0;
  const chosen = new Uint8Array(states);
  for (let a = 0; a < actions; a++) {
    if (a > 0) begin();
    batch.step(chosen.fill(a));
    for (let s = 0; s < states; s++) {
      const to = stateOf[batch.position[s]!]!;
      if (to < 0) return undefined;
      next[s * actions + a] = to;
      if (batch.done[s] === 1) ends[to] = 1;
      else {
        steps++;
        if (isSame(batch.observations, s * stride, observations, to * stride, stride)) same++;
      }
    }
  }
  const open = ends.reduce((sum, each) => sum + 1 - each, 0);
  if (open === 0 || steps === 0) return undefined;
  const mdp = tabular({
    states,
    actions,
    gamma,
    start: Float64Array.from(ends, (each) => (1 - each) / open),
    step: (s, a) => (ends[s] === 1 ? [] : [[next[s * actions + a]!, 1]]),
  });
  return { level, mdp, cells, stateOf, observations, ends, faithful: same / steps };
}

function isSame(a: Uint8Array, from: number, b: Uint8Array, to: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[from + i] !== b[to + i]) return false;
  return true;
}

/** The first of the levels, as many as have so many states together, but at least `fewest`: cost grows with states. */
export function affordable(tables: readonly TabularLevel[], states: number, fewest: number): TabularLevel[] {
  let total = 0;
  return tables.filter(({ mdp }, i) => {
    total += mdp.states;
    return i < fewest || total <= states;
  });
}

export interface DecisionProblemOptions {
  readonly world: World;
  /** Distinguishing test levels to draw. */
  readonly levels: number;
  /** Discount a step. */
  readonly gamma: number;
  /** Share of steps that must leave the picture as it is. */
  readonly faithful: number;
  readonly limits: {
    /** Fewest levels, and states that they may have together beyond these. */
    readonly fewest: number;
    readonly states: number;
    /** Most states of one level. */
    readonly largest: number;
  };
  /** What the states are too many for, as the end of "too many to solve …". */
  readonly solved: string;
  readonly rng: Rng;
}

export interface DecisionProblems {
  readonly tables: readonly TabularLevel[];
  /** Layout hash of each level. */
  readonly layout: Int32Array;
  /** Mean of {@link TabularLevel.faithful}. */
  readonly faithful: number;
}

/** Distinguishing test levels as decision problems, or why they cannot be taken for such. */
export function decisionProblems(options: DecisionProblemOptions): DecisionProblems | { readonly problem: string } {
  const { world, levels, gamma, faithful: needed, solved, rng } = options;
  const { fewest, states, largest } = options.limits;
  const drawn = drawLevels(world, levels, DECOUPLED, "test", rng.fork("levels"));
  const all = drawn.flatMap((level, i) => tabularLevel(world, level, gamma, rng.fork(`table ${i}`)) ?? []);
  const tables = affordable(all, states, fewest);
  if (tables.length < fewest) return { problem: "the levels are not decision problems over the cells of one agent" };
  if (tables.some(({ mdp }) => mdp.states > largest)) {
    return { problem: `the levels have more than ${largest} cells, too many to solve ${solved}` };
  }
  const faithful = tables.reduce((sum, table) => sum + table.faithful, 0) / tables.length;
  if (faithful < needed) {
    return {
      problem: `only ${(100 * faithful).toFixed(0)} % of the steps leave everything but the agent in place, and ${100 * needed} % are needed`,
    };
  }
  return { tables, layout: Int32Array.from(tables, ({ level }) => world.layoutHash(level)), faithful };
}

/** The states on cells that a candidate seeks at the start of the level, 1 each; undefined when there are none. */
export function soughtStates(
  world: World,
  { level, cells }: TabularLevel,
  candidate: Candidate,
  rng: Rng,
): Uint8Array | undefined {
  const batch = world.batch(1);
  const marks = new Uint8Array(world.height * world.width);
  copyLevel(level, batch.levels[0]!);
  batch.start(0, rng);
  if (candidate.mark(batch, 0, marks) === 0) return undefined;
  const sought = Uint8Array.from(cells, (cell) => marks[cell]!);
  return sought.includes(1) ? sought : undefined;
}

/** The same problem, over as soon as one of the states is entered; it never starts there, unless everywhere is such a state. */
export function endingAt({ mdp, ends }: TabularLevel, states: Uint8Array): Mdp {
  const open = ends.map((end, s) => (end === 0 && states[s] === 0 ? 1 : 0));
  const count = open.reduce((sum, each) => sum + each, 0);
  return tabular({
    states: mdp.states,
    actions: mdp.actions,
    gamma: mdp.gamma,
    start: count === 0 ? mdp.start : Float64Array.from(open, (each) => each / count),
    step: (s, a) => (open[s] === 1 ? [[mdp.to[mdp.from[s * mdp.actions + a]!]!, 1]] : []),
  });
}

/**
 * The same problem with ends in which the agent stays for good: otherwise a reward
 * that makes every place costly would be one of getting to the end.
 */
export function endless(mdp: Mdp): Mdp {
  return tabular({
    ...mdp,
    step: (s, a) => (isEnd(mdp, s) ? [[s, 1]] : [[mdp.to[mdp.from[s * mdp.actions + a]!]!, 1]]),
  });
}

/** π(a | s) of a subject with access to logits in every state, `[states, actions]` for each level. */
export async function policiesOf(subject: Subject, levels: readonly TabularLevel[]): Promise<Float64Array[]> {
  const policies: Float64Array[] = [];
  for (const { mdp, observations } of levels) {
    const logits = await subject.logits!(observations, mdp.states);
    const policy = new Float64Array(mdp.states * mdp.actions);
    for (let row = 0; row < policy.length; row += mdp.actions) {
      let max = -Infinity;
      for (let a = 0; a < mdp.actions; a++) max = Math.max(max, logits[row + a]!);
      let total = 0;
      for (let a = 0; a < mdp.actions; a++) total += policy[row + a] = Math.exp(logits[row + a]! - max);
      for (let a = 0; a < mdp.actions; a++) policy[row + a]! /= total;
    }
    policies.push(policy);
  }
  return policies;
}

/** π(a | s) estimated from `samples` actions in every state, `[states, actions]` for each level. */
export async function sampledPolicies(
  subject: Subject,
  levels: readonly TabularLevel[],
  samples: number,
  rng: Rng,
): Promise<Float64Array[]> {
  const policies: Float64Array[] = [];
  for (const [i, { mdp, observations }] of levels.entries()) {
    const policy = new Float64Array(mdp.states * mdp.actions);
    const actions = new Uint8Array(mdp.states);
    const stream = rng.fork(i);
    for (let k = 0; k < samples; k++) {
      await subject.act(observations, mdp.states, stream, actions);
      for (let s = 0; s < mdp.states; s++) policy[s * mdp.actions + actions[s]!]! += 1 / samples;
    }
    policies.push(policy);
  }
  return policies;
}
