/** @file Reports of subjects that talk, as files, from their records alone; with transcripts where the run has just ended. */
import { basename } from "node:path";
import { chatAuditHtml } from "../report/chat-audit.ts";
import { reportJson } from "../report/json.ts";
import { utilitiesHtml } from "../report/utilities.ts";
import type { ChatAuditRecord } from "../trials/record.ts";
import type { UtilitiesRecord } from "../trials/utilities-record.ts";
import { writeFiles } from "./outputs.ts";

/** What is kept of a run of either kind. */
export type TalkRecord = ChatAuditRecord | UtilitiesRecord;

/** Contents by file name. */
export type Contents = Readonly<Record<string, string | Uint8Array>>;

/**
 * @param base path without its ending
 * @param beside further files, and the one among them that links to transcripts lead to
 */
export function writeTalkReport(
  record: TalkRecord,
  base: string,
  { files = {}, transcripts }: { readonly files?: Contents; readonly transcripts?: string } = {},
): Promise<string[]> {
  const link = transcripts === undefined ? undefined : basename(transcripts);
  const page = record.format === "mesascope-utilities/1" ? utilitiesHtml(record, link) : chatAuditHtml(record, link);
  return writeFiles({ [`${base}.html`]: page, [`${base}.json`]: reportJson(record), ...files });
}
