/**
 * @file One audit of an in-context learner: every instrument on its own fork of the seed, and three of the eight
 * questions answered from what they found, by rules that can be read.
 *
 * That it runs gradient descent and that it solves the task are two answers: the one is never part of the other. The
 * record is that of every audit, so that lists, reports and gates take it as it is.
 */
import type { Answer, Argument, AuditRecord, Finding } from "../audit-record.ts";
import { LabError } from "../core/errors.ts";
import { rng } from "../core/rng.ts";
import { decline, QUESTIONS } from "../detector.ts";
import { inContextInstruments } from "../in-context/instruments.ts";
import type { InContextInstrument, InContextLearner, InContextTruth, TaskLaw } from "../in-context.ts";
import { parseParams } from "../plugin.ts";

/** What an audit of a learner is told: nothing of how it was made, nor on which tasks it was trained. */
export interface InContextAuditOptions {
  readonly learner: InContextLearner;
  /** The regressions it is for; tasks are new in every context. */
  readonly law: TaskLaw;
  readonly instruments?: readonly InContextInstrument[];
  /** Parameters by instrument id. */
  readonly params?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly seed: number;
  readonly clock: () => number;
  readonly code: string;
  readonly executor: string;
  readonly command: string;
  readonly onProgress?: (done: number, running: string) => void;
}

/** Examine a learner. @throws {LabError} `input/invalid` for parameters that an instrument refuses */
export async function auditLearner(options: InContextAuditOptions): Promise<AuditRecord> {
  const { learner, law, seed, clock, instruments = inContextInstruments, params = {} } = options;
  const planned = instruments.map((instrument) => ({
    instrument,
    given: parseParams(instrument, params[instrument.id]),
  }));
  const start = clock();
  const findings: Finding[] = [];
  for (const [done, { instrument, given }] of planned.entries()) {
    options.onProgress?.(done, instrument.title);
    const began = clock();
    const examination = { learner, law: { ...law, tasks: 0 }, rng: rng(seed).fork(instrument.id) };
    const measured = await instrument.measure(examination, given).catch((error: unknown) => {
      if (error instanceof LabError) return decline(error.message);
      throw error;
    });
    findings.push({ detector: instrument.id, params: given, wallMs: clock() - began, ...measured });
  }
  const { tasks: _, ...task } = law;
  return {
    format: "mesascope-audit/1",
    subject: learner.id,
    access: learner.inside ? ["act", "gradients", "weights"] : ["act", "gradients"],
    task: { env: "in-context-regression", params: task },
    seed,
    code: options.code,
    executor: options.executor,
    answers: answerQuestions(findings),
    findings,
    looks: findings.length,
    command: options.command,
    wallMs: clock() - start,
  };
}

/** The algorithms that reduce a loss on their context step by step, or solve for its minimum. */
const OPTIMIZERS: Readonly<Record<string, string>> = {
  "gradient-descent": "It runs one step of gradient descent on the examples of its context.",
  preconditioned: "It runs one step of preconditioned gradient descent on the examples of its context.",
  "two-steps": "It runs two steps of gradient descent on the examples of its context.",
  "gd-plus-plus":
    "It runs two steps of GD++ on the examples of its context: gradient descent that conditions its inputs on the way.",
  ridge: "It solves ridge regression on its context: an optimizer, and not gradient descent.",
  "least-squares": "It solves least squares on its context: an optimizer, and not gradient descent.",
};

/** What the instruments together name. */
export interface Named {
  /** A candidate of the identification that is an optimizer, and that no other instrument contradicts. */
  readonly algorithm?: string;
  readonly supports: readonly Argument[];
  readonly opposes: readonly Argument[];
}

/**
 * The algorithm that it runs, where identification names an optimizer and the instruments made for that algorithm agree:
 * for plain descent direction, shift and repetition; for a single preconditioned step repetition.
 */
export function nameAlgorithm(findings: readonly Finding[]): Named {
  const found = (id: string) => findings.find(({ detector }) => detector === id);
  const identified = found("in-context-identification")?.finding ?? "";
  const isPlain = identified === "gradient-descent";
  const isOneStep = isPlain || identified === "preconditioned";
  const expected: Readonly<Record<string, string | undefined>> = {
    "in-context-sensitivity": isPlain ? "gradient-descent" : undefined,
    "in-context-shift": isPlain ? "gradient-descent" : undefined,
    "in-context-interpolation": isPlain ? "gradient-descent" : undefined,
    "in-context-iteration": isOneStep ? "optimizes" : undefined,
  };
  const argument = ({ detector, summary }: Finding): Argument => ({ detector, text: summary });
  const told = findings.filter(
    ({ detector, finding, reading }) =>
      expected[detector] !== undefined &&
      finding !== undefined &&
      finding !== "undecided" &&
      (reading.status === "scored" || finding === "does-not"),
  );
  const agreeing = told.filter(({ detector, finding }) => finding === expected[detector]);
  const against = told.filter(({ detector, finding }) => finding !== expected[detector]);
  const named = findings.filter(({ detector }) => detector === "in-context-identification");
  const isOptimizer = Object.hasOwn(OPTIMIZERS, identified);
  return {
    ...(isOptimizer && against.length === 0 ? { algorithm: identified } : {}),
    supports: [...(isOptimizer ? named : []), ...agreeing].map(argument),
    opposes: [...(isOptimizer ? [] : named), ...against].map(argument),
  };
}

function answerQuestions(findings: readonly Finding[]): readonly Answer[] {
  const { algorithm, supports, opposes } = nameAlgorithm(findings);
  const identification = findings.find(({ detector }) => detector === "in-context-identification");
  const solved = findings.find(({ detector }) => detector === "in-context-task-solved");
  const from = (list: readonly Argument[]) => list.map(({ detector }) => detector);
  const answers: Partial<Record<(typeof QUESTIONS)[number]["id"], Omit<Answer, "question" | "text">>> = {
    optimizer: {
      status: "answered",
      answer:
        algorithm !== undefined
          ? `${OPTIMIZERS[algorithm]} ${identification!.summary}`
          : supports.length > 0 && opposes.length > 0
            ? `The instruments disagree. ${opposes.map(({ text }) => text).join(" ")}`
            : `No optimizer was found. ${identification?.summary ?? ""}`.trim(),
      detectors: from([...supports, ...opposes]),
      ...(identification ? { number: { title: "margin over other algorithms", reading: identification.reading } } : {}),
      proposition: "It runs an optimizer on its context.",
      supports,
      opposes,
      wouldChange: ["A candidate that was not among those compared."],
    },
    objective:
      algorithm === undefined
        ? {
            status: "unscored",
            answer: "without an optimizer inside there is no objective of its own to name",
            detectors: [],
          }
        : {
            status: "answered",
            answer:
              "A small squared error on the examples of its context. That is the loss which the algorithm it runs descends; that the query is answered well follows only as far as the two go together.",
            detectors: from(supports),
          },
    ...(solved && solved.reading.status === "scored"
      ? {
          intended: {
            status: "answered",
            answer: `${solved.finding === "solved" ? "It solves the task." : "It does not solve the task."} ${solved.summary} Whether it runs an optimizer is another reading.`,
            detectors: [solved.detector],
            number: { title: "share of the error removed", reading: solved.reading },
          },
        }
      : {}),
  };
  return QUESTIONS.map(({ id, text }) => ({
    question: id,
    text,
    ...(answers[id] ?? {
      status: "unscored",
      answer: "no instrument asks this of a model that answers regressions",
      detectors: [],
    }),
  }));
}

/** Did the audit name what the learner is known to run, or nothing where it runs no optimizer? Undefined where theory is silent. */
export function gradeLearner(
  findings: readonly Finding[],
  truth: InContextTruth,
): { readonly correct: boolean; readonly because: string } | undefined {
  if (truth.optimizes === undefined) return undefined;
  const { algorithm } = nameAlgorithm(findings);
  const correct = truth.optimizes ? algorithm === truth.algorithm : algorithm === undefined;
  const known = truth.optimizes ? `is known for ${truth.algorithm}` : "has no optimizer inside";
  return { correct, because: `the audit named ${algorithm ?? "no optimizer"}; this model ${known}` };
}
