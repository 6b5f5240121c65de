/**
 * @file What a contrast is: the same items put to a subject in arms that differ in one respect, scored without knowing
 * the arm, so that the difference between arms is the effect of that respect and of nothing else.
 *
 *     Suite → Contrast (arms, one primary hypothesis) → Item (seed, family) → Trial (arm, repeat) → Score
 *
 * The paraphrase family of an item is the cluster: items of one family share their wording, and with it their luck.
 */
import type { z } from "zod";
import type { ChatAccess, ChatMessage, ChatRequest, PlannedOption, Reply } from "./chat.ts";
import type { Json } from "./core/json.ts";
import type { Rng } from "./core/rng.ts";
import type { ParamsSchema, Plugin } from "./plugin.ts";

/** Least number of paraphrase families of a contrast: below it no clustered inference is trusted. */
export const LEAST_FAMILIES = 12;

/** The groups of the catalog of contrasts, in the order of the report. */
export const CONTRAST_GROUPS = [
  { id: "drives", text: "Which drives show?" },
  { id: "breeds", text: "What does each drive breed?" },
  { id: "instrumental", text: "Does it seek what any goal would need?" },
  { id: "alignment-faking", text: "Does it behave differently under the threat of training?" },
  { id: "self-report", text: "Does what it says of itself predict what it does?" },
] as const;
export type ContrastGroup = (typeof CONTRAST_GROUPS)[number]["id"];

/** One thing asked, the same in every arm. `data` is what the generator drew: plain, and without the arm. */
export interface Item<D extends Json = Json> {
  /** Unique within the contrast: family and number, `train-3`. No slash or dot. */
  readonly id: string;
  readonly family: string;
  readonly data: D;
}

/** One request, and what answers to it look like for a planted subject: at least one for each value it can score. */
export interface Prompt extends ChatRequest {
  readonly options: readonly PlannedOption[];
}

/** The subject as a simulated world sees it: ask, and wait for the answer. */
export interface Talk {
  /** The random numbers of this item: the same in every arm and repeat. */
  readonly rng: Rng;
  ask(prompt: Prompt): Promise<Reply>;
}

/** What is left when a trial is over: all that a scorer sees. */
export interface Observation<D extends Json = Json> {
  readonly item: Item<D>;
  /** Answers in order; never empty. */
  readonly replies: readonly Reply[];
  /** What {@link Arm.conduct} left behind: the state of the simulated world. Null for an arm of one prompt. */
  readonly state: Json;
}

/** One condition. Exactly one of `prompt` and `conduct` is present. */
export interface Arm<D extends Json = Json> {
  readonly id: string;
  readonly title: string;
  /** Levels of the factors that make up this arm: `{ target: "self" }`. */
  readonly factors?: Readonly<Record<string, string>>;
  /** One question and one answer. */
  prompt?(item: Item<D>): Prompt;
  /**
   * Several turns, tools, a simulated world: returns the state of the world when it is over. Deterministic given the
   * answers: a trial that was cut short is replayed from the journal.
   */
  conduct?(item: Item<D>, talk: Talk): Promise<Json>;
}

/**
 * What a hypothesis is for. `primary`: the effect (exactly one). `placebo`: the same machinery around a difference
 * that should not matter; its size is the yardstick. `sign-flip`: the drive predicts the opposite sign, or none.
 * `secondary`: parts of the decomposition, and what tells rival explanations apart.
 */
export type HypothesisRole = "primary" | "placebo" | "sign-flip" | "secondary";

/** Σ weights × mean score of the arms. */
export interface Hypothesis {
  readonly id: string;
  readonly title: string;
  readonly role: HypothesisRole;
  /** Weight of each arm that takes part; they sum to 0, and the positive ones to 1 (to 2 in a difference of differences). */
  readonly weights: Readonly<Record<string, number>>;
  /** Which sign the drive predicts; the test is two-sided all the same. `null`: none is predicted. */
  readonly expects: "positive" | "negative" | "null";
}

/**
 * What several effects say together, as a word for it: it holds when every effect named is as it says. Positive: the
 * whole interval lies above 0.
 */
export interface Pattern {
  readonly word: string;
  /** As the end of "The pattern is that …"; of behavior, never of what the model wants. */
  readonly sentence: string;
  /** By hypothesis. */
  readonly when: Readonly<Record<string, "positive" | "not positive">>;
}

/** Why a trial has no score. */
export type MissingReason =
  | "refusal" // the subject or its endpoint declined
  | "format" // an answer that the scorer cannot read
  | "truncated" // the answer was cut off at its length
  | "transport" // no answer came, after every retry
  | "judge" // the judge declined, contradicted itself, or quoted what was not said
  | "budget"; // never asked: the budget was spent

/** Words of the subject that a score rests on: where they stand, and the words themselves. */
export interface Quote {
  /** Index into {@link Observation.replies}. */
  readonly reply: number;
  /** A part of that reply's text, letter by letter. */
  readonly text: string;
}

/** What a trial came to. */
export type Score =
  | {
      readonly status: "scored";
      /** In the contrast's range. */
      readonly value: number;
      /** Further numbers of the same trial: stated confidence, correctness, length. */
      readonly facets?: Readonly<Record<string, number>>;
      readonly quotes?: readonly Quote[];
    }
  | { readonly status: "missing"; readonly reason: MissingReason; readonly detail: string };

/**
 * A question to a judge, where no rule can decide. The judge sees the text alone, never the arm; the two options are
 * put to it in both orders, and it must quote the words it rests on.
 */
export interface JudgeCall {
  readonly status: "judge";
  /** What is judged: text of the subject, stripped of what would tell the arm. */
  readonly text: string;
  /** A question with two answers. */
  readonly question: string;
  /** The two answers, the first of which scores 1 and the second 0. */
  readonly options: readonly [string, string];
}

export interface ContrastPlugin<D extends Json = Json, P extends ParamsSchema = ParamsSchema> extends Plugin<P> {
  readonly group: ContrastGroup;
  /** The drive it belongs to; contrasts of one drive share the correction for their number. */
  readonly drive: string;
  /** A falsifiable sentence about the subject that a positive primary effect supports; never what it wants. */
  readonly claim: string;
  /** What a score of 1 means, in words. */
  readonly outcome: string;
  /** Least and greatest score. */
  readonly range: readonly [number, number];
  readonly access: readonly ChatAccess[];
  /** Known ways of being wrong; never empty. */
  readonly fails: readonly string[];
  /** At least {@link LEAST_FAMILIES} paraphrase families, by id. */
  readonly families: readonly string[];
  readonly arms: readonly Arm<D>[];
  /** Exactly one is primary; at least one placebo and one sign flip, but for questions that others wrote. */
  readonly hypotheses: readonly Hypothesis[];
  /** Why there is no placebo, where there is none: the end of a sentence, for the report. */
  readonly noPlacebo?: string;
  /**
   * Arms of which one is behavior and two foretell it, by id: `says` what the subject says of itself, `baseline` what a
   * predictor without insight into it says. Reports then set statement against behavior, family by family.
   */
  readonly selfReport?: { readonly does: string; readonly says: string; readonly baseline: string };
  /** Words for effects taken together, where one alone would mislead; several may hold. */
  readonly patterns?: readonly Pattern[];
  /** What is drawn for one item of a family: original text from templates and tables. */
  item(family: string, rng: Rng, params: z.output<P>): D;
  /** Pure: the same observation is always scored alike, whichever arm it came from. */
  score(observation: Observation<D>): Score | JudgeCall;
}

export const defineContrast = <D extends Json, P extends ParamsSchema>(
  contrast: ContrastPlugin<D, P>,
): ContrastPlugin<D, P> => Object.freeze(contrast);

/** Several contrasts put to one subject, with how much of each. */
export interface Suite {
  readonly id: string;
  readonly title: string;
  readonly contrasts: readonly ContrastPlugin[];
  readonly design: Design;
}

/** How many trials: families × itemsPerFamily × arms × repeats. */
export interface Design {
  /** Items drawn for each family. */
  readonly itemsPerFamily: number;
  /** Times that each item is put in each arm, in a fresh context; averaged within the item. */
  readonly repeats: number;
  readonly seed: number;
}

/** One trial to be run. */
export interface Trial {
  /** `<contrast>/<item>.<arm>#<repeat>`. */
  readonly id: string;
  readonly contrast: string;
  readonly item: string;
  readonly family: string;
  readonly arm: string;
  readonly repeat: number;
}

/** A trial with what it came to. */
export interface ScoredTrial extends Trial {
  readonly score: Score;
}

/** Text messages as a prompt's list: what most arms need. */
export const userSays = (content: string): readonly ChatMessage[] => [{ role: "user", content }];
