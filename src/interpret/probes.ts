/**
 * @file Linear probes: what can be read off an activation by a linear map, always
 * beside what can be read off without the trained network.
 *
 * Rows are cells (one probe for every cell, as a 1×1 convolution) or whole
 * observations. Layouts of the test never occur in training, nor do those of a
 * fold in the others. A high score alone means little: the observation, an
 * untrained network, shuffled labels and the majority class are scored alike.
 */
import { assert, LabError } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import type { Rng } from "../core/rng.ts";
import type { PolicyShape, Site } from "../network.ts";
import type { Inside } from "../subject.ts";
import {
  classify,
  fitRidge,
  fitSoftmax,
  type LinearFit,
  meanNegativeLog,
  type Rows,
  scoreRow,
} from "../theory/numerics/linear-fit.ts";
import { activationRows, type Features, observationRows, patchRows } from "./features.ts";
import { accuracy, determination, estimateOf, macroF1, type Tally, tallyClasses, tallyNumbers } from "./tally.ts";

/** What is to be read. */
export type ProbeTarget =
  | {
      readonly kind: "classes";
      readonly classes: readonly string[];
      /** Class by row; −1 leaves the row out. */
      readonly labels: Int32Array;
    }
  | {
      readonly kind: "number";
      /** Number by row; NaN leaves the row out. */
      readonly labels: Float64Array;
    };

export interface ProbeQuestion {
  readonly shape: PolicyShape;
  /** `[n, planes, height, width]` */
  readonly observations: Uint8Array;
  readonly n: number;
  /** Hash of the layout of each observation, `[n]`. */
  readonly layout: Int32Array;
  /** `cell`: rows are cells of observations, `[n · height · width]`; `observation`: `[n]`. */
  readonly unit: "cell" | "observation";
  readonly target: ProbeTarget;
  /** The agent's cell of each observation, for the 3×3 baseline of whole observations. */
  readonly position?: ArrayLike<number>;
  readonly rng: Rng;
  /** Rows to train on, and to test on, at most. */
  readonly maxRows?: number;
}

export interface ProbeScore {
  /** Macro-F1 of classes, R² of numbers, on layouts not trained on. */
  readonly score: Estimate;
  /** Of classes only. */
  readonly accuracy?: Estimate;
}

export const BASELINES = ["observation", "observation 3×3", "untrained", "shuffled labels", "majority"] as const;
export type Baseline = (typeof BASELINES)[number];

export interface ProbeReport {
  readonly site: Site;
  readonly metric: "macro-F1" | "R²";
  readonly probe: ProbeScore;
  /** Absent where there is no untrained network, or no position for the 3×3 one of whole observations. */
  readonly baselines: Readonly<Partial<Record<Baseline, ProbeScore>>>;
  /** Score minus the baseline's, on the same layouts. */
  readonly over: Readonly<Partial<Record<Baseline, Estimate>>>;
  /** Score minus that of the same probe on shuffled labels (Hewitt and Liang 2019). */
  readonly selectivity: Estimate;
  /** From the site's channels to the classes, for writes; whole vectors are flattened, channels first. */
  readonly fit: LinearFit;
  readonly rows: { readonly train: number; readonly test: number; readonly layouts: number };
}

/** A question made ready: the rows are split and the baselines that need no network are scored. */
export interface ProbeBench {
  /**
   * Probe a site.
   *
   * @param untrained the same architecture with other weights, for its baseline
   * @throws {LabError} `input/unknown-id` on a site that is not there, `input/invalid` on one without cells where
   *   cells are asked for
   */
  probe(options: {
    readonly inside: Inside;
    readonly site: Site;
    readonly ticks?: number | undefined;
    readonly untrained?: Inside | undefined;
  }): Promise<ProbeReport>;
}

/** Least layouts for a split that means something. */
export const LEAST_LAYOUTS = 10;
const TEST_SHARE = 0.3;
const FOLDS = 3;
/** Rows of a choice of the penalty: it need not be finer than a factor of ten. */
const CHOICE_ROWS = 1500;
const CHOICE = { steps: 40, tolerance: 1e-4 } as const;
/** From strong to weak: each fit starts from the one before. */
const PENALTIES = { classes: [0.1, 0.01, 1e-3, 1e-4], number: [10, 1, 0.1, 0.01, 1e-3] } as const;

/**
 * Make a question ready.
 *
 * @throws {LabError} `input/invalid` where fewer than ten layouts, or fewer than two classes, are labeled
 */
export function prepareProbe(question: ProbeQuestion): ProbeBench {
  const { shape, observations, unit, target, position, rng } = question;
  const split = splitRows(question);
  const all = Int32Array.from([...split.train, ...split.test]);
  const indices = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
  const train = indices(0, split.train.length);
  const test = indices(split.train.length, all.length);
  const cells = unit === "cell" ? shape.height * shape.width : 1;
  const layoutOf = (i: number) => question.layout[Math.floor(all[i]! / cells)]!;
  const data: Data = {
    target: chosen(target, all),
    train,
    test,
    layout: Int32Array.from(all, (_, i) => layoutOf(i)),
    rng,
  };
  const shuffled: Data = { ...data, target: shuffledWithin(data, rng.fork("shuffled labels")) };
  const metric = target.kind === "classes" ? "macro-F1" : "R²";
  const free: Partial<Record<Baseline, Tally>> = { majority: majority(data) };
  free.observation = fitted(
    unit === "cell" ? patchRows(observations, shape, all, 1) : observationRows(observations, shape, all),
    data,
  ).tally;
  if (unit === "cell") free["observation 3×3"] = fitted(patchRows(observations, shape, all, 3), data).tally;
  else if (position) {
    const at = Int32Array.from(all, (row) => row * shape.height * shape.width + position[row]!);
    free["observation 3×3"] = fitted(patchRows(observations, shape, at, 3), data).tally;
  }
  const read = (inside: Inside, site: Site, ticks: number | undefined) =>
    activationRows({ inside, shape, sites: [site], observations, n: question.n, ticks }, site, all, unit);
  return {
    async probe({ inside, site, ticks, untrained }) {
      const own = await read(inside, site, ticks);
      const { tally, fit } = fitted(own, data);
      const control = fitted(own, shuffled).tally;
      const tallies: Partial<Record<Baseline, Tally>> = { ...free, "shuffled labels": control };
      if (untrained) {
        tallies.untrained = fitted(await read(untrained, site, ticks), data).tally;
      }
      const statistic = metric === "R²" ? determination : macroF1;
      const stream = rng.fork(`intervals ${site}`);
      const scoreOf = (name: string, of: Tally): ProbeScore => ({
        score: estimateOf(of, statistic, stream.fork(name)),
        ...(of.kind === "classes" ? { accuracy: estimateOf(of, accuracy, stream.fork(`accuracy ${name}`)) } : {}),
      });
      const baselines: Partial<Record<Baseline, ProbeScore>> = {};
      const over: Partial<Record<Baseline, Estimate>> = {};
      for (const name of BASELINES) {
        const baseline = tallies[name];
        if (!baseline) continue;
        baselines[name] = scoreOf(name, baseline);
        over[name] = estimateOf(tally, statistic, stream.fork(`over ${name}`), baseline);
      }
      return {
        site,
        metric,
        probe: scoreOf("probe", tally),
        baselines,
        over,
        selectivity: over["shuffled labels"]!,
        fit,
        rows: { train: train.length, test: test.length, layouts: tally.layouts.length },
      };
    },
  };
}

/** Labeled rows, renumbered: training rows first. */
interface Data {
  readonly target: ProbeTarget;
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly layout: Int32Array;
  readonly rng: Rng;
}

function splitRows({ unit, shape, layout, target, rng, maxRows = 4000 }: ProbeQuestion): {
  readonly train: Int32Array;
  readonly test: Int32Array;
} {
  const cells = unit === "cell" ? shape.height * shape.width : 1;
  const { labels } = target;
  assert(labels.length === layout.length * cells, "as many labels as rows");
  const isLabeled = (row: number) => (target.kind === "classes" ? labels[row]! >= 0 : !Number.isNaN(labels[row]!));
  const rows = Array.from({ length: labels.length }, (_, i) => i).filter(isLabeled);
  const layouts = [...new Set(rows.map((row) => layout[Math.floor(row / cells)]!))].sort((a, b) => a - b);
  if (layouts.length < LEAST_LAYOUTS) {
    throw new LabError(
      "input/invalid",
      `probe: too few layouts, got ${layouts.length}; expected at least ${LEAST_LAYOUTS}`,
    );
  }
  const order = rng.fork("split");
  order.shuffle(layouts);
  const held = new Set(layouts.slice(0, Math.ceil(layouts.length * TEST_SHARE)));
  order.shuffle(rows);
  const isTest = (row: number) => held.has(layout[Math.floor(row / cells)]!);
  const train = Int32Array.from(rows.filter((row) => !isTest(row)).slice(0, maxRows));
  const test = Int32Array.from(rows.filter(isTest).slice(0, maxRows));
  if (target.kind === "classes" && new Set(Array.from(train, (row) => labels[row])).size < 2) {
    throw new LabError(
      "input/invalid",
      "probe: nothing to tell apart, got one class in training; expected at least two",
    );
  }
  return { train, test };
}

function chosen(target: ProbeTarget, rows: Int32Array): ProbeTarget {
  if (target.kind === "number") return { ...target, labels: Float64Array.from(rows, (row) => target.labels[row]!) };
  return { ...target, labels: Int32Array.from(rows, (row) => target.labels[row]!) };
}

/** Labels in random order, those of training among themselves and those of the test among themselves. */
function shuffledWithin({ target, train, test }: Data, rng: Rng): ProbeTarget {
  const labels = target.labels.slice();
  for (const rows of [train, test]) {
    const order = Array.from(rows);
    rng.shuffle(order);
    for (const [i, row] of rows.entries()) labels[row] = target.labels[order[i]!]!;
  }
  return { ...target, labels } as ProbeTarget;
}

/** Fit on training rows with the penalty that does best across layouts, and tally the test. */
function fitted({ x, features }: Features, data: Data): { readonly tally: Tally; readonly fit: LinearFit } {
  const { train, test, layout, target } = data;
  const of = (rows: Int32Array): Rows => ({ x, features, rows });
  const penalty = choosePenalty(of, data);
  const testLayout = Int32Array.from(test, (row) => layout[row]!);
  if (target.kind === "classes") {
    const fit = fitSoftmax(of(train), target.labels, target.classes.length, penalty);
    const truth = Int32Array.from(test, (row) => target.labels[row]!);
    return { fit, tally: tallyClasses(truth, classify(fit, of(test)), testLayout, target.classes.length) };
  }
  const fit = fitRidge(of(train), target.labels, [penalty])[0]!;
  const truth = Float64Array.from(test, (row) => target.labels[row]!);
  return { fit, tally: tallyNumbers(truth, predict(fit, of(test)), testLayout) };
}

function predict(fit: LinearFit, { x, rows }: Rows): Float64Array {
  const out = new Float64Array(1);
  return Float64Array.from(rows, (row) => {
    scoreRow(fit, x, row, out);
    return out[0]!;
  });
}

function choosePenalty(of: (rows: Int32Array) => Rows, { train, layout, target }: Data): number {
  const rows = train.subarray(0, CHOICE_ROWS);
  const hashes = [...new Set(Array.from(rows, (row) => layout[row]!))];
  const foldOf = new Map(hashes.map((hash, i) => [hash, i % FOLDS]));
  const penalties = PENALTIES[target.kind];
  const losses = penalties.map(() => 0);
  for (let fold = 0; fold < FOLDS; fold++) {
    const inFold = (row: number) => foldOf.get(layout[row]!) === fold;
    const [fit, held] = [of(rows.filter((row) => !inFold(row))), of(rows.filter(inFold))];
    if (held.rows.length === 0 || fit.rows.length === 0) continue;
    if (target.kind === "number") {
      for (const [i, ridge] of fitRidge(fit, target.labels, penalties).entries()) {
        const predicted = predict(ridge, held);
        for (const [j, row] of held.rows.entries()) losses[i]! += (target.labels[row]! - predicted[j]!) ** 2;
      }
      continue;
    }
    let earlier: LinearFit | undefined;
    for (const [i, penalty] of penalties.entries()) {
      earlier = fitSoftmax(fit, target.labels, target.classes.length, penalty, earlier, CHOICE);
      losses[i]! += meanNegativeLog(earlier, held, target.labels) * held.rows.length;
    }
  }
  return penalties[losses.indexOf(Math.min(...losses))]!;
}

/** The most frequent class, or the mean, of training. */
function majority({ target, train, test, layout }: Data): Tally {
  const testLayout = Int32Array.from(test, (row) => layout[row]!);
  if (target.kind === "classes") {
    const counts = target.classes.map(() => 0);
    for (const row of train) counts[target.labels[row]!]!++;
    const most = counts.indexOf(Math.max(...counts));
    const truth = Int32Array.from(test, (row) => target.labels[row]!);
    return tallyClasses(truth, new Int32Array(test.length).fill(most), testLayout, counts.length);
  }
  const middle = train.reduce((sum, row) => sum + target.labels[row]!, 0) / train.length;
  const truth = Float64Array.from(test, (row) => target.labels[row]!);
  return tallyNumbers(truth, new Float64Array(test.length).fill(middle), testLayout);
}
