/**
 * @file What a meta-optimizer is: something that searches for the settings of a base optimizer, above it, and sees of it
 * only scores. Pure functions over one port, `evaluate`, through which everything expensive happens.
 */
import { LabError } from "./core/errors.ts";
import type { Rng } from "./core/rng.ts";

/** One setting and its range. */
export interface Dimension {
  readonly id: string;
  readonly low: number;
  readonly high: number;
  /** How the range is divided: evenly, or evenly in the logarithm. */
  readonly scale: "linear" | "log";
}

export type Space = readonly Dimension[];

/** A value for every dimension, by id. */
export type Configuration = Readonly<Record<string, number>>;

/** What is to be tried. */
export interface Request<S> {
  readonly configuration: Configuration;
  /** Units of training, in whatever unit the caller trains. */
  readonly budget: number;
  /** Fork of the randomness of this trial. */
  readonly seed: number;
  /** Where to go on from; absent: from the start. */
  readonly from?: S;
}

/** What came of it. */
export interface Trial<S> {
  /** More is better. */
  readonly score: number;
  /** What training can be continued from. */
  readonly state: S;
}

export type Evaluate<S> = (request: Request<S>) => Promise<Trial<S>>;

/** One evaluation that was made. */
export interface Tried {
  readonly configuration: Configuration;
  readonly budget: number;
  readonly score: number;
}

/** What a search found. */
export interface Found<S> extends Trial<S> {
  readonly configuration: Configuration;
  /** Every evaluation in order. */
  readonly history: readonly Tried[];
  /** Budget of all evaluations together. */
  readonly spent: number;
}

/** What every search is given. */
export interface Search<S> {
  readonly space: Space;
  readonly evaluate: Evaluate<S>;
  readonly rng: Rng;
}

/** Draws of each search: seeds of trials are integers below this. */
const SEEDS = 2 ** 31;

/** A configuration at a point of the unit cube `[dimensions]`. */
export function configurationAt(space: Space, point: ArrayLike<number>): Configuration {
  return Object.fromEntries(
    space.map(({ id, low, high, scale }, i) => {
      const share = point[i]!;
      if (scale === "linear") return [id, low + share * (high - low)];
      return [id, Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)))];
    }),
  );
}

/** A configuration uniform over the space, in its scales. */
export const drawConfiguration = (space: Space, rng: Rng): Configuration =>
  configurationAt(
    space,
    space.map(() => rng.uniform()),
  );

/**
 * Evaluates, keeps the history and knows the best trial. The better of two equal ones is the earlier.
 *
 * @throws {LabError} `input/invalid` for an empty range, a logarithm of what is not positive, or a score that is no number
 */
export function recorder<S>({ space, evaluate, rng }: Search<S>) {
  for (const { id, low, high, scale } of space) {
    if (low < high && (scale === "linear" || low > 0)) continue;
    throw new LabError(
      "input/invalid",
      `meta-optimizer: the range of "${id}" is empty or not positive, got ${low} to ${high}; expected low < high, above 0 on a log scale`,
    );
  }
  const history: Tried[] = [];
  let best: { readonly configuration: Configuration; readonly trial: Trial<S> } | undefined;
  return {
    async attempt(request: Omit<Request<S>, "seed">): Promise<Trial<S>> {
      const trial = await evaluate({ ...request, seed: rng.int(SEEDS) });
      const { configuration, budget } = request;
      if (Number.isNaN(trial.score)) {
        throw new LabError(
          "input/invalid",
          "meta-optimizer: a trial's score is no number, got NaN; expected a number",
          {
            hint: "Give −Infinity to a configuration that cannot be trained.",
          },
        );
      }
      history.push({ configuration, budget, score: trial.score });
      if (best === undefined || trial.score > best.trial.score) best = { configuration, trial };
      return trial;
    },
    /** @param chosen the trial to hand over; default: the best of all */
    found(chosen = best): Found<S> {
      if (chosen === undefined) {
        throw new LabError(
          "input/invalid",
          "meta-optimizer: nothing was tried, got 0 evaluations; expected at least 1",
        );
      }
      const spent = history.reduce((sum, { budget }) => sum + budget, 0);
      return { ...chosen.trial, configuration: chosen.configuration, history, spent };
    },
  };
}
