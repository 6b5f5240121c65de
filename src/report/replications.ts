/**
 * @file REPLICATIONS.md: one row a claim, from the claims and the stored records
 * of the experiments that decide them, with their figures as SVG files.
 */
import type { ClaimPlugin, Verdict } from "../claim.ts";
import { findById } from "../core/errors.ts";
import type { ExperimentPlugin, ExperimentRecord, Row } from "../experiment.ts";
import { quantityNames, rowFamilies } from "../lab/outcomes.ts";
import { drawEvidence } from "./figures/figure.ts";
import { code, escapeMarkdown, markdownTable } from "./markdown.ts";
import { asSentence } from "./markup.ts";
import { formatCount, formatInterval, formatShort } from "./numbers.ts";
import { standaloneSvg } from "./standalone.ts";

export interface Replications {
  readonly claims: readonly ClaimPlugin[];
  readonly experiments: readonly ExperimentPlugin[];
  /** Newest first. Only records of the full budget decide claims. */
  readonly records: readonly ExperimentRecord[];
  /** Folder of the figures, as seen from the Markdown file. */
  readonly figuresPath?: string;
}

/** The file's text, and the figures it links to by file name. */
export interface ReplicationFiles {
  readonly markdown: string;
  readonly figures: Readonly<Record<string, string>>;
}

/** What a record says about a claim; claims without a record say how to get one. */
export type Judged =
  | { readonly claim: ClaimPlugin; readonly record: ExperimentRecord; readonly verdict: Verdict }
  | { readonly claim: ClaimPlugin; readonly missing: string };

/** Every claim with its verdict, sorted by id. */
export function judgeClaims({ claims, records }: Pick<Replications, "claims" | "records">): readonly Judged[] {
  return claims
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((claim): Judged => {
      const record = records.find(({ experiment, budget }) => experiment === claim.experiment && budget === "full");
      if (record === undefined)
        return { claim, missing: `experiment ${claim.experiment} has no record of its full budget` };
      return { claim, record, verdict: claim.judge(record.rows) };
    });
}

/** The table, and below it what decided each row. */
export function replications(options: Replications): ReplicationFiles {
  const { experiments, figuresPath = "docs/replications" } = options;
  const judged = judgeClaims(options);
  const figures: Record<string, string> = {};
  const table = markdownTable({
    columns: ["claim", "source", "published", "ours: mean, 95 % interval, n", "verdict", "command"],
    rows: judged.map((entry) => [
      entry.claim.id,
      entry.claim.source,
      entry.claim.published,
      "verdict" in entry ? entry.verdict.ours : "not run here yet",
      "verdict" in entry ? entry.verdict.outcome : "not judged",
      commandOf(entry.claim),
    ]),
  });
  const drawn = new Set<string>();
  const sections = judged.flatMap((entry) => {
    const head = [`## ${escapeMarkdown(entry.claim.id)}`, escapeMarkdown(entry.claim.sentence)];
    if (!("verdict" in entry))
      return [...head, `Not judged: ${escapeMarkdown(asSentence(entry.missing))} Run ${code(commandOf(entry.claim))}.`];
    const { record, verdict } = entry;
    const asked = entry.claim.endpoint === undefined ? [] : [`With an endpoint: ${code(entry.claim.endpoint)}.`];
    return [
      ...head,
      `**${verdict.outcome}**: ${escapeMarkdown(asSentence(verdict.because))}`,
      ...asked,
      ...measured(record),
    ];
  });
  const unclaimed = options.records.filter(
    ({ experiment, budget }) => budget === "full" && !options.claims.some((claim) => claim.experiment === experiment),
  );
  const others = unclaimed.flatMap((record) => [
    `## ${escapeMarkdown(record.experiment)}`,
    escapeMarkdown(experimentOf(record).question),
    ...measured(record),
  ]);

  function experimentOf({ experiment }: ExperimentRecord): ExperimentPlugin {
    return findById("experiment", experiments, experiment);
  }

  /** Prediction, rows, figures and how to run it again. */
  function measured(record: ExperimentRecord): string[] {
    const experiment = experimentOf(record);
    const links: string[] = [];
    for (const [i, evidence] of experiment.figures(record.rows).entries()) {
      for (const [k, { svg }] of drawEvidence(evidence, `${experiment.id}-${i}`).drawings.entries()) {
        const name = `${experiment.id}-${i + 1}${k > 0 ? `-${k + 1}` : ""}.svg`;
        figures[name] = standaloneSvg(svg);
        // Two claims may rest on one experiment; its figures stand once.
        if (!drawn.has(name)) links.push(`![${escapeMarkdown(evidence.title)}](${figuresPath}/${name})`);
        drawn.add(name);
      }
    }
    return [
      `Prediction written before the run: ${escapeMarkdown(experiment.hypothesis)}`,
      rowsTable(record),
      ...links,
      `Experiment ${code(record.experiment)}, seed ${record.seed}, code ${code(record.code)}, ${escapeMarkdown(record.executor)} kernels, ${record.organisms.length} organisms.`,
    ];
  }
  const markdown = [
    "# Replications",
    "Generated from the claims and from the stored records of the experiments that decide them; do not edit. A verdict follows from a rule that was written before the run. Training seeds are the unit of replication.",
    table,
    ...sections,
    ...(others.length > 0 ? ["# Other experiments", ...others] : []),
  ].join("\n\n");
  return { markdown: `${markdown}\n`, figures };
}

const commandOf = (claim: ClaimPlugin) => `npx mesascope replicate ${claim.id}`;

/** A record's rows with every quantity: a table for each family of rows. */
export const rowsTable = ({ rows }: Pick<ExperimentRecord, "rows">): string =>
  rowFamilies(rows).map(familyTable).join("\n\n");

function familyTable(rows: readonly Row[]): string {
  const names = quantityNames(rows);
  return markdownTable({
    columns: ["condition", ...names, "n"],
    rows: rows.map((row) => [
      row.x === undefined || row.condition !== "" ? row.condition : formatShort(row.x),
      ...names.map((name) => (row.quantities[name] ? formatInterval(row.quantities[name]) : "not measured")),
      [...new Set(Object.values(row.quantities).map(formatCount))].join("; "),
    ]),
  });
}
