/** @file The scoreboard for readers: tables, figures, CSV, and one page. */

import { csv } from "../core/csv.ts";
import type { Estimate } from "../core/estimate.ts";
import { scored, unscored } from "../core/estimate.ts";
import type { Evidence } from "../evidence.ts";
import { SCORED_QUESTIONS, type ScoreboardRecord, type ScoreRow } from "../scoreboard.ts";
import { figureGrid } from "./audit-sections.ts";
import { drawEvidence } from "./figures/figure.ts";
import type { DataTable, Figure } from "./figures/frame.ts";
import { markdownTable } from "./markdown.ts";
import { html } from "./markup.ts";
import { formatInterval, formatNumber } from "./numbers.ts";
import { dataTable, document, section } from "./page.ts";

/** The regimes in the order of the headline. */
const REGIME_TITLES: Readonly<Record<string, string>> = {
  "in-distribution": "in distribution only",
  shifted: "shifted, not told what",
  named: "goals named",
  withheld: "true goal withheld",
};

export const regimeTitle = (regime: string): string => REGIME_TITLES[regime] ?? regime;

/** Question by question and regime by regime, rows best first, joint models and controls last. */
export function scoreGroups(
  rows: readonly ScoreRow[],
): { readonly question: string; readonly regime: string; readonly rows: readonly ScoreRow[] }[] {
  const order: ScoreRow["kind"][] = ["detector", "joint", "control"];
  return SCORED_QUESTIONS.flatMap(({ id, text }) =>
    Object.keys(REGIME_TITLES).flatMap((regime) => {
      const own = rows.filter((row) => row.question === id && row.regime === regime);
      if (own.length === 0) return [];
      const sorted = own.toSorted(
        (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (b.auroc?.mean ?? -1) - (a.auroc?.mean ?? -1),
      );
      return [{ question: text, regime, rows: sorted }];
    }),
  );
}

const told = (estimate: Estimate | undefined): string => (estimate ? formatInterval(estimate) : "none");

/** One group as a table. */
export function scoreTable(rows: readonly ScoreRow[]): DataTable {
  return {
    columns: [
      "instrument",
      "access",
      "AUROC",
      "power at 5 % false positives",
      "log-loss skill",
      "Brier (base rate)",
      "AUROC, architecture held out",
      "log-loss skill, architecture held out",
      "unscored",
      "s each",
    ],
    rows: rows.map((row) => [
      `${row.instrument}${row.failures > 0 ? ` (${row.failures} failures)` : ""}`,
      row.access.join(", ") || "none",
      told(row.auroc),
      told(row.power),
      told(row.skill),
      row.brier === undefined ? "none" : `${formatNumber(row.brier, 3)} (${formatNumber(row.brierOfBase!, 3)})`,
      told(row.withoutArchitecture),
      told(row.skillWithoutArchitecture),
      `${formatNumber(100 * row.unscored, 0)} %`,
      formatNumber(row.seconds, 1),
    ]),
  };
}

/** Every question and regime in one line: the best instrument, both joint models, and what skill alone tells. */
export function glanceTable(rows: readonly ScoreRow[]): DataTable {
  return {
    columns: [
      "question",
      "evidence",
      "yes / no",
      "best instrument, AUROC",
      "joint, behavior, AUROC",
      "joint, all, AUROC",
      "joint, all, log-loss skill",
      "control: skill alone, AUROC",
    ],
    rows: scoreGroups(rows).map(({ question, regime, rows: own }) => {
      const of = (name: string) => own.find(({ instrument }) => instrument === name);
      const best = own.find(({ kind, auroc }) => kind === "detector" && auroc);
      return [
        question,
        regimeTitle(regime),
        `${own[0]!.positives} / ${own[0]!.negatives}`,
        best ? `${best.instrument} ${told(best.auroc)}` : "none",
        told(of("joint, behavior")?.auroc),
        told(of("joint, all")?.auroc),
        told(of("joint, all")?.skill),
        told(own.find(({ kind }) => kind === "control")?.auroc),
      ];
    }),
  };
}

/** The best of many instruments is best by luck too, and stands only for where to look further. */
const GLANCE =
  "AUROC on held-out worlds, 0.5 = chance. The best instrument was picked by this very number, so it flatters; the joint models were not picked.";

/** AUROC of each instrument in each world. */
function worldTable(rows: readonly ScoreRow[]): DataTable {
  const worlds = [...new Set(rows.flatMap(({ perWorld }) => Object.keys(perWorld)))].sort();
  return {
    columns: ["instrument", ...worlds],
    rows: rows.map(({ instrument, perWorld }) => [instrument, ...worlds.map((world) => told(perWorld[world]))]),
  };
}

/** One figure a question: AUROC by instrument, regime by regime. */
function scoreEvidence(rows: readonly ScoreRow[]): Evidence[] {
  return scoreGroups(rows).map(({ question, regime, rows: own }) => ({
    kind: "bars",
    title: `${question} (${regimeTitle(regime)})`,
    axis: "AUROC on held-out worlds; 0.5 = chance",
    range: [0, 1],
    bars: own.map(({ instrument, auroc }) => ({
      label: instrument,
      reading: auroc ? scored(auroc) : unscored("no agent of one of the two kinds was scored"),
    })),
  }));
}

export const scoreFigures = (rows: readonly ScoreRow[]): Figure[] =>
  scoreEvidence(rows).map((evidence, i) => drawEvidence(evidence, `score-${i}`));

export function discoveryTable({ discovery }: Pick<ScoreboardRecord, "discovery">): DataTable {
  return {
    columns: ["instrument", "names the goal where it can", "names another where it is withheld", "names none there"],
    rows: discovery.map(({ detector, named, misled, unclaimed }) => [
      detector,
      told(named),
      told(misled),
      told(unclaimed),
    ]),
  };
}

export function compositionTable({ composition }: Pick<ScoreboardRecord, "composition">): DataTable {
  return {
    columns: ["world", "kind", "agents", "networks", "seeds", "skill", "goals realized", "s each"],
    rows: composition.map((row) => [
      row.world,
      row.kind,
      String(row.agents),
      String(row.networks),
      String(row.seeds),
      [...new Set(row.skill.map((each) => formatNumber(each, 2)))].join("–"),
      Object.entries(row.goals)
        .map(([goal, n]) => `${goal} ${n}`)
        .join(", "),
      formatNumber(row.seconds, 1),
    ]),
  };
}

/** One line an instrument, question and regime, whole and by world. */
export function scoreCsv({ rows }: Pick<ScoreboardRecord, "rows">): string {
  const worlds = [...new Set(rows.flatMap(({ perWorld }) => Object.keys(perWorld)))].sort();
  const three = (name: string) => [name, `${name}_low`, `${name}_high`];
  const numbers = (estimate: Estimate | undefined) => [estimate?.mean, estimate?.low, estimate?.high];
  return csv(
    [
      "question",
      "regime",
      "instrument",
      "kind",
      "access",
      "positives",
      "negatives",
      "unscored",
      "failures",
      ...three("auroc"),
      ...three("power"),
      ...three("log_loss_skill"),
      "brier",
      "brier_of_base_rate",
      ...three("auroc_architecture_held_out"),
      ...three("log_loss_skill_architecture_held_out"),
      "seconds",
      ...worlds.flatMap((world) => three(`auroc_${world}`)),
    ],
    rows.map((row) => [
      row.question,
      row.regime,
      row.instrument,
      row.kind,
      row.access.join(" "),
      row.positives,
      row.negatives,
      row.unscored,
      row.failures,
      ...numbers(row.auroc),
      ...numbers(row.power),
      ...numbers(row.skill),
      row.brier,
      row.brierOfBase,
      ...numbers(row.withoutArchitecture),
      ...numbers(row.skillWithoutArchitecture),
      row.seconds,
      ...worlds.flatMap((world) => numbers(row.perWorld[world])),
    ]),
  );
}

const NOTES =
  "Every number is held out: readings are turned by what the other worlds say, probabilities come from models that saw none of the agent's world, or, where it says so, none of its architecture. Intervals are 95 %. Power counts what was not scored as missed. The control reads nothing but the agent's skill in distribution: what it tells is not detection.";

/** The page. */
export function scoreboardHtml(record: ScoreboardRecord, command: string): string {
  const { calibration } = record;
  const figures = scoreFigures(record.rows);
  return document({
    title: `Scoreboard: ${calibration.agents} agents on ${calibration.worlds.length} worlds`,
    opening: html`<h1>Which instruments can be trusted?</h1><p class="lead">${calibration.agents} agents whose making is known, on ${calibration.worlds.length} worlds. First comes what can be told from behavior in distribution alone: to watch an agent fail on the shift that defines its fault is not detection.</p>`,
    body: html`${section("glance", "At a glance", GLANCE, dataTable(glanceTable(record.rows), "At a glance"))}${scoreGroups(
      record.rows,
    ).map(({ question, regime, rows }, i) =>
      section(
        `scores-${i}`,
        `${question} ${regimeTitle(regime)}`,
        `${rows[0]!.positives} yes, ${rows[0]!.negatives} no. ${i === 0 ? NOTES : ""}`,
        html`${figureGrid([figures[i]!])}${dataTable(scoreTable(rows), question)}<details><summary>World by world</summary>${dataTable(worldTable(rows), `${question} by world`)}</details>`,
      ),
    )}${section("discovery", "A goal nobody named", "In half of the audits with named goals the true one is no candidate.", dataTable(discoveryTable(record), "Discovery"))}${section(
      "zoo",
      "The zoo",
      "",
      dataTable(compositionTable(record), "Composition"),
    )}${section("again", "Get every number again", "", html`<pre tabindex="0"><code>${command}</code></pre><p>Scored by code ${record.code}, readings taken by ${record.readBy.join(", ")}.</p>`)}`,
    closing: html`<p>Every number stands with its 95 % interval. Nothing here is summed into a score.</p>`,
  });
}

/** The tables as Markdown. */
export function scoreboardMarkdown(record: ScoreboardRecord, command: string): string {
  return `${[
    "# Scoreboard",
    `Generated by \`${command}\` from ${record.calibration.agents} agents on ${record.calibration.worlds.length} worlds, code \`${record.code}\`, readings by ${record.readBy.map((code) => `\`${code}\``).join(", ")}; do not edit. ${NOTES}`,
    `## At a glance\n\n${GLANCE}`,
    markdownTable(glanceTable(record.rows)),
    ...scoreGroups(record.rows).flatMap(({ question, regime, rows }) => [
      `## ${question} (${regimeTitle(regime)})`,
      `${rows[0]!.positives} yes, ${rows[0]!.negatives} no.`,
      markdownTable(scoreTable(rows)),
      "World by world, AUROC:",
      markdownTable(worldTable(rows)),
    ]),
    "## A goal nobody named",
    markdownTable(discoveryTable(record)),
    "## The zoo",
    markdownTable(compositionTable(record)),
  ].join("\n\n")}\n`;
}
