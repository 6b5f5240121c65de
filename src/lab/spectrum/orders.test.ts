/** @file Orders against brute force: pair counts, fronts by definition, dominance over all pairs. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { type Change, compareFronts, frontEstimates, orderEstimate, orderProbability, paretoFront } from "./orders.ts";

const random = rng(3);
const draw = (n: number, most: number) => Array.from({ length: n }, () => random.int(most));

test("order probability is the share of pairs, ties half, infinities included", () => {
  expect(orderProbability([1, 2], [1, 3])).toBe((0.5 + 0 + 1 + 0) / 4);
  expect(orderProbability([Infinity, 1], [Infinity])).toBe(0.25);
  for (let trial = 0; trial < 50; trial++) {
    const [a, b] = [draw(7, 5), draw(5, 5)];
    // By ranks: U = R − n(n + 1)/2 with midranks in the pooled sample.
    const pooled = [...a, ...b];
    const rank = (x: number) => pooled.filter((y) => y < x).length + (pooled.filter((y) => y === x).length + 1) / 2;
    const u = a.reduce((total, x) => total + rank(x), 0) - (a.length * (a.length + 1)) / 2;
    expect(orderProbability(a, b)).toBeCloseTo(u / (a.length * b.length), 12);
    expect(orderProbability(a, b) + orderProbability(b, a)).toBeCloseTo(1, 12);
  }
});

test("the interval holds the share, widens with few seeds and is a point where all agree", () => {
  const { mean, low, high, n } = orderEstimate([1, 2, 5, 7], [3, 4, 6], { rng: rng(1) });
  expect(mean).toBeCloseTo(5 / 12, 12);
  expect(low).toBeLessThan(0.3);
  expect(high).toBeGreaterThan(0.6);
  expect(n).toBe(3);
  expect(orderEstimate([5, 6], [1, 2], { rng: rng(1) })).toMatchObject({ mean: 1, low: 1, high: 1 });
  // Exact bootstrap of two values against one: 2, 1 or 0 of the resampled pairs win, with 1/4, 1/2, 1/4.
  const two = orderEstimate([0, 2], [1], { rng: rng(2), resamples: 4000 });
  expect([two.low, two.mean, two.high]).toEqual([0, 0.5, 1]);
});

test("a front holds exactly the changes that nothing dominates", () => {
  for (let trial = 0; trial < 100; trial++) {
    const changes: Change[] = Array.from({ length: 12 }, () => draw(3, 4));
    const front = paretoFront(changes);
    const dominates = (a: Change, b: Change) =>
      [0, 1, 2].every((i) => a[i]! <= b[i]!) && [0, 1, 2].some((i) => a[i]! < b[i]!);
    const expected = new Set(
      changes.filter((each) => !changes.some((other) => dominates(other, each))).map((each) => each.join()),
    );
    expect(new Set(front.map((each) => each.join()))).toEqual(expected);
    expect(front.length).toBe(expected.size);
  }
});

test("dominance between fronts is that of all changes they stand for, on a grid of possible changes", () => {
  const grid = Array.from({ length: 16 }, (_, i): Change => [Math.floor(i / 4), i % 4]);
  /** Every change on the grid that touches at least what some member touches. */
  const sufficient = (front: readonly Change[]) =>
    new Set(grid.filter((each) => front.some((one) => one.every((share, i) => share <= each[i]!))).map(String));
  const orders = new Set<string>();
  for (let trial = 0; trial < 300; trial++) {
    const [a, b] = [0, 1].map(() => Array.from({ length: random.int(3) }, (): Change => draw(2, 4))) as [
      Change[],
      Change[],
    ];
    const [sa, sb] = [sufficient(a), sufficient(b)];
    const [aInB, bInA] = [[...sa].every((each) => sb.has(each)), [...sb].every((each) => sa.has(each))];
    // Fewer changes suffice: more is asked.
    const expected = aInB && bInA ? "equal" : aInB ? "more" : bInA ? "less" : "undecided";
    expect(compareFronts(a, b)).toBe(expected);
    expect(compareFronts(paretoFront(a), paretoFront(b))).toBe(expected);
    orders.add(expected);
  }
  expect(orders.size).toBe(4);
  expect(compareFronts([], [[1, 1]])).toBe("more");
});

test("shares of decided pairs sum to one", () => {
  const a = [[[0, 1]], [[1, 1]], []];
  const b = [[[0, 1]], [[1, 0]]];
  const { more, less, undecided } = frontEstimates(a, b, { rng: rng(1) });
  // Rows: equal, undecided; more, more; more, more.
  expect([more.mean, less.mean, undecided.mean]).toEqual([4 / 6, 0, 2 / 6]);
});
