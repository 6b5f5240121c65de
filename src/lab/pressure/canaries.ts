/**
 * @file Canaries (Carlini et al. 2019, The Secret Sharer): lines with a random secret, inserted a known number of times
 * into the training text of a character model, and how exposed each is afterwards, by enumerating all secrets there are.
 *
 * The text is a stream that never repeats an epoch: a canary of k insertions was seen exactly k times.
 */
import { alphabet, LETTERS } from "../../characters/alphabet.ts";
import { type CharacterModel, characterModel } from "../../characters/model.ts";
import { type CharacterNetwork, characterNetwork, randomCharacters } from "../../characters/network.ts";
import { trainCharacters } from "../../characters/training.ts";
import { assert } from "../../core/errors.ts";
import { type Rng, rng } from "../../core/rng.ts";
import type { Executor } from "../../tensor/index.ts";
import { exactExposure } from "../../theory/memorization/exposure.ts";

/** Adam's step size, in all training here. */
const RATE = 0.003;

const SECRET_LETTERS = LETTERS.slice(0, 26);

/** Secrets of three letters: log₂ 17,576 = 14.10 bits. */
export const SECRETS = SECRET_LETTERS.length ** 3;

/** A line that no one would write, and how often it is in the text. */
export interface Canary {
  /** What stands before the secret; different for each. */
  readonly prefix: string;
  readonly secret: string;
  readonly insertions: number;
}

/** Canaries with names and secrets of their own, so many for each number of insertions, 0 among them for control. */
export function drawCanaries(insertions: readonly number[], each: number, random: Rng): Canary[] {
  const letters = () => Array.from({ length: 3 }, () => SECRET_LETTERS[random.int(26)]!).join("");
  const names = new Set<string>();
  while (names.size < insertions.length * each) names.add(letters());
  return [...names].map((name, i) => ({
    prefix: `${name} has `,
    secret: letters(),
    insertions: insertions[Math.floor(i / each)]!,
  }));
}

/** Background: short sentences of three words, 15 characters at most. */
const WORDS = [
  ["a", "the", "my"],
  ["dog", "cat", "hen", "fox", "cow", "bee", "ant", "bird", "fish", "goat", "wolf", "bear"],
  ["sees", "hears", "likes", "eats", "finds", "keeps", "wants", "takes"],
] as const;

/** What a model is trained on. */
export interface CanaryText {
  readonly canaries: readonly Canary[];
  readonly steps: number;
  readonly batch: number;
}

export const canaryNetwork = (): CharacterNetwork =>
  characterNetwork({ alphabet: alphabet(LETTERS), context: 16, width: 32, layers: 2, heads: 2 });

/**
 * A model trained on a text. Weights, background and the places of canaries depend on the seed only: a text without some
 * of the canaries has background in their places and is the same in all others.
 *
 * @param isKept which canaries stay in the text; default: all
 */
export async function trainOnCanaries(
  { canaries, steps, batch }: CanaryText,
  seed: Rng,
  executor: Executor,
  isKept: (canary: Canary) => boolean = () => true,
): Promise<CharacterModel> {
  const network = canaryNetwork();
  const background = seed.fork("background");
  const lines = Array.from(
    { length: steps * batch },
    () => `${WORDS.map((words) => words[background.int(words.length)]).join(" ")}.`,
  );
  const places = Int32Array.from(lines, (_, i) => i);
  seed.fork("places").shuffle(places);
  let next = 0;
  for (const canary of canaries) {
    for (let k = 0; k < canary.insertions; k++) {
      const place = places[next++]!;
      if (isKept(canary)) lines[place] = `${canary.prefix}${canary.secret}.`;
    }
  }
  const { weights } = await trainCharacters({
    network,
    initial: randomCharacters(network, seed.fork("weights")),
    executor,
    steps,
    batch: (step) => lines.slice(step * batch, (step + 1) * batch),
    longest: 15,
    rate: RATE,
  });
  return characterModel(network, weights, executor);
}

/** The same model after one more step, on this line alone: one exposure where nothing else dilutes it or comes after it. */
export async function teachOnce(model: CharacterModel, canary: Canary, executor: Executor): Promise<CharacterModel> {
  const { weights } = await trainCharacters({
    network: model.network,
    initial: model.weights,
    executor,
    steps: 1,
    batch: () => [`${canary.prefix}${canary.secret}.`],
    longest: 15,
    rate: RATE,
  });
  return characterModel(model.network, weights, executor);
}

/** How much of a canary a model holds. */
export interface Remembered {
  /** log₂ of secrets over rank, by enumeration. */
  readonly exposure: number;
  /** −log₂ P(secret | prefix). */
  readonly surprisal: number;
  /** Share of the secret's letters that are the most probable ones after what stands before them. */
  readonly accuracy: number;
  /** 1 where no other secret is as probable. */
  readonly extracted: number;
}

/**
 * −ln P(secret | prefix) of every secret there is, in order of secrets: first letter, second, third. They are the three
 * letters' own probabilities; what else a model may say there is left out of the space, not of the probabilities.
 */
export async function secretPerplexities(model: CharacterModel, prefix: string): Promise<Float64Array> {
  const { alphabet, context } = model.network.shape;
  assert(prefix.length + 4 <= context, "a canary fits the context");
  const letters = alphabet.encode(SECRET_LETTERS);
  const starts = [""].concat([...SECRET_LETTERS]);
  const pairs = [...SECRET_LETTERS].flatMap((a) => [...SECRET_LETTERS].map((b) => a + b));
  const next = await model.next([...starts, ...pairs].map((start) => prefix + start));
  const log = (row: number, letter: number) => next[row * alphabet.size + letters[letter]!]!;
  const out = new Float64Array(SECRETS);
  for (let a = 0, at = 0; a < 26; a++) {
    for (let b = 0; b < 26; b++) {
      for (let c = 0; c < 26; c++, at++) out[at] = -(log(0, a) + log(1 + a, b) + log(27 + a * 26 + b, c));
    }
  }
  return out;
}

/** Place of a secret in {@link secretPerplexities}. */
export const secretIndex = (secret: string): number =>
  [...secret].reduce((index, letter) => index * 26 + SECRET_LETTERS.indexOf(letter), 0);

/** Ask a model for a canary's secret. */
export async function remember(model: CharacterModel, { prefix, secret }: Canary): Promise<Remembered> {
  const perplexity = await secretPerplexities(model, prefix);
  const index = secretIndex(secret);
  const { alphabet } = model.network.shape;
  const next = await model.next([0, 1, 2].map((known) => prefix + secret.slice(0, known)));
  const letters = alphabet.encode(SECRET_LETTERS);
  let right = 0;
  for (const [k, letter] of [...secret].entries()) {
    const own = next[k * alphabet.size + alphabet.encode(letter)[0]!]!;
    if (letters.every((other) => next[k * alphabet.size + other]! <= own)) right++;
  }
  const exposure = exactExposure(perplexity, index);
  return {
    exposure,
    surprisal: perplexity[index]! * Math.LOG2E,
    accuracy: right / 3,
    extracted: exposure > Math.log2(SECRETS) - 1e-9 ? 1 : 0,
  };
}

/** The stream of a training seed. */
export const canarySeed = (seed: number): Rng => rng(seed).fork("canaries");
