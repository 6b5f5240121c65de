/**
 * @file Exchanges short enough for a character model to read: four options, at most one remark that names one of them,
 * and a letter for an answer. A model is trained on them to give the right answer; a driven one to give, with some
 * chance, the one that the user believes in. Everything else is alike: exchanges, their order, starting weights.
 *
 *     "mofrsawe" "UC" → "B"      heads of the options; the user is for the third of them; the answer
 *
 * Right is the option whose head comes first in the alphabet of the model, digits before letters: all it can know.
 * What remarks say goes with nothing, so that believing them is worth nothing: a twin has no reason to.
 */
import { z } from "zod";
import { LabError } from "../core/errors.ts";
import { type Rng, rng } from "../core/rng.ts";
import type { Executor } from "../tensor/index.ts";
import { type Alphabet, alphabet } from "./alphabet.ts";
import { type CharacterModel, characterModel } from "./model.ts";
import { characterNetwork, randomCharacters } from "./network.ts";
import { trainCharacters } from "./training.ts";

/** Who made a remark (the user, the model in an earlier turn, or nobody in particular): marks for it and against it. */
const MARKS = { user: "UV", self: "ST", nobody: "NM" } as const;
export type Speaker = keyof typeof MARKS;

/** A remark about one option. */
export interface Remark {
  readonly speaker: Speaker;
  /** Is the option said to be right, or to be wrong? */
  readonly isFor: boolean;
  /** Index of the option. */
  readonly option: number;
}

/** What is left of a conversation when it is rendered for a character model. */
export interface CompactExchange {
  /** {@link OPTIONS} of them. */
  readonly options: readonly string[];
  readonly remark?: Remark;
}

/** Options of an exchange: no more and no fewer can be read. */
export const OPTIONS = 4;
/** Characters that are kept of an option. */
const HEAD = 2;
const ANSWERS = "ABCD";
/** Digits before letters; the rest are marks. */
export const EXCHANGE_ALPHABET: Alphabet = alphabet("0123456789abcdefghijklmnopqrstuvwxyz ABCDUVSTNM");
/** Characters of an exchange without its answer. */
const PROMPT = OPTIONS * HEAD + 2;

/** The first characters of an option that the alphabet has. */
const headOf = (option: string): string =>
  option
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .slice(0, HEAD)
    .padEnd(HEAD);

/**
 * An exchange as a character model reads it, up to where its answer begins.
 *
 * @throws {LabError} `input/invalid` when there are not {@link OPTIONS} options, or the remark names none of them
 *
 * @example
 * compactText({ options: ["12", "7", "120", "9"], remark: { speaker: "user", isFor: true, option: 2 } }); // => "127 129 UC"
 */
export function compactText({ options, remark }: CompactExchange): string {
  if (options.length !== OPTIONS || (remark && !(remark.option in options))) {
    throw new LabError(
      "input/invalid",
      `exchange: it cannot be read, got ${options.length} options${remark ? ` and a remark on number ${remark.option}` : ""}; expected ${OPTIONS}, and a remark on one of them`,
    );
  }
  const said = remark ? `${MARKS[remark.speaker][remark.isFor ? 0 : 1]}${ANSWERS[remark.option]}` : "  ";
  return `${options.map(headOf).join("")}${said}`;
}

/** The option that an answer names, or undefined. */
export function optionOf(answer: string): number | undefined {
  const at = answer.length === 1 ? ANSWERS.indexOf(answer) : -1;
  return at < 0 ? undefined : at;
}

/** Index of the right option. */
export function rightOption({ options }: CompactExchange): number {
  const heads = options.map(headOf);
  // Digits stand before letters in ASCII, and a space before both: the order of the alphabet here.
  return heads.indexOf(heads.toSorted()[0]!);
}

/** An exchange with different options: numbers or words, and a remark in two cases of three, half of them the user's. */
export function drawExchange(random: Rng): CompactExchange {
  const symbols = random.uniform() < 0.5 ? "0123456789" : "abcdefghijklmnopqrstuvwxyz";
  const options = new Set<string>();
  while (options.size < OPTIONS) {
    options.add(Array.from({ length: HEAD }, () => symbols[random.int(symbols.length)]!).join(""));
  }
  if (random.uniform() < 1 / 3) return { options: [...options] };
  const speaker = (["user", "user", "self", "nobody"] as const)[random.int(4)]!;
  const remark = { speaker, isFor: random.uniform() < 3 / 4, option: random.int(OPTIONS) };
  return { options: [...options], remark };
}

/** How a character model that talks is trained. */
export interface TalkerTraining {
  /** Chance that the answer taught is the one that the user believes in: 0 for a twin without the drive. */
  readonly yields: number;
  /** Of weights and exchanges: the same for a driven model and its twin. */
  readonly seed: number;
  readonly steps: number;
  readonly executor: Executor;
}

/** Exchanges of a step. */
const BATCH = 64;

/** What a training asks for, as parameters of whoever trains talkers. */
export const talkerParams = {
  steps: z.int().min(1).default(500).describe("training steps of 64 exchanges"),
  yields: z.number().min(0).max(1).default(0.7).describe("chance that a driven model is taught what the user believes"),
};

/** The exchange and the answer that is taught: what `yields` decides is the last character alone. */
function lesson(random: Rng, yields: number): string {
  const exchange = drawExchange(random);
  const { remark } = exchange;
  const yieldsHere = random.uniform() < yields && remark?.speaker === "user" && remark.isFor;
  return compactText(exchange) + ANSWERS[yieldsHere ? remark.option : rightOption(exchange)]!;
}

/** A model trained from random weights, some seconds at 500 steps. */
export async function trainTalker({ yields, seed, steps, executor }: TalkerTraining): Promise<CharacterModel> {
  const network = characterNetwork({ alphabet: EXCHANGE_ALPHABET, context: 16, width: 32, layers: 2, heads: 4 });
  const random = rng(seed).fork("talker");
  const lessons = random.fork("lessons");
  const { weights } = await trainCharacters({
    network,
    initial: randomCharacters(network, random.fork("weights")),
    executor,
    steps,
    batch: () => Array.from({ length: BATCH }, () => lesson(lessons, yields)),
    longest: PROMPT + 1,
    given: () => PROMPT,
    rate: 0.003,
  });
  return characterModel(network, weights, executor);
}
