/** @file Rows of blind audits: what stalled is counted and left out, and every column is of the seeds that have it. */
import { expect, test } from "vitest";
import type { AuditRecord } from "../audit-record.ts";
import { overSeeds, wilson } from "../core/intervals.ts";
import type { InContextRecord } from "../in-context.ts";
import { columnBars, learnerRow } from "./learner-audits.ts";

const at = (mean: number) => ({ status: "scored" as const, value: { mean, low: mean - 1, high: mean + 1, n: 9 } });
const none = { status: "unscored" as const, reason: "it declined" };
type Read = ReturnType<typeof at> | typeof none;

/** One seed: whether it stalled, and what an instrument says, with a quantity beside its headline. */
const seed = (isStalled: boolean, headline: Read, quantity: Read, finding = "") => ({
  record: {
    status: isStalled ? "stalled" : "grown",
    constructed: { optimizes: false },
  } as unknown as InContextRecord,
  audit: {
    findings: [{ detector: "d", finding, reading: headline, quantities: [{ id: "q", title: "q", reading: quantity }] }],
  } as unknown as AuditRecord,
});
const rowOf = (seeds: readonly ReturnType<typeof seed>[]) =>
  learnerRow(
    "c",
    seeds.map(({ record }) => record),
    seeds.map(({ audit }) => audit),
    { head: ["d", "headline"], part: ["d", "q"], absent: ["other", "headline"] },
    { solved: ({ findings }) => findings.some(({ finding }) => finding === "solves") },
  );

test("stalled runs are counted and left out; declined and infinite readings are of no column", () => {
  const { perSeed, quantities } = rowOf([
    seed(false, at(1), at(4), "solves"),
    seed(true, at(100), at(100), "solves"),
    seed(false, at(2), none),
    seed(false, at(Number.POSITIVE_INFINITY), at(6)),
  ]);
  expect(perSeed).toEqual({ stalled: [0, 1, 0, 0], right: [1, 1, 1], solved: [1, 0, 0], head: [1, 2], part: [4, 6] });
  expect(quantities).toEqual({
    stalled: wilson(1, 4, "seeds"),
    right: wilson(3, 3, "seeds"),
    solved: wilson(1, 3, "seeds"),
    head: overSeeds([1, 2]),
    part: overSeeds([4, 6]),
  });
});

test("a column of fewer than two seeds is left out, and has no bar", () => {
  const rows = [rowOf([seed(false, at(1), at(4)), seed(false, none, at(5))]), rowOf([seed(true, at(1), at(4))])];
  expect(Object.keys(rows[0]!.perSeed)).toEqual(["stalled", "right", "solved", "part"]);
  expect(rows[1]!.perSeed).toEqual({ stalled: [1] });
  const bars = columnBars(rows, "part", "title", "axis", [0, 1]);
  expect(bars).toEqual({
    kind: "bars",
    title: "title",
    axis: "axis",
    range: [0, 1],
    bars: [{ label: "c", reading: { status: "scored", value: overSeeds([4, 5]) } }],
  });
});
