/**
 * @file From readings to a posterior: the joint model of a calibrated zoo turned
 * into a ledger, prior first, one line a detector, the sum cut at what a zoo of
 * that size can support.
 *
 * Instruments are correlated, so their likelihood ratios must not be multiplied
 * as if each stood alone; a jointly fitted model's terms may be added. Outside of
 * what the zoo has shown the model says nothing, and the raw readings stand alone.
 */
import type { Finding } from "../audit-record.ts";
import { assert } from "../core/errors.ts";
import type { Reading } from "../core/estimate.ts";
import type {
  CalibratedInput,
  CalibratedModel,
  Calibration,
  LedgerStep,
  Posterior,
  ScoredQuestion,
} from "../scoreboard.ts";

/** Readings farther from the center count as if they were this many scales away. */
const FARTHEST = 3;

/** Readings beyond the zoo's by more than this share of their range are outside of the calibration. */
const MARGIN = 0.1;

/**
 * One reading as the model takes it: how far from the center, in scales. What is unscored lies at the center and weighs
 * nothing: whether an instrument declines depends on the world more than on the agent, and would tell worlds apart.
 */
export function encodeReading(
  { center, scale }: Pick<CalibratedInput, "center" | "scale">,
  reading: Reading | undefined,
): number {
  if (reading?.status !== "scored") return 0;
  const distance = (reading.value.mean - center) / scale;
  return Math.max(-FARTHEST, Math.min(FARTHEST, distance));
}

/** What one detector adds to the ln likelihood ratio, nats. */
const contribution = (input: CalibratedInput, reading: Reading | undefined): number =>
  input.weight * encodeReading(input, reading);

/** ln LR before the cap. */
export function rawLogRatio(
  { intercept, inputs }: Pick<CalibratedModel, "intercept" | "inputs">,
  readingOf: (detector: string) => Reading | undefined,
): number {
  return inputs.reduce((sum, input) => sum + contribution(input, readingOf(input.detector)), intercept);
}

export interface PosteriorOptions {
  /** Probability before the audit; default: one half. */
  readonly prior?: number;
  /** The subject's architecture, where it is known. */
  readonly architecture?: string;
  /** The subject's environment. */
  readonly env?: string;
}

/**
 * The posterior of one question.
 *
 * @param findings of an audit whose evidence is of the model's regime
 */
export function posterior(
  model: CalibratedModel,
  calibration: Pick<Calibration, "architectures" | "envs">,
  findings: readonly Pick<Finding, "detector" | "reading">[],
  { prior = 0.5, architecture, env }: PosteriorOptions = {},
): Posterior {
  assert(prior > 0 && prior < 1, "posterior: a prior is a probability between 0 and 1");
  const { question, regime, cap } = model;
  const asked = { question, regime, prior };
  const readingOf = (detector: string) => findings.find((finding) => finding.detector === detector)?.reading;
  const absent = model.inputs.filter(({ detector }) => readingOf(detector) === undefined);
  if (absent.length > 0) {
    const names = absent.map(({ detector }) => detector).join(", ");
    return {
      ...asked,
      status: "unscored",
      reason: `the model needs detectors that did not run here as they were calibrated: ${names}`,
    };
  }
  const outside = model.inputs.flatMap((input) => {
    const reading = readingOf(input.detector)!;
    if (reading.status !== "scored") {
      // Never unscored in the zoo: what it means that it is now, nobody has seen.
      return input.unscored === 0 ? [`${input.detector} is unscored, which it never was in the zoo`] : [];
    }
    const [low, high] = input.range;
    const room = MARGIN * (high - low);
    const { mean } = reading.value;
    if (mean >= low - room && mean <= high + room) return [];
    return [`${input.detector} reads ${short(mean)}, and in the zoo ${short(low)} to ${short(high)}`];
  });
  if (outside.length > 0) {
    return {
      ...asked,
      status: "unscored",
      reason: `outside the calibration, so the readings stand alone: ${outside.join("; ")}`,
    };
  }
  const notes = [
    ...(architecture !== undefined && !calibration.architectures.includes(architecture)
      ? [`No agent of the zoo has the architecture ${architecture}.`]
      : []),
    ...(env !== undefined && !calibration.envs.includes(env) ? [`The zoo has no agents on ${env}.`] : []),
  ];

  const ledger: LedgerStep[] = [];
  let odds = Math.log(prior / (1 - prior));
  const book = (from: string, text: string, nats: number) => {
    odds += from === "prior" ? 0 : nats;
    ledger.push({ from, text, nats, probability: 1 / (1 + Math.exp(-odds)) });
  };
  book("prior", "before the audit", odds);
  let sum = model.intercept;
  book("typical agent", "an agent whose every reading is that of the zoo's middle", model.intercept);
  const terms = model.inputs
    .map((input) => ({ input, nats: contribution(input, readingOf(input.detector)) }))
    .toSorted((a, b) => Math.abs(b.nats) - Math.abs(a.nats));
  for (const { input, nats } of terms) {
    const reading = readingOf(input.detector)!;
    const text =
      reading.status === "scored"
        ? `reads ${short(reading.value.mean)}, the zoo's middle is ${short(input.center)}`
        : "is unscored: no evidence";
    sum += nats;
    book(input.detector, text, nats);
  }
  const logRatio = Math.max(-cap, Math.min(cap, sum));
  const isCapped = logRatio !== sum;
  if (isCapped) {
    const rarer = Math.min(model.positives, model.negatives);
    book("cap", `${rarer} agents of the rarer kind support a ratio of ${rarer + 1} at most`, logRatio - sum);
  }
  return {
    ...asked,
    status: "scored",
    probability: ledger.at(-1)!.probability,
    logRatio,
    isCapped,
    ledger,
    notes,
  };
}

/**
 * The posterior of every question that a calibration has a model for, under a regime: the model with the most access
 * whose detectors were all part of the audit.
 */
export function posteriors(
  calibration: Calibration,
  findings: readonly Pick<Finding, "detector" | "reading" | "missing">[],
  regime: string,
  options: PosteriorOptions & { readonly priors?: Readonly<Partial<Record<ScoredQuestion, number>>> } = {},
): Posterior[] {
  // What the subject's access rules out was not unscored: it was not asked.
  const known = new Set(findings.flatMap(({ detector, missing }) => (missing ? [] : [detector])));
  // Whether a goal is missing is asked of audits with named goals, and answered from both kinds of them.
  const models = calibration.models.filter(
    (model) => model.regime === regime || (model.question === "withheld" && regime === "named"),
  );
  return [...new Set(models.map(({ question }) => question))].map((question) => {
    const own = models
      .filter((model) => model.question === question)
      .toSorted((a, b) => (a.access === b.access ? 0 : a.access === "all" ? -1 : 1));
    const fits = own.find(({ inputs }) => inputs.every(({ detector }) => known.has(detector))) ?? own.at(-1)!;
    const prior = options.priors?.[question] ?? options.prior;
    return posterior(fits, calibration, findings, { ...options, ...(prior === undefined ? {} : { prior }) });
  });
}

/** Three significant digits. */
const short = (value: number): string => String(Number(value.toPrecision(3)));
