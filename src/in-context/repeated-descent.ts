/** @file Gradient descent repeated on each context: what a layer that is one step is held against when it is repeated. */
import type { Contexts } from "../in-context.ts";
import { answersOf, timesGram } from "./algorithms.ts";

/**
 * Answers after each of `applications` of w ← w + step (h − G w), from w = 0.
 *
 * @param h Σ yᵢxᵢ of each context, `[count, d]`
 */
export function repeatedDescent(
  contexts: Contexts,
  h: Float64Array,
  { step, applications }: { readonly step: number; readonly applications: number },
): readonly Float64Array[] {
  const w = new Float64Array(h.length);
  return Array.from({ length: applications }, () => {
    const gw = timesGram(contexts, w);
    for (let i = 0; i < w.length; i++) w[i]! += step * (h[i]! - gw[i]!);
    return answersOf(w, contexts);
  });
}
