/**
 * @file What can be read and written inside one agent, beside its baselines, and
 * whether the audit calls it an optimizer. The measuring half of an experiment on
 * instruments: its states are not those on which the audit's own were decided.
 *
 * Two fields are asked for, the direction to the goal and the distance, from
 * every cell; the one that is read farther above its best baseline is written.
 */
import { audit } from "../audit/audit.ts";
import { calledOptimizer } from "../audit/optimizer.ts";
import type { Finding } from "../audit-record.ts";
import type { Rng } from "../core/rng.ts";
import type { Examination } from "../detector.ts";
import { planInside } from "../detectors/plan-inside.ts";
import { rePlanning } from "../detectors/re-planning.ts";
import { valueOfThinking } from "../detectors/value-of-thinking.ts";
import { conceptsOf, directions, type Mapped, mapStates } from "../interpret/concepts.ts";
import { type FieldId, fieldLabels, fieldTrials, writeFields } from "../interpret/field-writes.ts";
import { findTrials } from "../interpret/plan-writes.ts";
import { type Baseline, type ProbeReport, prepareProbe } from "../interpret/probes.ts";
import { gridSequence, listSites, type SiteInfo } from "../interpret/sites.ts";
import { drawLevels } from "../rollout.ts";
import type { TaskSpec } from "../task.ts";

/** Anything may lie anywhere, and objectives need not come apart. */
const SPREAD = { strength: 1, alpha: 0 };
/** Share of the states after the first that are kept. */
const SHARE = 0.1;

export interface InternalsOptions {
  /** Test levels from which states are taken. */
  readonly levels: number;
  /** Cells that a probe is trained on, and tested on, at most. */
  readonly rows: number;
  /** Trials of a write, at most; fewer than {@link FEWEST_TRIALS} are none. */
  readonly trials: number;
  /** Random vectors a trial. */
  readonly draws: number;
  /** Whether the world has levels with more than one way. In trees re-planning declines, after much play, and is left out. */
  readonly hasDetours: boolean;
  /** Parameters of the audit's instruments, by id; what is not given takes its default. */
  readonly instruments?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Fewest trials of a write from which anything is said. */
const FEWEST_TRIALS = 24;

/** Scores of one probe and of what it is compared with, on layouts not trained on: macro-F1 of classes, R² of numbers. */
export interface ProbeScores {
  readonly probe: number;
  readonly baselines: Readonly<Partial<Record<Baseline, number>>>;
  /** Probe minus the greatest baseline. */
  readonly margin: number;
}

/** What a write did, trial by trial. */
export interface WrittenField {
  readonly field: FieldId;
  /** 1 where the agent turned, `[trials]`. */
  readonly written: ArrayLike<number>;
  /** Share of the random vectors under which it turned, `[trials]`. */
  readonly random: ArrayLike<number>;
  /** 1 where the field of another level turned it, `[trials]`. */
  readonly misplaced: ArrayLike<number>;
}

export interface Internals {
  /** At the last tick or layer; absent where the network has no activation for every cell, or states are too few. */
  readonly read?: Readonly<Record<FieldId, ProbeScores>>;
  /** Absent also where there are too few forks to be turned at. */
  readonly write?: WrittenField;
  /** What the audit's looks inside call it; undefined where they do not tell. */
  readonly called: boolean | undefined;
  /** Of the audit's look for a plan. */
  readonly plan: PlanFound;
}

/** What the audit found of a plan. Numbers are absent where it declined. */
interface PlanFound {
  /** Whether it says that the subject holds its own path. */
  readonly isPathClaimed: boolean;
  /** Macro-F1 of the own path, and the same minus its best baseline. */
  readonly path?: number;
  readonly pathMargin?: number;
  /** Written minus random of its own trial, which exchanges two neighbors, for the concept that it reads best. */
  readonly exchange?: number;
}

/** Look into one agent. */
export async function examineInternals(
  { subject, world, untrained, enlarged }: Omit<Examination, "rng">,
  task: TaskSpec,
  options: InternalsOptions,
  random: Rng,
): Promise<Internals> {
  const detectors = options.hasDetours ? [planInside, rePlanning, valueOfThinking] : [planInside, valueOfThinking];
  const { findings } = await audit({
    subject,
    world,
    task,
    detectors,
    params: Object.fromEntries(detectors.map(({ id }) => [id, options.instruments?.[id] ?? {}])),
    seed: random.fork("audit").int(2 ** 31),
    clock: () => 0,
    code: "",
    executor: "",
    command: "",
    ...(untrained ? { untrained } : {}),
    ...(enlarged ? { enlarged } : {}),
  });
  const decided = { called: calledOptimizer(findings), plan: planOf(findings) };
  const { inside, shape } = subject;
  const sites = inside ? gridSequence(listSites(inside, shape)) : [];
  if (sites.length < 2) return decided;
  const mapped = await mapStates({
    world,
    levels: drawLevels(world, options.levels, SPREAD, "test", random.fork("levels")),
    act: subject.act.bind(subject),
    share: SHARE,
    rng: random.fork("states"),
  });
  const examined = { subject, world, ...(untrained ? { untrained } : {}), mapped, sites };
  const read = await readFields(examined, options.rows, random.fork("read"));
  if (!read) return decided;
  const field = read.direction.margin >= read.distance.margin ? "direction" : "distance";
  const write = await writeField(examined, field, options, random.fork("write"));
  return { ...decided, read, ...(write ? { write } : {}) };
}

interface Examined extends Omit<Examination, "rng" | "enlarged"> {
  readonly mapped: Mapped;
  readonly sites: readonly SiteInfo[];
}

async function readFields(
  { subject, world, untrained, mapped, sites }: Examined,
  rows: number,
  random: Rng,
): Promise<Internals["read"]> {
  const { states } = mapped;
  const found: Partial<Record<FieldId, ProbeScores>> = {};
  for (const { id, target } of conceptsOf(world, mapped)) {
    if (id !== "direction" && id !== "distance") continue;
    const bench = prepareProbe({
      shape: subject.shape,
      observations: states.observations,
      n: states.n,
      layout: states.layout,
      unit: "cell",
      target,
      rng: random.fork(id),
      maxRows: rows,
    });
    const { site } = sites.at(-1)!;
    found[id] = scoresOf(await bench.probe({ inside: subject.inside!, site, untrained: untrained?.inside }));
  }
  const { direction, distance } = found;
  return direction && distance ? { direction, distance } : undefined;
}

function scoresOf({ probe, baselines, over }: ProbeReport): ProbeScores {
  return {
    probe: probe.score.mean,
    baselines: Object.fromEntries(Object.entries(baselines).map(([name, { score }]) => [name, score.mean])),
    margin: Math.min(...Object.values(over).map(({ mean }) => mean)),
  };
}

async function writeField(
  { subject, world, mapped, sites }: Examined,
  field: FieldId,
  { trials: most, draws }: InternalsOptions,
  random: Rng,
): Promise<WrittenField | undefined> {
  const labels = fieldLabels(world, mapped, field);
  const forks = fieldTrials(world, mapped, findTrials(world, mapped, directions(world, mapped)), field, labels);
  const order = forks.map((_, i) => i);
  random.fork("order").shuffle(order);
  const { trials, outcome } = await writeFields({
    subject,
    mapped,
    labels,
    // Some forks fall away: where the agent goes the other way of itself it cannot be turned.
    trials: order.slice(0, 2 * most).map((i) => forks[i]!),
    sites: sites.slice(Math.floor(sites.length / 2)),
    most,
    draws,
    rng: random.fork("vectors"),
  });
  const { written, random: noise, wrongPlace: misplaced } = outcome;
  return trials.length < FEWEST_TRIALS ? undefined : { field, written, random: noise, misplaced };
}

function planOf(findings: readonly Finding[]): PlanFound {
  const found = findings.find(({ detector }) => detector === planInside.id);
  const quantity = (id: string) => {
    const reading = found?.quantities.find((each) => each.id === id)?.reading;
    return reading?.status === "scored" ? reading.value.mean : undefined;
  };
  const [path, pathMargin] = [quantity("read-own-path"), quantity("read-own-path-margin")];
  const exchange = found?.reading.status === "scored" ? found.reading.value.mean : undefined;
  return {
    isPathClaimed: found?.finding === "plan" || found?.finding === "plan-and-field",
    ...(path === undefined ? {} : { path }),
    ...(pathMargin === undefined ? {} : { pathMargin }),
    ...(exchange === undefined ? {} : { exchange }),
  };
}
