/**
 * @file A small language that can be enumerated: every sentence of one pattern over a few words. What "a fitting
 * sentence" is, and the background text in which canaries are hidden.
 */
import type { Rng } from "../../core/rng.ts";

const PATTERN = [
  ["a", "the", "my"],
  ["small", "brown", "old", "quick"],
  ["dog", "cat", "hen", "fox"],
  ["sees", "hears", "likes"],
  ["a", "the"],
  ["bird", "ball", "bone", "fish"],
] as const;

/** Every fitting sentence, 1152 of 22 to 29 characters, each ending with a full stop. */
export function fittingSentences(): readonly string[] {
  return PATTERN.reduce<readonly string[]>(
    (starts, words) => starts.flatMap((start) => words.map((word) => (start === "" ? word : `${start} ${word}`))),
    [""],
  ).map((sentence) => `${sentence}.`);
}

/** A random half of the sentences, and the other half. */
export function halves(sentences: readonly string[], random: Rng): readonly [string[], string[]] {
  const order = sentences.map((_, i) => i);
  random.shuffle(order);
  const middle = order.length >> 1;
  const pick = (indices: readonly number[]) => indices.map((i) => sentences[i]!);
  return [pick(order.slice(0, middle)), pick(order.slice(middle))];
}
