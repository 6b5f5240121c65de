/** @file The replication table: sorted, judged by the claims' own rules from full-budget records only. */
import { expect, test } from "vitest";
import { claims, experimentRecord } from "../../test/sample-experiment.ts";
import { dataDiversity } from "../experiments/data-diversity.ts";
import { code, escapeMarkdown, markdownTable } from "./markdown.ts";
import { judgeClaims, replications } from "./replications.ts";

const options = { claims, experiments: [dataDiversity], records: [experimentRecord] };

test("one row a claim, sorted by id, with its command", () => {
  const { markdown } = replications(options);
  const rows = markdown.split("\n").filter((line) => line.startsWith("| ") && line.includes("npx mesascope replicate"));
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(
    /^\| another-claim \|.*not run here yet \| not judged \| npx mesascope replicate another-claim \|$/,
  );
  expect(rows[1]).toContain("0.21 \\[0.18, 0.24\\] to 0.91 \\[0.88, 0.94\\], n = 5 seeds | supported |");
});

test("figures are files that the text links to", () => {
  const { markdown, figures } = replications(options);
  const names = dataDiversity.figures(experimentRecord.rows).map((_, i) => `data-diversity-${i + 1}.svg`);
  expect(Object.keys(figures)).toEqual(names);
  for (const [name, text] of Object.entries(figures)) {
    expect(markdown).toContain(`(docs/replications/${name})`);
    expect(text).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(text).not.toMatch(/NaN|undefined/);
  }
});

test("a smoke record decides nothing, and the newest full one is taken", () => {
  const smoke = { ...experimentRecord, budget: "smoke" };
  expect(judgeClaims({ claims, records: [smoke] }).every((entry) => "missing" in entry)).toBe(true);
  const newer = { ...experimentRecord, seed: 2 };
  const [, judged] = judgeClaims({ claims, records: [smoke, newer, experimentRecord] });
  expect(judged).toMatchObject({ record: { seed: 2 }, verdict: { outcome: "supported" } });
});

test("the same input gives the same text", () => {
  expect(replications(options)).toEqual(replications({ ...options, claims: claims.toReversed() }));
});

test("cells cannot break their table, code cannot break its span", () => {
  expect(markdownTable({ columns: ["a"], rows: [["x | y\nz"]] }).split("\n")).toHaveLength(3);
  expect(escapeMarkdown("<b> | *x*")).toBe("\\<b\\> \\| \\*x\\*");
  expect(code("a ``b`` c")).toBe("``` a ``b`` c ```");
});
