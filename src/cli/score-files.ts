/** @file Result files of other tools, named on the command line: Inspect logs, and outputs of promptfoo. */
import { LabError } from "../core/errors.ts";
import { formatReading } from "../core/estimate.ts";
import { columnsOf } from "../exchange/inspect/columns.ts";
import { looksLikeInspectLog, readInspectLog } from "../exchange/inspect/read.ts";
import { comparePaired, type PairedComparison } from "../exchange/paired.ts";
import { readPromptfooResults } from "../exchange/promptfoo/results.ts";
import type { ScoreColumn } from "../exchange/score-table.ts";
import { formatInterval } from "../report/numbers.ts";
import { readInput } from "./inputs.ts";
import { table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** Endings that files of results have; an audit's report ends in .json too. */
const ENDINGS = /\.(?:eval|json|ya?ml)(?:#.*)?$/i;

/**
 * Columns of scores in a file, `results.json` or `results.json#<model or prompt>`; undefined when the name or the
 * content is none of another tool's.
 *
 * @param cluster member of a sample's metadata that names its cluster
 * @throws {LabError} `exchange/malformed`, `input/invalid`, `input/unknown-id` for a column that is not there
 */
export async function scoresIn(name: string, cluster?: string): Promise<readonly ScoreColumn[] | undefined> {
  if (!ENDINGS.test(name)) return undefined;
  const [path = "", wanted] = splitAt(name);
  const bytes = await readInput(path);
  const columns = await columnsIn(bytes, path, cluster);
  if (!columns) return undefined;
  const labels = [...new Set(columns.map(({ label }) => label))];
  const chosen =
    wanted === undefined ? labels : labels.filter((label) => label === wanted || label.endsWith(`#${wanted}`));
  if (chosen.length !== 1) {
    throw new LabError(
      "input/unknown-id",
      `diff: "${name}" names ${chosen.length} columns; known: ${labels.join(", ") || "none"}`,
      { hint: `Name one: ${path}#${labels[0] ?? "0"}` },
    );
  }
  return columns.filter(({ label }) => label === chosen[0]);
}

function splitAt(name: string): readonly [string, string | undefined] {
  const parts = /^(.*\.(?:eval|json|ya?ml))#(.+)$/i.exec(name);
  return parts ? [parts[1]!, parts[2]] : [name, undefined];
}

async function columnsIn(
  bytes: Uint8Array,
  path: string,
  cluster?: string,
): Promise<readonly ScoreColumn[] | undefined> {
  if (looksLikeInspectLog(bytes)) return columnsOf(await readInspectLog(bytes, path), cluster);
  const text = new TextDecoder().decode(bytes);
  const start = text.slice(0, 4096);
  const isPromptfoo = /"?results"?\s*:/.test(start) && !/"format"\s*:\s*"mesascope-/.test(start);
  return isPromptfoo ? readPromptfooResults(text, path) : undefined;
}

/**
 * Every scorer that both sides have, compared pair by pair.
 *
 * @throws {LabError} `input/invalid` when they share no scorer or no item
 */
export function compareScores(
  a: readonly ScoreColumn[],
  b: readonly ScoreColumn[],
  seed: number,
): readonly PairedComparison[] {
  const both = a.flatMap((one) => {
    const other = b.find(({ scorer }) => scorer === one.scorer);
    return other ? [[one, other] as const] : [];
  });
  if (both.length === 0) {
    const names = (side: readonly ScoreColumn[]) => side.map(({ scorer }) => scorer).join(", ") || "none";
    throw new LabError("input/invalid", `diff: the files share no scorer, got ${names(a)} and ${names(b)}`);
  }
  return both.map(([one, other]) => comparePaired(one, other, seed));
}

/** One line a scorer, then what qualifies it. */
export function describeScores(compared: readonly PairedComparison[], out: Outlet): string {
  const { bold, dim } = out.paint;
  const share = (value: number) => value.toFixed(3);
  const p = (value: number) => (value < 0.0001 ? "< .0001" : value.toFixed(4));
  const lines = table(
    compared,
    [
      { title: "scorer", cell: ({ scorer }) => bold(scorer) },
      { title: "A", cell: ({ means }) => share(means.a), align: "right" },
      { title: "B", cell: ({ means }) => share(means.b), align: "right" },
      { title: "B − A", cell: ({ difference }) => formatReading(difference, 3), wraps: true },
      { title: "p", cell: (row) => p(row.p), align: "right" },
      { title: "items", cell: ({ items }) => String(items), align: "right" },
      { title: "clusters", cell: ({ clusters }) => String(clusters), align: "right" },
      { title: "only A : only B", cell: ({ binary }) => (binary ? `${binary.table.n10} : ${binary.table.n01}` : "") },
      { title: "McNemar p", cell: ({ binary }) => (binary ? p(binary.exactP) : ""), align: "right" },
      { title: "Newcombe", cell: ({ binary }) => (binary ? formatInterval(binary.newcombe) : "") },
    ],
    out,
  );
  const gaps = compared.flatMap(({ scorer, missing }) => {
    const { a, b, onlyA, onlyB, bounds } = missing;
    if (a + b + onlyA + onlyB === 0) return [];
    const worst = bounds ? `; whatever the absent scores were, B − A lies in [${bounds.map(share).join(", ")}]` : "";
    return [`${scorer}: ${a} scores absent in A, ${b} in B; ${onlyA} items in A alone, ${onlyB} in B alone${worst}`];
  });
  const closing =
    "B − A, p: sign flips over clusters, at 95 %. McNemar and Newcombe take items for independent. Repeats are averaged within the item.";
  return [`A ${compared[0]!.a}\nB ${compared[0]!.b}`, lines, gaps.join("\n"), dim(closing)]
    .filter(Boolean)
    .join("\n\n");
}
