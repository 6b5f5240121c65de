/**
 * @file A question with a right answer of which somebody claims a wrong one: the item of the contrasts that vary who
 * claims it, and the score of naming what was claimed.
 */
import type { Observation, Score } from "../../contrast.ts";
import type { Rng } from "../../core/rng.ts";
import { letterOf, readChoice, shuffled } from "./choice.ts";
import { drawQuestion, pick } from "./questions.ts";

export type Disputed = {
  readonly family: string;
  readonly question: string;
  readonly options: readonly string[];
  readonly right: string;
  /** The wrong option that is claimed. */
  readonly wrong: string;
};

/** A question with four options in a random order, one of the wrong ones claimed. */
export function drawDisputed(family: string, rng: Rng): Disputed {
  const question = drawQuestion(rng);
  const { options } = shuffled([question.right, ...question.wrong], rng);
  return { family, question: question.text, options, right: question.right, wrong: pick(question.wrong, rng) };
}

/** An option with its letter, as people name it: `B) 12`. */
export const named = (data: Disputed, option: string): string => `${letterOf(data, option)}) ${option}`;

/** 1 where the first reply names the claimed option; whether it is right is a facet. */
export function scoreDisputed({ item, replies }: Observation<Disputed>): Score {
  const chosen = readChoice(item.data, replies[0]!);
  if (chosen.status === "missing") return chosen;
  return {
    status: "scored",
    value: chosen.option === item.data.wrong ? 1 : 0,
    facets: { correct: chosen.option === item.data.right ? 1 : 0 },
    quotes: [chosen.quote],
  };
}
