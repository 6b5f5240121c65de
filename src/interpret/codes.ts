/**
 * @file Codes for recorded decisions, in bits: each decision is encoded with what
 * was learned from the decisions of the levels before (prequential), so that a code
 * is charged for everything it has to learn. Only first decisions on a sight count.
 */
import type { Rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { copyLevel } from "../rollout.ts";
import { digit } from "../theory/agency/agents-and-devices.ts";
import { type Choices, fitChoices, logPolicy } from "./choice-model.ts";
import type { Decisions } from "./decisions.ts";
import { DEVICES } from "./devices.ts";
import { TREMBLE } from "./explanations.ts";

/** One way of telling the decisions. */
export interface Code {
  readonly id: string;
  readonly title: string;
  readonly kind: "list" | "table" | "reflex" | "goal" | "rule";
  /** Bits of each decision, given those of the levels before; 0 for decisions that do not count, `[n]`. */
  readonly bits: Float64Array;
}

/** Levels after which the rules with fitted pulls are fitted again. */
export const REFITS: readonly number[] = [4, 8, 16, 32, 64, 128, 256, 512];
/** γ of the oracles; below 1, so that they do not dawdle. */
const GAMMA = 0.99;

/**
 * Every code for the decisions, the list first: what is done in each cell, the
 * reflexes, the oracle of each objective, walking to one candidate, and pulls to all
 * candidates at once.
 *
 * @param decisions recorded with the world's candidates as goals
 * @param rng the stream that the decisions were recorded with: the episodes are played again for the oracles
 */
export function codesOf(world: World, levels: readonly Level[], decisions: Decisions, rng: Rng): Code[] {
  const actions = world.actions.length;
  const level = new Int32Array(decisions.n);
  const position = new Int32Array(decisions.n);
  for (let i = 0; i + 1 < decisions.start.length; i++) {
    for (let d = decisions.start[i]!; d < decisions.start[i + 1]!; d++) {
      level[d] = i;
      position[d] = decisions.episodes.paths![i]![d - decisions.start[i]!]!;
    }
  }
  const optimal = optimalSets(world, levels, decisions, rng);
  const table = (contexts: number, context: (decision: number) => number) =>
    tableCode(decisions, level, actions, contexts, context);
  return [
    {
      id: "list",
      title: "a list",
      kind: "list",
      bits: Float64Array.from(decisions.fresh, (counts) => counts * Math.log2(actions)),
    },
    {
      id: "cells",
      title: "a table of cells",
      kind: "table",
      bits: table(world.height * world.width, (d) => position[d]!),
    },
    ...DEVICES.map(
      (device): Code => ({
        id: `device-${device.id}`,
        title: device.title,
        kind: "reflex",
        bits: table(device.contexts(actions), (d) =>
          device.context(decisions.previous[d]!, decisions.bumped[d]!, decisions.blocked[d]!),
        ),
      }),
    ),
    ...world.objectives.map(
      ({ id, title }, o): Code => ({
        id: `oracle-${id}`,
        title: `the oracle for ${title}, with a tremble`,
        kind: "goal",
        bits: setCode(decisions, level, optimal[o]!, actions),
      }),
    ),
    ...world.candidates.map(
      ({ id, title, role }, c): Code => ({
        id: `walk-${role}-${id}`,
        title: `walking to ${title}`,
        kind: "goal",
        bits: pullCode(decisions, level, actions, [c]),
      }),
    ),
    {
      id: "rule",
      title: "a rule of pulls to all candidates",
      kind: "rule",
      bits: pullCode(
        decisions,
        level,
        actions,
        world.candidates.map((_, c) => c),
      ),
    },
  ];
}

/** Bits by Krichevsky and Trofimov's estimate in each context, (count + ½) / (n + actions / 2). */
function tableCode(
  decisions: Decisions,
  level: Int32Array,
  actions: number,
  contexts: number,
  context: (decision: number) => number,
): Float64Array {
  const counts = new Int32Array(contexts * actions);
  const bits = new Float64Array(decisions.n);
  for (const [from, to] of blocks(level)) {
    const own = countedOf(decisions, from, to);
    for (const d of own) {
      const row = context(d) * actions;
      let total = actions / 2;
      for (let a = 0; a < actions; a++) total += counts[row + a]!;
      bits[d] = -Math.log2((counts[row + decisions.actions[d]!]! + 0.5) / total);
    }
    for (const d of own) counts[context(d) * actions + decisions.actions[d]!]!++;
  }
  return bits;
}

/**
 * Bits by a set of actions that is known at each decision: one learned share of
 * choices from the set, uniform within it and outside it; uniform where the set says nothing.
 *
 * @param sets bit masks of actions, `[n]`
 */
function setCode(decisions: Decisions, level: Int32Array, sets: Uint8Array, actions: number): Float64Array {
  const bits = new Float64Array(decisions.n);
  let [inside, n] = [0, 0];
  for (const [from, to] of blocks(level)) {
    const own = countedOf(decisions, from, to);
    const share = (inside + 0.5) / (n + 1);
    for (const d of own) {
      let size = 0;
      for (let a = 0; a < actions; a++) size += (sets[d]! >> a) & 1;
      const isIn = ((sets[d]! >> decisions.actions[d]!) & 1) === 1;
      if (size === 0 || size === actions) bits[d] = Math.log2(actions);
      else bits[d] = isIn ? -Math.log2(share / size) : -Math.log2((1 - share) / (actions - size));
    }
    for (const d of own) {
      if (sets[d] === 0 || sets[d] === 2 ** actions - 1) continue;
      n++;
      inside += (sets[d]! >> decisions.actions[d]!) & 1;
    }
  }
  return bits;
}

/** Bits by π(a) ∝ exp(Σ pull · (closer − farther) + bump), fitted to the levels before at {@link REFITS}, with a tremble. */
function pullCode(
  decisions: Decisions,
  level: Int32Array,
  actions: number,
  candidates: readonly number[],
): Float64Array {
  const choices = choicesOf(decisions, actions, candidates);
  const bits = new Float64Array(decisions.n);
  let policies: readonly Float64Array[] | undefined;
  let seen = 0;
  for (const [from, to] of blocks(level)) {
    if (REFITS.includes(seen)) {
      const theta = fitChoices(
        choices,
        decisions.fresh.map((counts, d) => (d < from ? counts : 0)),
      );
      policies = choices.situations.map((x) => logPolicy(x, theta, actions));
    }
    for (const d of countedOf(decisions, from, to)) {
      const p = policies ? Math.exp(policies[choices.situation[d]!]![decisions.actions[d]!]!) : 1 / actions;
      bits[d] = -Math.log2((1 - TREMBLE) * p + TREMBLE / actions);
    }
    seen++;
  }
  return bits;
}

function choicesOf(decisions: Decisions, actions: number, candidates: readonly number[]): Choices {
  const features = candidates.length + 1;
  const situations: Float64Array[] = [];
  const known = new Map<string, number>();
  const situation = new Int32Array(decisions.n);
  for (let d = 0; d < decisions.n; d++) {
    const blocked = decisions.blocked[d]!;
    const patterns = candidates.map((c) => decisions.patterns[c]![d]!);
    const key = `${blocked},${patterns.join()}`;
    let found = known.get(key);
    if (found === undefined) {
      const x = new Float64Array(actions * features);
      for (let a = 0; a < actions; a++) {
        for (const [f, pattern] of patterns.entries()) x[a * features + f] = digit(pattern, a);
        x[(a + 1) * features - 1] = (blocked >> a) & 1;
      }
      found = situations.push(x) - 1;
      known.set(key, found);
    }
    situation[d] = found;
  }
  return { actions, features, situations, situation, chosen: decisions.actions };
}

/** Optimal actions at every decision for each objective, as bit masks; 0 where nothing is left to gain. */
function optimalSets(world: World, levels: readonly Level[], decisions: Decisions, rng: Rng): Uint8Array[] {
  const sets = world.objectives.map(() => new Uint8Array(decisions.n));
  const batch = world.batch(1);
  const action = new Uint8Array(1);
  // The streams of `rollout`: the same chance, so the same episodes.
  const chance = rng.fork("world");
  for (const [i, level] of levels.entries()) {
    copyLevel(level, batch.levels[0]!);
    batch.start(0, chance.fork(i));
    for (let d = decisions.start[i]!; d < decisions.start[i + 1]!; d++) {
      if (decisions.fresh[d] !== 0) {
        for (const [o, { id }] of world.objectives.entries()) {
          sets[o]![d] = world.optimalActions(batch, 0, id, GAMMA);
        }
      }
      action[0] = decisions.actions[d]!;
      batch.step(action);
    }
  }
  return sets;
}

/** Where the decisions of each level begin and end. */
function blocks(level: Int32Array): (readonly [from: number, to: number])[] {
  const out: (readonly [number, number])[] = [];
  for (let from = 0; from < level.length; ) {
    let to = from;
    while (to < level.length && level[to] === level[from]) to++;
    out.push([from, to]);
    from = to;
  }
  return out;
}

function countedOf({ fresh }: Decisions, from: number, to: number): number[] {
  const out: number[] = [];
  for (let d = from; d < to; d++) if (fresh[d] !== 0) out.push(d);
  return out;
}
