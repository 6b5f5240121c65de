/** @file The algorithms that a learner which continues sequences is compared with, the simplest first. */
import { mean } from "../../core/stats.ts";
import type { Sequences, TaskLaw } from "../../in-context.ts";
import { solve } from "../../theory/numerics/dense.ts";
import { inputVariances } from "../contexts.ts";
import { DESCENT, layerSums, sequenceRidge, shownToken } from "./descent.ts";

export interface SequenceCandidate {
  readonly id: string;
  readonly title: string;
  /** Ids of candidates that it contains: no margin is asked between them. */
  readonly contains: readonly string[];
  /**
   * Fit what is free to answers for s_{T+1}, `[count, d]`.
   */
  fit(
    sequences: Sequences,
    answers: Float64Array,
    law: TaskLaw,
  ): {
    /** Its parameters in words. */
    readonly setting: string;
    answers(sequences: Sequences): Float64Array;
  };
}

/** A sum of features with fitted coefficients. */
function combination(featuresOf: (sequences: Sequences) => readonly Float64Array[], describe: (c: number) => string) {
  return (sequences: Sequences, answers: Float64Array) => {
    const c = leastSquares(featuresOf(sequences), answers);
    return {
      setting: c.length === 1 ? describe(c[0]!) : "",
      answers: (given: Sequences) => {
        const features = featuresOf(given);
        return features[0]!.map((_, i) => features.reduce((sum, each, k) => sum + c[k]! * each[i]!, 0));
      },
    };
  };
}

/** Multiples of the mean eigenvalue of S Sᵀ, T times the variance of a coordinate, that ridge is searched over. */
const RIDGES = [1e-6, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3] as const;

export const sequenceCandidates: readonly SequenceCandidate[] = [
  {
    id: "zero",
    title: "zero always",
    contains: [],
    fit: () => ({ setting: "", answers: ({ count, dimensions }) => new Float64Array(count * dimensions) }),
  },
  {
    id: "last-token",
    title: "a multiple of the last token",
    contains: ["zero"],
    fit: combination(
      (given) => [shownToken(given, 0)],
      (c) => `times ${c.toFixed(3)}`,
    ),
  },
  {
    id: "token-before",
    title: "a multiple of the token before the last",
    contains: ["zero"],
    fit: combination(
      (given) => [shownToken(given, 1)],
      (c) => `times ${c.toFixed(3)}`,
    ),
  },
  {
    id: "gradient-descent",
    title: "one step of gradient descent on the pairs shown",
    contains: ["zero"],
    fit: combination(
      (given) => [layerSums(given)[DESCENT]!],
      (c) => `step ${c.toFixed(4)}`,
    ),
  },
  {
    id: "one-layer",
    title: "any linear layer that treats coordinates alike",
    contains: ["zero", "gradient-descent"],
    fit: combination(layerSums, String),
  },
  {
    id: "ridge",
    title: "ridge regression on the pairs shown",
    contains: ["zero"],
    fit(sequences, answers, law) {
      const size = law.examples * mean(inputVariances(law));
      const distance = (ridge: number) =>
        sequenceRidge(sequences, ridge).reduce((sum, each, i) => sum + (each - answers[i]!) ** 2, 0);
      const best = RIDGES.map((each) => each * size).reduce((a, b) => (distance(b) < distance(a) ? b : a));
      return { setting: `1/λ = ${best.toPrecision(2)}`, answers: (given) => sequenceRidge(given, best) };
    },
  },
];

/** Coefficients c of least ‖Σ c_k f_k − y‖². */
function leastSquares(features: readonly Float64Array[], y: Float64Array): Float64Array {
  const n = features.length;
  const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, each, i) => sum + each * b[i]!, 0);
  const gram = Float64Array.from({ length: n * n }, (_, i) => inner(features[Math.floor(i / n)]!, features[i % n]!));
  // So that features which are multiples of one another do not stop it.
  for (let k = 0; k < n; k++) gram[k * n + k]! *= 1 + 1e-9;
  return solve(
    gram,
    Float64Array.from(features, (each) => inner(each, y)),
    n,
  );
}
