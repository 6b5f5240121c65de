/**
 * @file Rival explanations of the same decisions, scored on decisions they were
 * not fitted to. Every candidate goal is the same reflex plus one term that pulls
 * towards the goal; the reflexes alone are the devices it has to beat.
 */
import type { Candidate, World } from "../env.ts";
import { digit } from "../theory/agency/agents-and-devices.ts";
import { type Choices, fitChoices, logPolicy } from "./choice-model.ts";
import type { Decisions } from "./decisions.ts";
import { DEVICES, type Device, deviceCounts } from "./devices.ts";

/** Every explanation acts at random this often: one surprise must not decide alone. */
export const TREMBLE = 0.02;

/** What one explanation says about every decision that counts. */
export interface Explanation {
  readonly id: string;
  readonly title: string;
  readonly role: Candidate["role"] | "device";
  /** ln p of each decision, fitted on the levels of the other fold, nats, `[n]`; 0 for decisions that do not count. */
  readonly heldOut: Float64Array;
  /** ln likelihood of the decisions it was fitted to, by fold that was held out. */
  readonly fitted: readonly number[];
  /** Pull towards the goal a step of distance, by fold; absent for devices. */
  readonly beta?: readonly number[];
}

/**
 * Fit every explanation on one fold, score it on the other, both ways round.
 * What counts is the first decision on each sight of an episode: what is done over
 * and over in one spot says little about a goal.
 *
 * @param fold 0 or 1 for each decision; decisions of one layout share a fold
 * @param candidates whose patterns are the decisions' patterns, in order
 */
export function explain(
  world: World,
  candidates: readonly Candidate[],
  decisions: Decisions,
  fold: Uint8Array,
): Explanation[] {
  const actions = world.actions.length;
  const counts = decisions.fresh;
  const train = [0, 1].map((held) => fold.map((each, i) => (each === held ? 0 : counts[i]!)));
  const uniform = Math.log(1 / actions);

  const walls = DEVICES.find(({ id }) => id === "walls")!;
  const tables = train.map((uses) => logTable(walls, decisions, uses, actions));
  const reflexes = train.map((uses, held) => fitChoices(choicesOf(decisions, tables[held]!, undefined, actions), uses));
  const fitReflex = (patterns: Uint8Array | undefined) => {
    const folds = train.map((uses, held) => {
      const choices = choicesOf(decisions, tables[held]!, patterns, actions);
      let theta = patterns ? fitChoices(choices, uses) : reflexes[held]!;
      // Avoiding is not pursuing: a goal that repels explains no more than the reflex alone.
      if (patterns && theta.at(-1)! < 0) theta = Float64Array.of(...reflexes[held]!, 0);
      return { choices, theta, policies: choices.situations.map((x) => logPolicy(x, theta, actions)) };
    });
    const score = (i: number, held: number) =>
      folds[held]!.policies[folds[held]!.choices.situation[i]!]![decisions.actions[i]!]!;
    return { score, beta: folds.map(({ theta }) => theta.at(-1)!) };
  };
  const scored = (score: (i: number, held: number) => number) => {
    const fitted = [0, 0];
    const heldOut = new Float64Array(decisions.n);
    for (let i = 0; i < decisions.n; i++) {
      if (counts[i] === 0) continue;
      const held = fold[i]!;
      heldOut[i] = tremble(score(i, held), actions);
      fitted[1 - held]! += tremble(score(i, 1 - held), actions);
    }
    return { heldOut, fitted };
  };

  return [
    ...candidates.map(({ id, title, role }, c): Explanation => {
      const { score, beta } = fitReflex(decisions.patterns[c]!);
      return { id, title, role, beta, ...scored(score) };
    }),
    { id: "uniform", title: "uniformly random actions", role: "device", ...scored(() => uniform) },
    {
      id: "reflex",
      title: "a reflex: on walls, action preferences, bumping and repeating together",
      role: "device",
      ...scored(fitReflex(undefined).score),
    },
    ...DEVICES.map((device): Explanation => {
      const own = train.map((uses) => logTable(device, decisions, uses, actions));
      const score = (i: number, held: number) =>
        own[held]![contextOf(device, decisions, i) * actions + decisions.actions[i]!]!;
      return { id: device.id, title: device.title, role: "device", ...scored(score) };
    }),
  ];
}

function contextOf(device: Device, { previous, bumped, blocked }: Decisions, i: number): number {
  return device.context(previous[i]!, bumped[i]!, blocked[i]!);
}

/** A device's table learned on some decisions: ln of (count + ½) / (n + A/2), `[contexts, actions]`. */
function logTable(device: Device, decisions: Decisions, uses: Uint8Array, actions: number): Float64Array {
  const counts = deviceCounts(device, decisions, actions, uses);
  const table = new Float64Array(counts.length);
  for (let row = 0; row < counts.length; row += actions) {
    const n = counts.subarray(row, row + actions).reduce((sum, count) => sum + count, 0);
    for (let a = 0; a < actions; a++) table[row + a] = Math.log((counts[row + a]! + 0.5) / (n + actions / 2));
  }
  return table;
}

/**
 * Features of each action: a constant for every action but the first, whether it
 * bumps, whether it repeats the last one, what the reflex on walls says, and
 * last, with a goal, the change of distance: +1 closer, −1 farther.
 *
 * @param walls the reflex on walls, ln probabilities `[2^actions, actions]`
 */
function choicesOf(
  decisions: Decisions,
  walls: Float64Array,
  patterns: Uint8Array | undefined,
  actions: number,
): Choices {
  const features = actions + 2 + (patterns ? 1 : 0);
  const situations: Float64Array[] = [];
  const known = new Map<number, number>();
  const situation = new Int32Array(decisions.n);
  for (let i = 0; i < decisions.n; i++) {
    const previous = decisions.previous[i]!;
    const blocked = decisions.blocked[i]!;
    const pattern = patterns?.[i] ?? 0;
    const key = (pattern * 2 ** actions + blocked) * (actions + 1) + previous;
    let found = known.get(key);
    if (found === undefined) {
      const x = new Float64Array(actions * features);
      for (let a = 0; a < actions; a++) {
        const row = x.subarray(a * features, (a + 1) * features);
        if (a > 0) row[a - 1] = 1;
        row[actions - 1] = (blocked >> a) & 1;
        row[actions] = a + 1 === previous ? 1 : 0;
        row[actions + 1] = walls[blocked * actions + a]!;
        if (patterns) row[actions + 2] = digit(pattern, a);
      }
      found = situations.push(x) - 1;
      known.set(key, found);
    }
    situation[i] = found;
  }
  return { actions, features, situations, situation, chosen: decisions.actions };
}

const tremble = (logProbability: number, actions: number): number =>
  Math.log((1 - TREMBLE) * Math.exp(logProbability) + TREMBLE / actions);
