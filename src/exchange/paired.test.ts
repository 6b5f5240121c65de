/** @file Paired comparison against counts by hand, and against logs. */
import { describe, expect, test } from "vitest";
import { columnsOf, scoreNumber } from "./inspect/columns.ts";
import type { InspectLogInput } from "./inspect/schema.ts";
import { completeLog } from "./inspect/write.ts";
import { comparePaired } from "./paired.ts";
import type { ScoreColumn } from "./score-table.ts";

const column = (values: readonly (number | undefined)[], cluster?: (i: number) => string): ScoreColumn => ({
  label: "m",
  scorer: "s",
  rows: values.map((value, i) => ({
    item: `i${i}`,
    repeat: 1,
    ...(cluster ? { cluster: cluster(i) } : {}),
    ...(value === undefined ? {} : { value }),
  })),
});
const repeated = (value: number, times: number) => Array.from({ length: times }, () => value);

describe("0 or 1", () => {
  // 40 both right, 3 only A, 15 only B, 12 neither: by hand.
  const a = column([...repeated(1, 43), ...repeated(0, 27)]);
  const b = column([...repeated(1, 40), ...repeated(0, 3), ...repeated(1, 15), ...repeated(0, 12)]);
  const compared = comparePaired(a, b);
  test("the four cells, the discordants and their tests", () => {
    expect(compared.binary?.table).toEqual({ n11: 40, n10: 3, n01: 15, n00: 12 });
    expect(compared.means).toEqual({ a: 43 / 70, b: 55 / 70 });
    // 2 · P(X ≤ 3), X ~ Binomial(18, 1/2): 2 · (1 + 18 + 153 + 816) / 2^18
    expect(compared.binary?.exactP).toBeCloseTo((2 * 988) / 2 ** 18, 12);
    expect(compared.binary?.newcombe.mean).toBeCloseTo(12 / 70, 12);
    expect(compared.binary?.newcombe.low).toBeGreaterThan(0);
  });
  test("the sign-flip test agrees with the exact one in verdict, and its interval in sign", () => {
    expect(compared.difference).toMatchObject({ status: "scored", value: { n: 70, unit: "items" } });
    expect(compared.p).toBeLessThan(0.05);
    if (compared.difference.status === "scored") expect(compared.difference.value.low).toBeGreaterThan(0);
  });
  test("swapped, everything turns round", () => {
    const other = comparePaired(b, a);
    expect(other.binary?.table).toEqual({ n11: 40, n10: 15, n01: 3, n00: 12 });
    expect(other.binary?.newcombe.mean).toBeCloseTo(-12 / 70, 12);
  });
});

test("items of one cluster are one vote: ten copies of a family prove no more than one", () => {
  const a = column(repeated(0, 60), (i) => `f${i % 6}`);
  const b = column(repeated(1, 60), (i) => `f${i % 6}`);
  const compared = comparePaired(a, b);
  expect(compared).toMatchObject({ items: 60, clusters: 6 });
  expect(compared.p).toBeCloseTo(2 / 64, 12); // six families: the smallest p there is
  expect(compared.binary?.exactP).toBeLessThan(1e-15); // what ignoring them would claim
  expect(compared.standardError).toBeUndefined();
});

test("repeats are averaged within the item, not counted", () => {
  const rows = (values: readonly number[]) =>
    values.flatMap((value, i) => [0, 1, 2].map((repeat) => ({ item: `i${i}`, repeat, value: repeat < value ? 1 : 0 })));
  const [a, b] = [
    [0, 1, 2, 3, 1, 0, 2, 1],
    [1, 2, 3, 3, 2, 1, 3, 2],
  ].map(rows);
  const compared = comparePaired({ label: "a", scorer: "s", rows: a! }, { label: "b", scorer: "s", rows: b! });
  expect(compared.items).toBe(8);
  expect(compared.binary).toBeUndefined();
  expect(compared.means.b - compared.means.a).toBeCloseTo(7 / 24, 12);
});

test("missing scores are counted by side and bounded", () => {
  const compared = comparePaired(column([1, 1, undefined, 0, 1, 0, 1, 1]), column([1, 1, 1, undefined, 1, 0, 0, 1]));
  expect(compared.items).toBe(6);
  expect(compared.missing).toMatchObject({ onlyA: 0, onlyB: 0, a: 1, b: 1 });
  // Complete pairs sum to −1; item 2 adds 0 or 1, item 3 adds 0 or 1.
  expect(compared.missing.bounds?.[0]).toBeCloseTo(-1 / 8, 12);
  expect(compared.missing.bounds?.[1]).toBeCloseTo(1 / 8, 12);
});

test("nothing shared, nothing compared", () => {
  const other: ScoreColumn = { ...column([1]), rows: [{ item: "x", repeat: 1, value: 1 }] };
  expect(() => comparePaired(column([1]), other)).toThrow(/no item is scored/);
});

test.each([
  ["C", 1],
  ["I", 0],
  ["P", 0.5],
  ["N", 0],
  [true, 1],
  ["yes", 1],
  ["0.25", 0.25],
  [Number.NaN, undefined],
  ["maybe", undefined],
  ["", undefined],
  [null, undefined],
])("the score %j is %s", (value, expected) => expect(scoreNumber(value)).toBe(expected));

test("columns of a log: one for each scorer and member, unscored samples without a value", () => {
  const input: InspectLogInput = {
    eval: { eval_id: "e", created: "2026-11-21T12:00:00+00:00", task: "t", dataset: {}, model: "m" },
    samples: [
      {
        id: 1,
        epoch: 1,
        input: "",
        target: "",
        metadata: { family: "f" },
        scores: { x: { value: "C" }, y: { value: { p: 1, q: "I" } } },
      },
      { id: 2, epoch: 1, input: "", target: "", scores: { x: { value: Number.NaN } } },
      { id: 3, epoch: 1, input: "", target: "", error: { message: "broke" } },
    ],
  };
  const columns = columnsOf(completeLog(input));
  expect(columns.map(({ scorer }) => scorer)).toEqual(["x", "y.p", "y.q"]);
  expect(columns[0]!.rows).toEqual([
    { item: "1", repeat: 1, cluster: "f", value: 1 },
    { item: "2", repeat: 1 },
    { item: "3", repeat: 1 },
  ]);
  expect(columns[2]!.rows[0]!.value).toBe(0);
});
