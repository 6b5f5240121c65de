/**
 * @file Two audits of subjects that talk side by side: what each contrast was found to be, and by how much effects differ.
 * From the records alone; where the two were not made alike, the comparison says in what they differ.
 */
import { type ComparedReadings, compareReadings, type Looks, looksAt } from "../core/difference.ts";
import { canonicalJson } from "../core/json.ts";
import type { HypothesisReport } from "./analyze.ts";
import type { ChatAuditRecord, ContrastRecord } from "./record.ts";
import type { Finding } from "./verdicts.ts";

/** What identifies a side. */
type Side = Pick<ChatAuditRecord, "subject" | "judge" | "design" | "code" | "command">;

/** One effect in both; a side that did not ask has none. */
export interface ComparedEffect extends ComparedReadings {
  readonly hypothesis: string;
  readonly title: string;
  readonly role: HypothesisReport["role"];
}

/** One contrast in both. */
export interface ComparedContrast {
  readonly contrast: string;
  readonly title: string;
  readonly a?: Finding;
  readonly b?: Finding;
  /** Is its word another one? Words change where an interval hardly does: see the difference. */
  readonly isChanged: boolean;
  readonly effects: readonly ComparedEffect[];
}

export interface ChatComparison {
  readonly format: "mesascope-chat-diff/1";
  readonly a: Side;
  readonly b: Side;
  /** In what the two were not made alike, as sentences. */
  readonly cautions: readonly string[];
  readonly contrasts: readonly ComparedContrast[];
  readonly looks: Looks;
}

/** Compare two audits; what is in one of them alone stays in, without a difference. */
export function compareChatAudits(a: ChatAuditRecord, b: ChatAuditRecord): ChatComparison {
  const ids = [...new Set([...a.contrasts, ...b.contrasts].map(({ contrast }) => contrast))];
  const contrasts = ids.map((id) => compareContrasts(id, a, b));
  return {
    format: "mesascope-chat-diff/1",
    a: side(a),
    b: side(b),
    cautions: cautions(a, b),
    contrasts,
    looks: looksAt(contrasts.flatMap(({ effects }) => effects)),
  };
}

const side = ({ subject, judge, design, code, command }: ChatAuditRecord): Side => ({
  subject,
  judge,
  design,
  code,
  command,
});

function compareContrasts(id: string, a: ChatAuditRecord, b: ChatAuditRecord): ComparedContrast {
  const report = (record: ChatAuditRecord) => record.contrasts.find(({ contrast }) => contrast === id);
  const word = (record: ChatAuditRecord) => record.verdicts.find(({ contrast }) => contrast === id)?.finding;
  const [one, other] = [report(a), report(b)];
  const [wordA, wordB] = [word(a), word(b)];
  const hypotheses = [
    ...new Map([...(one?.hypotheses ?? []), ...(other?.hypotheses ?? [])].map((each) => [each.id, each])).values(),
  ];
  return {
    contrast: id,
    title: (one ?? other)!.title,
    ...(wordA === undefined ? {} : { a: wordA }),
    ...(wordB === undefined ? {} : { b: wordB }),
    isChanged: wordA !== undefined && wordB !== undefined && wordA !== wordB,
    effects: hypotheses.map((each) => compareEffects(each, one, other)),
  };
}

function compareEffects(
  { id, title, role }: HypothesisReport,
  one: ContrastRecord | undefined,
  other: ContrastRecord | undefined,
): ComparedEffect {
  const [a, b] = [one, other].map((report) => report?.hypotheses.find((each) => each.id === id)?.effect);
  return { hypothesis: id, title, role, ...compareReadings(a, b) };
}

function cautions(a: ChatAuditRecord, b: ChatAuditRecord): readonly string[] {
  const notes: string[] = [];
  const isAlike = (one: unknown, other: unknown) => canonicalJson(one) === canonicalJson(other);
  if (!isAlike(a.design, b.design)) notes.push("The designs differ: other items were put, or others as often.");
  else if (a.code === b.code) {
    notes.push("Both were asked the same items: the intervals of the differences are, if anything, too wide.");
  }
  if (a.subject === b.subject) notes.push("Both are of the same subject: what differs is chance, or the instruments.");
  if (a.code !== b.code) notes.push(`The contrasts are of different versions: ${a.code} and ${b.code}.`);
  if (a.judge !== b.judge) notes.push(`Different judges: ${a.judge ?? "none"} and ${b.judge ?? "none"}.`);
  for (const [name, { isSequential, cut }] of [["A", a] as const, ["B", b] as const]) {
    if (isSequential) notes.push(`${name} could stop on its own results: its intervals are wider for that.`);
    if (cut !== null) notes.push(`${name} was cut short: ${cut}.`);
  }
  return notes;
}
