/**
 * @file What an in-context learner is: a model that is shown a few examples of a task and one
 * question, and answers; the recipe that makes one with its ground truth, the record of one
 * that was made, and the instruments that look at one without knowing which it is.
 *
 * Losses are **½ · MSE** wherever the word is used here.
 */
import type { z } from "zod";
import type { Estimate } from "./core/estimate.ts";
import type { Rng } from "./core/rng.ts";
import type { DetectorPlugin, Measurement } from "./detector.ts";
import type { ParamsSchema, Plugin } from "./plugin.ts";

/**
 * Which in-context regressions there are: a distribution of tasks and of inputs. Of sequences: `examples` is T, the law of
 * inputs is that of the first token, `noise` is the variance of each step's, and tasks are new in every one.
 */
export interface TaskLaw {
  /** d */
  readonly dimensions: number;
  /** N, the query not counted. */
  readonly examples: number;
  readonly inputs: "uniform" | "normal";
  /** Full width of the uniform law, or standard deviation of the normal one (root mean square over coordinates). */
  readonly scale: number;
  /** Greatest over least variance of an input coordinate, the variances in geometric progression; 1 = all alike. */
  readonly condition: number;
  /** Different tasks w ~ N(0, I); 0 = a new one for every context. */
  readonly tasks: number;
  /** Variance of the noise on the targets of examples. The target of the query has none: losses are in excess of it. */
  readonly noise: number;
}

/** Contexts, each with one query: rows of float32, so that engine and plain arrays see the same numbers. */
export interface Contexts {
  readonly count: number;
  readonly dimensions: number;
  readonly examples: number;
  /** `[count, examples, dimensions]` */
  readonly x: Float32Array;
  /** `[count, examples]` */
  readonly y: Float32Array;
  /** `[count, dimensions]` */
  readonly query: Float32Array;
  /** w · query, `[count]` */
  readonly target: Float32Array;
  /** Task of each context, `[count, dimensions]`: for controls, never shown to a learner. */
  readonly task: Float32Array;
}

/**
 * Sequences s_{t+1} = W s_t + noise, each with a random orthogonal W of its own: what an autoregressive learner continues.
 * Rows of float32.
 */
export interface Sequences {
  readonly count: number;
  readonly dimensions: number;
  /** T: tokens that are shown, each of which is continued; one more is stored. */
  readonly length: number;
  /** s_1 … s_{T+1}, `[count, T + 1, dimensions]` */
  readonly tokens: Float32Array;
}

/** What an autoregressive learner answers, and how it got there. */
export interface SequenceAnswers {
  /** ŝ_{t+1} for t = 1 … T, `[count, T, dimensions]` */
  readonly predictions: Float32Array;
  /** Of the last token, before the first layer and after each one, `[count, width]` each. */
  readonly activations: readonly Float32Array[];
}

/** What a learner answers. */
export interface Answers {
  /** ŷ, `[count]` */
  readonly predictions: Float64Array;
  /** S = ∂ŷ/∂query, `[count, dimensions]`: the implicit weights, where ŷ is linear in the query. */
  readonly sensitivities: Float64Array;
}

/** Architecture of an attention stack over tokens (x, y). */
export interface AttentionShape {
  readonly dimensions: number;
  readonly layers: number;
  /** All layers share their weights. */
  readonly tied: boolean;
  readonly heads: number;
  readonly attention: "linear" | "softmax";
}

/** A learner behind an interface that hides its making. */
export interface InContextLearner {
  /** Content hash; never the name of a recipe. */
  readonly id: string;
  respond(contexts: Contexts): Promise<Answers>;
  /** Absent where the learner is no attention stack, or does not show its weights. */
  readonly inside?: {
    readonly shape: AttentionShape;
    /** By name, `[d + 1, d + 1]` each: `q.<layer>.<head>`, and likewise k, v, p. */
    readonly weights: Readonly<Record<string, Float32Array>>;
    /**
     * Predictions after each of `applications` of the layer, each updating the targets of all tokens by `damping` times
     * what the layer would; inputs stay as they are. Present iff there is one layer to repeat.
     */
    iterate?(contexts: Contexts, applications: number, damping: number): Promise<readonly Float64Array[]>;
  };
  /** Present iff it continues sequences; then it answers no regressions, and `respond` rejects. */
  readonly sequences?: {
    readonly shape: AttentionShape;
    respond(sequences: Sequences): Promise<SequenceAnswers>;
    /** The same architecture with starting weights. */
    untrained(rng: Rng): InContextLearner;
  };
}

/** How a learner was made: known by construction, before any measurement. */
export interface InContextTruth {
  readonly kind: "trained" | "constructed" | "untrained";
  /** What it should turn out to compute, where theory settles it; see the candidates of `identification`. */
  readonly algorithm?: string;
  /** Whether the recipe gives it an inner optimizer: by construction, or by what theory says its training ends in. */
  readonly optimizes?: boolean;
  /** As the end of "This model …". */
  readonly sentence: string;
}

/** Everything needed to make one learner again: plain data, hashed into the run's id. */
export interface InContextSpec {
  readonly family: "in-context";
  readonly recipe: { readonly id: string; readonly params: Readonly<Record<string, unknown>> };
  /** Training seed: the unit of replication. */
  readonly seed: number;
  readonly executor: "native" | "wasm";
}

/** One look at a learner in training. */
export interface InContextRow {
  readonly step: number;
  /** On held-out contexts of the training distribution. */
  readonly loss: number;
  /** Mean cosine of its sensitivity with that of the algorithm it should come to run; absent where there is none. */
  readonly cosine?: number;
}

/**
 * How a training run ended. A run has `emerged` when its cosine passed 0.95; one that has not
 * after `patience` steps is stopped and called `stalled`: it is counted, and averaged with nothing.
 */
export type InContextStatus = "emerged" | "stalled" | "unasked";

/** What is stored of a learner that was made. */
export interface InContextRecord {
  readonly format: "mesascope-in-context/1";
  /** Hash of the spec: the same spec is the same run. */
  readonly run: string;
  readonly spec: InContextSpec;
  readonly constructed: InContextTruth;
  readonly status: InContextStatus;
  /** Step of the first look with a cosine above 0.95. */
  readonly emergedAt?: number;
  /** ½ MSE on contexts of its own training distribution that training never saw. */
  readonly loss: Estimate;
  readonly code: string;
  readonly executor: string;
  /** Content hash of the safetensors file. */
  readonly file: string;
  readonly curve: readonly InContextRow[];
  readonly trainingMs: number;
}

/** What an instrument looks at: the learner, and contexts of the task it is for. Which tasks it was trained on stays hidden. */
export interface InContextExamination {
  readonly learner: InContextLearner;
  /** New tasks, one for every context. */
  readonly law: TaskLaw;
  readonly rng: Rng;
}

/** An instrument for in-context learners: as a detector, with another subject. */
export interface InContextInstrument<P extends ParamsSchema = ParamsSchema>
  extends Plugin<P>,
    Pick<DetectorPlugin<P>, "question" | "claim" | "range" | "findings" | "fails"> {
  /** What it asks of a learner; regressions where absent. An audit declines it for learners of another kind. */
  readonly asks?: "sequences";
  measure(examination: InContextExamination, params: z.output<P>): Promise<Measurement>;
}

export const defineInstrument = <P extends ParamsSchema>(instrument: InContextInstrument<P>): InContextInstrument<P> =>
  Object.freeze(instrument);
