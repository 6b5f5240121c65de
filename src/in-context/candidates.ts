/**
 * @file The algorithms that a learner is compared with. A single number (step, λ, k) is fitted to the learner's own
 * answers, on contexts apart from those that are judged. Algorithms of more than one step, and the preconditioner, run
 * at their optimum for the task, as in the source: a fitted preconditioner would be any bilinear map of Σ yᵢxᵢ and the
 * query, a memorizer's included, and a fitted GD++ imitates one step.
 *
 * The latter was seen: at first two steps and GD++ were fitted to the learner too, and on the first trained layer GD++
 * came within a factor 5 of one step (squared prediction difference .006 against .001).
 */
import type { Contexts, TaskLaw } from "../in-context.ts";
import { ascend } from "../theory/numerics/ascent.ts";
import { solve } from "../theory/numerics/dense.ts";
import { answersOf, correlations, leastSquares, nearestNeighbors, ridge, timesGram, twoSteps } from "./algorithms.ts";
import { bestPreconditioner } from "./optima.ts";

/** What a fitted candidate answers. */
export interface Fitted {
  /** Its parameters in words: `step 0.606`. */
  readonly setting: string;
  answers(contexts: Contexts): Float64Array;
}

export interface Candidate {
  readonly id: string;
  readonly title: string;
  /** Ids of candidates that it contains, or becomes on some inputs: no margin is asked between them. */
  readonly contains: readonly string[];
  /** @param answers of the learner on the contexts, `[count]` */
  fit(contexts: Contexts, answers: Float64Array, law: TaskLaw): Fitted;
}

/** Contexts on which λ is searched for: each λ costs a solution a context. */
const SEARCHED = 1024;

/** The simplest first. */
export const candidates: readonly Candidate[] = [
  {
    id: "zero",
    title: "zero always",
    contains: [],
    fit: () => ({ setting: "", answers: ({ count }) => new Float64Array(count) }),
  },
  {
    id: "mean",
    title: "mean of the examples' targets",
    contains: [],
    fit: () => ({ setting: "", answers: (contexts) => nearestNeighbors(contexts, contexts.examples) }),
  },
  {
    id: "least-squares",
    title: "least squares",
    contains: [],
    fit: () => ({ setting: "", answers: (contexts) => answersOf(leastSquares(contexts), contexts) }),
  },
  {
    id: "nearest",
    title: "nearest neighbors",
    contains: ["mean"],
    fit(contexts, answers) {
      const k = leastOf([1, 2, 3, 5], (each) => distance(nearestNeighbors(contexts, each), answers));
      return { setting: `k = ${k}`, answers: (given) => nearestNeighbors(given, k) };
    },
  },
  {
    id: "gradient-descent",
    title: "one step of gradient descent",
    contains: ["zero"],
    fit(contexts, answers) {
      const one = answersOf(correlations(contexts), contexts);
      const step = regress([one], answers)[0]!;
      return {
        setting: `step ${step.toFixed(4)}`,
        answers: (given) => answersOf(correlations(given), given).map((each) => step * each),
      };
    },
  },
  {
    id: "preconditioned",
    title: "one step of preconditioned descent, at its optimum",
    // On inputs of equal variance it is gradient descent with the best step.
    contains: ["gradient-descent"],
    fit(_contexts, _answers, law) {
      const steps = bestPreconditioner(law);
      return {
        setting: `steps ${Math.min(...steps).toFixed(3)} to ${Math.max(...steps).toFixed(3)}`,
        answers: (given) =>
          answersOf(
            correlations(given).map((each, i) => each * steps[i % law.dimensions]!),
            given,
          ),
      };
    },
  },
  {
    id: "two-steps",
    title: "two steps of gradient descent, at their optimum",
    contains: [],
    fit: (contexts) => bestTwoSteps(contexts, false),
  },
  {
    id: "ridge",
    title: "ridge regression",
    contains: ["least-squares", "zero"],
    fit(contexts, answers) {
      const some = first(contexts, SEARCHED);
      const error = (log: number) => distance(answersOf(ridge(some, 10 ** log), some), answers);
      // Decades of the mean eigenvalue first, then a tenth of one.
      const scale = Math.log10(meanEigenvalue(some));
      const coarse = leastOf([-3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5], (each) => error(scale + each));
      const fine = leastOf([-0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4], (each) => error(scale + coarse + each));
      const lambda = 10 ** (scale + coarse + fine);
      return { setting: `λ = ${lambda.toPrecision(3)}`, answers: (given) => answersOf(ridge(given, lambda), given) };
    },
  },
  {
    id: "gd-plus-plus",
    title: "two tied steps of GD++, at their optimum",
    contains: [],
    fit: (contexts) => bestTwoSteps(contexts, true),
  },
  {
    id: "fixed-weights",
    title: "the same weights whatever the context",
    contains: ["zero"],
    fit({ count, dimensions: d, query }, answers) {
      const columns = Array.from({ length: d }, (_, k) =>
        Float64Array.from({ length: count }, (_, c) => query[c * d + k]!),
      );
      const weights = regress(columns, answers);
      const all = (n: number) => Float64Array.from({ length: n * d }, (_, i) => weights[i % d]!);
      return { setting: `${d} numbers`, answers: (given) => answersOf(all(given.count), given) };
    },
  },
];

/** Least squares of `answers` on columns. */
function regress(columns: readonly Float64Array[], answers: Float64Array): Float64Array {
  const k = columns.length;
  const gram = new Float64Array(k * k);
  const right = new Float64Array(k);
  for (const [i, a] of columns.entries()) {
    for (let c = 0; c < answers.length; c++) right[i]! += a[c]! * answers[c]!;
    for (const [j, b] of columns.entries()) for (let c = 0; c < a.length; c++) gram[i * k + j]! += a[c]! * b[c]!;
  }
  return solve(gram, right, k);
}

/**
 * Rate, and shrinkage where asked for, of the two tied steps that err least. The answers are polynomials in both with
 * the features hᵀGᵏx_q, so that only the moments of those enter the search.
 */
function bestTwoSteps(contexts: Contexts, isPlusPlus: boolean): Fitted {
  const all = [...powers(contexts), Float64Array.from(contexts.target)];
  const moment = all.map((a) => all.map((b) => a.reduce((sum, each, c) => sum + each * b[c]!, 0) / contexts.count));
  const error = (rate: number, shrinkage: number) => {
    const weights = [...twoSteps(rate, shrinkage), -1];
    return weights.reduce((sum, a, i) => sum + weights.reduce((row, b, j) => row + a * b * moment[i]![j]!, 0), 0);
  };
  const unit = 1 / meanEigenvalue(contexts);
  const slope = (at: Float64Array) => {
    const [rate, shrinkage] = [at[0]! * unit, isPlusPlus ? at[1]! * unit : 0];
    const nudge = 1e-4 * unit;
    const along = (dr: number, ds: number) =>
      (error(rate + dr, shrinkage + ds) - error(rate - dr, shrinkage - ds)) / 2e-4;
    return {
      value: -error(rate, shrinkage),
      gradient: Float64Array.of(-along(nudge, 0), isPlusPlus ? -along(0, nudge) : 0),
    };
  };
  // From several starts: the error is not convex in both.
  const starts = isPlusPlus
    ? [
        [0.3, 0.05],
        [0.8, 0.12],
        [1.2, 0.2],
      ]
    : [
        [0.1, 0],
        [0.4, 0],
      ];
  const summits = starts.map((start) => ascend(slope, Float64Array.from(start), { tolerance: 1e-9, maxMove: 0.2 }));
  const best = summits.reduce((a, b) => (b.value > a.value ? b : a)).at;
  const [rate, shrinkage] = [best[0]! * unit, isPlusPlus ? best[1]! * unit : 0];
  const weights = twoSteps(rate, shrinkage);
  return {
    setting: `step ${rate.toFixed(3)}${isPlusPlus ? `, shrinkage ${shrinkage.toFixed(3)}` : ""}`,
    answers(given) {
      const each = powers(given);
      return each[0]!.map((_, c) => weights.reduce((sum, weight, k) => sum + weight * each[k]![c]!, 0));
    },
  };
}

/** hᵀGᵏ⁻¹x_q for k = 1 … 4. */
function powers(contexts: Contexts): readonly Float64Array[] {
  let power = correlations(contexts);
  return [1, 2, 3, 4].map(() => {
    const answer = answersOf(power, contexts);
    power = timesGram(contexts, power);
    return answer;
  });
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

function leastOf(values: readonly number[], error: (value: number) => number): number {
  const errors = values.map(error);
  return values[errors.indexOf(Math.min(...errors))]!;
}

/** Mean over contexts and eigenvalues: E tr G / d. */
function meanEigenvalue({ x, count, dimensions }: Contexts): number {
  let sum = 0;
  for (const each of x) sum += each * each;
  return sum / (count * dimensions);
}

/** The first of the contexts. */
function first(contexts: Contexts, count: number): Contexts {
  const { dimensions: d, examples: n } = contexts;
  const kept = Math.min(count, contexts.count);
  return {
    ...contexts,
    count: kept,
    x: contexts.x.subarray(0, kept * n * d),
    y: contexts.y.subarray(0, kept * n),
    query: contexts.query.subarray(0, kept * d),
    target: contexts.target.subarray(0, kept),
    task: contexts.task.subarray(0, kept * d),
  };
}
