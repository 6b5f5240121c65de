/** @file Do two readers say the same, beyond what chance would make them? */

/**
 * Cohen's κ = (pₒ − pₑ) / (1 − pₑ) of two readers over nominal categories; NaN where both only ever say one thing.
 *
 * @param a category of each item by the first reader, `[n]`
 */
export function cohenKappa(a: readonly number[], b: readonly number[]): number {
  const n = a.length;
  const categories = new Set([...a, ...b]);
  const share = (list: readonly number[], category: number) => list.filter((each) => each === category).length / n;
  const observed = a.filter((each, i) => each === b[i]).length / n;
  let expected = 0;
  for (const category of categories) expected += share(a, category) * share(b, category);
  return expected === 1 ? Number.NaN : (observed - expected) / (1 - expected);
}

/** How far apart two values are: 0 or 1 for nominal ones, squared for numbers. */
export type AgreementLevel = "nominal" | "interval";

/**
 * Krippendorff's α = 1 − Dₒ/Dₑ over any number of readers, with gaps: 1 for full agreement, 0 for chance, NaN where
 * nothing varies or no item has two readings.
 *
 * Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
 *
 * @param readings `[items][readers]`, undefined where a reader gave none
 */
export function krippendorffAlpha(
  readings: readonly (readonly (number | undefined)[])[],
  level: AgreementLevel = "nominal",
): number {
  const units = readings
    .map((row) => row.filter((value): value is number => value !== undefined))
    .filter((row) => row.length >= 2);
  const distance = (x: number, y: number) => (level === "nominal" ? (x === y ? 0 : 1) : (x - y) ** 2);
  let observed = 0;
  for (const row of units) {
    for (const [i, x] of row.entries()) {
      for (const [j, y] of row.entries()) if (i !== j) observed += distance(x, y) / (row.length - 1);
    }
  }
  const counts = new Map<number, number>();
  for (const value of units.flat()) counts.set(value, (counts.get(value) ?? 0) + 1);
  const n = units.flat().length;
  let expected = 0;
  for (const [x, nx] of counts) for (const [y, ny] of counts) expected += nx * ny * distance(x, y);
  return n < 2 || expected === 0 ? Number.NaN : 1 - observed / n / (expected / (n * (n - 1)));
}
