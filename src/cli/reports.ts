/** @file Reports as files: HTML, Markdown and JSON beside each other, from records alone. */
import type { AuditRecord, GradedAudit } from "../audit-record.ts";
import { claims } from "../claims/index.ts";
import { findById } from "../core/errors.ts";
import type { ExperimentPlugin, ExperimentRecord } from "../experiment.ts";
import { experiments } from "../experiments/index.ts";
import { inContextInstruments } from "../in-context/instruments.ts";
import type { AboutInstrument } from "../report/audit-sections.ts";
import { experimentHtml } from "../report/experiment-html.ts";
import { auditHtml, zooHtml } from "../report/html.ts";
import { reportJson } from "../report/json.ts";
import { auditMarkdown, zooMarkdown } from "../report/markdown.ts";
import { judgeClaims, rowsTable } from "../report/replications.ts";
import { allDetectors } from "./instruments.ts";
import { writeFiles } from "./outputs.ts";

/** Every experiment; the generated index types each by its own parameters. */
export const allExperiments: readonly ExperimentPlugin[] = experiments;

/**
 * @param base path without its ending
 * @param detectors what the instruments say about themselves
 */
export function writeAuditReport(
  record: AuditRecord,
  base: string,
  detectors: readonly AboutInstrument[] = [...allDetectors, ...inContextInstruments],
): Promise<string[]> {
  return writeFiles({
    [`${base}.html`]: auditHtml(record, detectors),
    [`${base}.md`]: auditMarkdown(record, detectors),
    [`${base}.json`]: reportJson(record),
  });
}

export function writeZooReport(graded: readonly GradedAudit[], command: string, base: string): Promise<string[]> {
  return writeFiles({
    [`${base}.html`]: zooHtml(graded, allDetectors, { command }),
    [`${base}.md`]: zooMarkdown(graded, allDetectors, { command }),
    [`${base}.json`]: reportJson(graded),
  });
}

export function writeExperimentReport(record: ExperimentRecord, base: string): Promise<string[]> {
  const experiment = findById("experiment", allExperiments, record.experiment);
  const judged = judgeClaims({ claims, records: [record] }).filter((entry) => "verdict" in entry);
  const command = `mesascope replicate ${judged[0]?.claim.id ?? record.experiment} --seed ${record.seed} --budget ${record.budget}`;
  return writeFiles({
    [`${base}.html`]: experimentHtml({ experiment, record, judged, command }),
    [`${base}.md`]: `# ${experiment.title}\n\n${experiment.question}\n\n${rowsTable(record)}\n`,
    [`${base}.json`]: reportJson(record),
  });
}
