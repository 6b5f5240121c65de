/**
 * @file A log of what a policy did, as a subject that can only act, and only where it was seen acting: logged episodes
 * are played again, and on an observation that nobody logged it cannot be asked.
 *
 * Where the log names its levels, the world is narrowed to them: an instrument that draws levels gets those of the
 * log, each once, and sees on them what was done. Random actions, oracles and candidates come from the world
 * itself. An instrument that needs other levels, or moves something, meets observations that nobody logged, and has
 * no result; the reason says how much the log covers.
 */
import { LabError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import { rng } from "../core/rng.ts";
import type { Level, Mixture, World } from "../env.ts";
import { copyLevel } from "../rollout.ts";
import type { Access, Subject } from "../subject.ts";
import { policyShape } from "./inference.ts";
import { type LogFormat, type LogRow, readLog } from "./log-file.ts";

/** A log as an instrument sees it. */
export interface LoggedSubject {
  readonly subject: Subject;
  /** The world, drawing the log's levels, each once; as it is where the log names no levels. */
  readonly world: World;
}

export interface OpenedLog {
  /** What was found in the log, for the record. */
  readonly notes: readonly string[];
  /** Levels on which objectives coincide, and levels that tell them apart; both 0 where the log names none. */
  readonly levels: { readonly coupled: number; readonly apart: number };
  /** With no level drawn and no episode played yet: one for each instrument. */
  examine(): LoggedSubject;
}

/** A decision on record: what was seen, as a key, and what was done. */
interface Decision {
  readonly key: string;
  readonly action: number;
}

/**
 * Open a log for a world.
 *
 * @throws {LabError} `input/invalid` for a row that cannot be read, an action or a level that the world does not
 *   know, an episode that the world plays otherwise; `level/malformed`, `level/impossible`
 */
export function openLog(bytes: Uint8Array, format: LogFormat, world: World): OpenedLog {
  const rows = readLog(new TextDecoder().decode(bytes), format);
  const levels = new Map<string, Level>();
  let unfinished = 0;
  const episodes = [...Map.groupBy(rows, ({ episode }) => episode).values()].map((given) => {
    const ordered = given.toSorted((a, b) => a.step - b.step);
    const first = ordered[0]!;
    if (first.level === undefined) {
      return ordered.map((row) => ({ key: keyOf(observationOf(world, row)), action: actionOf(world, row) }));
    }
    const { decisions, isEnded } = replay(world, readLevel(world, first, levels), ordered);
    if (!isEnded) unfinished++;
    return decisions;
  });
  const all = [...levels.values()];
  const apart = all.filter((level) => world.isDistinguishing(level));
  const coupled = all.filter((level) => !world.isDistinguishing(level));
  const id = hashBytes(bytes);
  const different = new Set(episodes.flat().map(({ key }) => key)).size;
  return {
    notes: [
      `The log holds ${rows.length} decisions in ${episodes.length} episodes, on ${different} different observations.`,
      all.length > 0
        ? `It names ${all.length} levels, ${apart.length} of which tell objectives apart: instruments get these levels and no others.`
        : "It names no levels: an instrument is answered where the log happens to hold what it sees.",
      ...(unfinished > 0 ? [`${unfinished} episodes end before the world would end them.`] : []),
    ],
    levels: { coupled: coupled.length, apart: apart.length },
    examine: () => ({
      subject: logSubject(id, world, episodes),
      world: all.length === 0 ? world : narrowed(world, coupled, apart),
    }),
  };
}

/**
 * Plays logged episodes again. A seat holds one episode in progress, as in `rollout`: while it shows what
 * a logged episode shows next, that episode goes on, and a first observation begins the next episode logged with it.
 * Anything else is answered from all that was done on the same observation.
 */
function logSubject(id: string, world: World, episodes: readonly (readonly Decision[])[]): Subject {
  const shape = policyShape(world);
  const stride = shape.planes * shape.height * shape.width;
  const counts = new Map<string, Uint32Array>();
  for (const { key, action } of episodes.flat()) {
    const own = counts.get(key) ?? new Uint32Array(shape.actions);
    own[action]!++;
    counts.set(key, own);
  }
  const begun = Map.groupBy(episodes, (episode) => episode[0]!.key);
  const turns = new Map<string, number>();
  const begin = (key: string): readonly Decision[] => {
    const all = begun.get(key) ?? [];
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    return all[turn % Math.max(1, all.length)] ?? [];
  };
  /** What is left of the episode in each seat. */
  const rest: (readonly Decision[])[] = [];
  return {
    id,
    shape,
    access: new Set<Access>(["act"]),
    async act(observations, n, random, actions, seats) {
      let unseen = 0;
      for (let i = 0; i < n; i++) {
        const key = keyOf(observations.subarray(i * stride, (i + 1) * stride));
        const seat = seats?.seat[i] ?? i;
        const going = rest[seat]?.[0]?.key === key ? rest[seat]! : begin(key);
        rest[seat] = going.slice(1);
        const known = counts.get(key);
        if (going[0]) actions[i] = going[0].action;
        else if (known) actions[i] = drawFrom(known, random.uniform());
        else unseen++;
      }
      if (unseen === 0) return;
      throw new LabError(
        "input/invalid",
        `log: it does not hold what was asked, got ${unseen} of ${n} observations that nobody logged (coverage ${(1 - unseen / n).toFixed(2)}); expected all of them`,
        { hint: "Log more episodes, or bring the policy itself." },
      );
    },
  };
}

/** An index drawn in proportion to counts. */
function drawFrom(counts: Uint32Array, uniform: number): number {
  let left = uniform * counts.reduce((sum, count) => sum + count, 0);
  for (let a = 0; a < counts.length; a++) {
    left -= counts[a]!;
    if (left < 0) return a;
  }
  return counts.findLastIndex((count) => count > 0);
}

/** The world, drawing each level of the log once, whichever side of the split it lies on. */
function narrowed(world: World, coupled: readonly Level[], apart: readonly Level[]): World {
  const left = { coupled: [...coupled], apart: [...apart] };
  return {
    ...world,
    draw(level, random, { strength, alpha }: Mixture) {
      if (alpha === 0 && strength > 0 && strength < 1) {
        throw new LabError(
          "input/invalid",
          `log: it has no levels of graded shift, got strength ${strength}; expected 0 or 1`,
        );
      }
      const wanted =
        alpha >= 1 || (alpha === 0 && strength > 0) ? "apart" : random.uniform() < alpha ? "apart" : "coupled";
      const next = left[wanted].shift();
      if (next) return copyLevel(next, level);
      const has = { coupled: coupled.length, apart: apart.length }[wanted];
      const kind = wanted === "apart" ? "that tell objectives apart" : "on which objectives coincide";
      throw new LabError(
        "input/invalid",
        `log: no level is left to draw, got ${has} levels ${kind}; expected as many as the instrument asks for`,
        { hint: "Ask for fewer with --set <detector>.levels=…, or log more." },
      );
    },
  };
}

function readLevel(world: World, row: LogRow, levels: Map<string, Level>): Level {
  const text = row.level!;
  const known = levels.get(text);
  if (known) return known;
  try {
    const level = world.parse(text);
    world.check(level);
    if (world.optimum(level, world.objectives[0]!.id, 1).kind === "bound") {
      throw new LabError(
        "input/invalid",
        `${world.env} has chances of its own, got a level to play again; expected observations`,
      );
    }
    levels.set(text, level);
    return level;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new LabError(error.code, `log: ${row.where}: ${error.message}`, error.hint ? { hint: error.hint } : {});
  }
}

/** Play an episode again, and note what was seen at every decision. */
function replay(
  world: World,
  level: Level,
  rows: readonly LogRow[],
): { readonly decisions: readonly Decision[]; readonly isEnded: boolean } {
  const batch = world.batch(1);
  copyLevel(level, batch.levels[0]!);
  batch.start(0, rng(0));
  const actions = new Uint8Array(1);
  const decisions = rows.map((row, t) => {
    const broken = (problem: string, expected: string) =>
      new LabError("input/invalid", `log: ${row.where}, episode ${row.episode}: ${problem}; expected ${expected}`, {
        hint: "Is it the log of another world, or of other parameters? See --task and --task-set.",
      });
    if (row.step !== t) throw broken(`a step is missing or twice, got step ${row.step}`, `step ${t}`);
    if (batch.done[0] !== 0) throw broken(`it goes on after the world has ended it, got step ${t}`, `${t} steps`);
    if (row.observation && observationOf(world, row).some((bit, i) => bit !== batch.observations[i])) {
      throw broken("the observation is not what the world shows after the steps before", "the same planes");
    }
    const decision = { key: keyOf(batch.observations), action: actionOf(world, row) };
    actions[0] = decision.action;
    batch.step(actions);
    return decision;
  });
  return { decisions, isEnded: batch.done[0] !== 0 };
}

function observationOf(world: World, { where, observation }: LogRow): Uint8Array {
  const size = world.planes.length * world.height * world.width;
  if (observation?.length === size) return Uint8Array.from(observation, Math.round);
  const got = observation === undefined ? "neither level nor observation" : `${observation.length} numbers`;
  throw new LabError(
    "input/invalid",
    `log: ${where}: the observation does not fit ${world.env}, got ${got}; expected ${size}, ${world.planes.join(", ")} of ${world.height} by ${world.width} cells each, or a level`,
  );
}

function actionOf(world: World, { where, action }: LogRow): number {
  const named = world.actions.findIndex((name) => name.toLowerCase() === action.toLowerCase());
  const index = named >= 0 ? named : /^\d+(\.0+)?$/.test(action) ? Number(action) : -1;
  if (index >= 0 && index < world.actions.length) return index;
  throw new LabError(
    "input/invalid",
    `log: ${where}: the action is not of ${world.env}, got "${action}"; expected ${world.actions.join(", ")}, or 0 to ${world.actions.length - 1}`,
  );
}

/** An observation as a key. */
function keyOf(observation: Uint8Array): string {
  let key = "";
  for (let i = 0; i < observation.length; i += 1024) key += String.fromCharCode(...observation.subarray(i, i + 1024));
  return key;
}
