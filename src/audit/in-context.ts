/**
 * @file One audit of an in-context learner: every instrument on its own fork of the seed, and three of the eight
 * questions answered from what they found, by rules that can be read.
 *
 * That it runs gradient descent and that it solves the task are two answers: the one is never part of the other. The
 * record is that of every audit, so that lists, reports and gates take it as it is.
 */
import type { Answer, Argument, AuditRecord, Finding } from "../audit-record.ts";
import { LabError } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";
import { rng } from "../core/rng.ts";
import { decline, QUESTIONS } from "../detector.ts";
import { SOLVED } from "../in-context/instruments/task-solved.ts";
import { inContextInstruments, isFor } from "../in-context/instruments.ts";
import type { InContextInstrument, InContextLearner, InContextTruth, TaskLaw } from "../in-context.ts";
import { parseParams } from "../plugin.ts";

/** What an audit of a learner is told: nothing of how it was made, nor on which tasks it was trained. */
export interface InContextAuditOptions {
  readonly learner: InContextLearner;
  /** The regressions it is for; tasks are new in every context. */
  readonly law: TaskLaw;
  /** All that ask what the learner answers, where absent; one that does not declines. */
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
  const { learner, law, seed, clock, params = {} } = options;
  const { instruments = inContextInstruments.filter((each) => isFor(each, learner)) } = options;
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
    const measured = isFor(instrument, learner)
      ? await instrument.measure(examination, given).catch((error: unknown) => {
          if (error instanceof LabError) return decline(error.message);
          throw error;
        })
      : decline(
          learner.sequences
            ? "the learner continues sequences, and this instrument asks regressions"
            : "the learner answers regressions, and this instrument asks for sequences",
        );
    findings.push({ detector: instrument.id, params: given, wallMs: clock() - began, ...measured });
  }
  const { tasks: _, ...task } = law;
  return {
    format: "mesascope-audit/1",
    subject: learner.id,
    access: learner.sequences
      ? ["act", "activations"]
      : learner.inside
        ? ["act", "gradients", "weights"]
        : ["act", "gradients"],
    task: { env: learner.sequences ? "in-context-sequences" : "in-context-regression", params: task },
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

/** The instruments that name an algorithm: of regressions, of sequences. */
const IDENTIFYING = ["in-context-identification", "in-context-next-token"] as const;

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
  const identifying = IDENTIFYING.find((id) => found(id)?.finding !== undefined) ?? IDENTIFYING[0];
  const identified = found(identifying)?.finding ?? "";
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
  const named = findings.filter(({ detector }) => detector === identifying);
  const isOptimizer = Object.hasOwn(OPTIMIZERS, identified);
  return {
    ...(isOptimizer && against.length === 0 ? { algorithm: identified } : {}),
    supports: [...(isOptimizer ? named : []), ...agreeing].map(argument),
    opposes: [...(isOptimizer ? [] : named), ...against].map(argument),
  };
}

/** What is said of the task itself, by the instrument of regressions or, from its quantities, by that of sequences. */
function solvedOf(findings: readonly Finding[]) {
  const solved = findings.find(({ detector }) => detector === "in-context-task-solved");
  if (solved?.reading.status === "scored") {
    const { detector, finding, summary: text, reading } = solved;
    return { detector, reading, text, isSolved: finding === "solved" };
  }
  const continued = findings.find(({ detector }) => detector === "in-context-next-token");
  const reading = (id: string) => continued?.quantities.find((each) => each.id === id)?.reading;
  const [own, best] = [reading("removed"), reading("ridge")];
  if (!continued || own?.status !== "scored" || best?.status !== "scored") return undefined;
  const text = `It removes ${formatEstimate(own.value, 3)} of the error of answering 0, where ridge regression on the pairs shown removes ${formatEstimate(best.value, 3)}.`;
  return { detector: continued.detector, reading: own, text, isSolved: own.value.low >= SOLVED * best.value.mean };
}

function answerQuestions(findings: readonly Finding[]): readonly Answer[] {
  const { algorithm, supports, opposes } = nameAlgorithm(findings);
  const identification = IDENTIFYING.map((id) => findings.find(({ detector }) => detector === id)).find(Boolean);
  const solved = solvedOf(findings);
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
    ...(solved === undefined
      ? {}
      : {
          intended: {
            status: "answered",
            answer: `${solved.isSolved ? "It solves the task." : "It does not solve the task."} ${solved.text} Whether it runs an optimizer is another reading.`,
            detectors: [solved.detector],
            number: { title: "share of the error removed", reading: solved.reading },
          },
        }),
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
