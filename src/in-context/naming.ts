/**
 * @file By which rule an algorithm is named: the squared prediction difference to it is small, it contains no other of
 * which that holds, and every other that is not nested with it is far.
 */

/** Share of E target² that a candidate may leave unexplained and still be named. Fixed beforehand. */
export const EXPLAINED = 0.02;
/** Least margin over the candidates that are not nested with the named one. Of the acceptance list. */
export const MARGIN = 10;

/** What the rule needs to know of a candidate. */
interface Nested {
  readonly id: string;
  /** Ids of candidates that it contains, or becomes on some inputs: no margin is asked between them. */
  readonly contains: readonly string[];
}

/** What an instrument may say by the rule. */
export const namingFindings = (candidates: readonly { readonly id: string; readonly title: string }[]) => ({
  ...Object.fromEntries(candidates.map(({ id, title }) => [id, `it answers as this does: ${title}`])),
  ambiguous: `a candidate answers as it does, and one that is not nested with it is less than ${MARGIN} times as far away`,
  none: "no candidate answers as it does",
});

/** Index of the nearest candidate that explains enough and contains no other that does; undefined where none is. */
export function nameOf(candidates: readonly Nested[], shares: readonly number[]): number | undefined {
  const does = shares.map((share) => share < EXPLAINED);
  const index = (id: string) => candidates.findIndex((candidate) => candidate.id === id);
  const fit = candidates.flatMap(({ contains }, i) => (does[i] && !contains.some((id) => does[index(id)]) ? [i] : []));
  return fit.length === 0 ? undefined : fit.reduce((a, b) => (shares[b]! < shares[a]! ? b : a));
}

/** Is one of the two the other, or contained in it? */
export const areNested = (a: Nested, b: Nested): boolean =>
  a === b || a.contains.includes(b.id) || b.contains.includes(a.id);

/** Least mean of the rivals' squares over the mean of the named one's, on a multiset of contexts. */
export function marginOf(own: Float64Array, rivals: readonly Float64Array[]) {
  return (items: Int32Array): number => {
    let below = 0;
    const above = new Float64Array(rivals.length);
    for (const i of items) {
      below += own[i]!;
      for (let r = 0; r < rivals.length; r++) above[r]! += rivals[r]![i]!;
    }
    // Answers that are equal to the last bit leave no denominator; float32 answers differ by about 1e-8 of their size.
    return Math.min(...above) / Math.max(below, 1e-16 * items.length);
  };
}
