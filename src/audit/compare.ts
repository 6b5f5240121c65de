/**
 * @file Two audits side by side: what each answered, what each instrument read, and by how much the readings differ.
 *
 * From the records alone, so that audits of another day and another machine can be compared; where they were not made
 * alike, the comparison says in what they differ.
 */
import type { Answer, AuditRecord, Finding } from "../audit-record.ts";
import { type ComparedReadings, compareReadings, type Looks, looksAt } from "../core/difference.ts";
import { canonicalJson } from "../core/json.ts";
import type { QuestionId } from "../detector.ts";

/** What identifies a side. */
type Side = Pick<AuditRecord, "subject" | "task" | "seed" | "code" | "access" | "command">;

/** Two answers to one question; a side that did not ask has none. */
export interface ComparedAnswer {
  readonly question: QuestionId;
  readonly text: string;
  readonly a?: Pick<Answer, "status" | "answer">;
  readonly b?: Pick<Answer, "status" | "answer">;
  /** Do the words behind the two answers differ? */
  readonly isChanged: boolean;
}

/** Two readings of one quantity. */
export interface ComparedReading extends ComparedReadings {
  /** `headline`, or the quantity's id. */
  readonly id: string;
  readonly title?: string;
}

/** What one instrument found in each. */
export interface ComparedFinding {
  readonly detector: string;
  readonly headline: ComparedReading;
  readonly a?: { readonly finding?: string; readonly summary: string };
  readonly b?: { readonly finding?: string; readonly summary: string };
  /** Its word, or whether it could be scored at all, is another one. */
  readonly isChanged: boolean;
  readonly quantities: readonly ComparedReading[];
}

export interface AuditComparison {
  readonly format: "mesascope-diff/1";
  readonly a: Side;
  readonly b: Side;
  /** In what the two audits were not made alike, as sentences. */
  readonly cautions: readonly string[];
  readonly questions: readonly ComparedAnswer[];
  readonly findings: readonly ComparedFinding[];
  /** At headlines and quantities. */
  readonly looks: Looks;
}

/** Compare two audits; what is in one of them alone stays in, without a difference. */
export function compareAudits(a: AuditRecord, b: AuditRecord): AuditComparison {
  const detectors = [...new Set([...a.findings, ...b.findings].map(({ detector }) => detector))];
  const of = ({ findings }: AuditRecord, id: string) => findings.find(({ detector }) => detector === id);
  const findings = detectors.map((id) => compareFindings(id, of(a, id), of(b, id)));
  const readings = findings.flatMap(({ headline, quantities }) => [headline, ...quantities]);
  const words = new Set(findings.filter(({ isChanged }) => isChanged).map(({ detector }) => detector));
  const questions = [...new Map([...a.answers, ...b.answers].map(({ question, text }) => [question, text]))];
  return {
    format: "mesascope-diff/1",
    a: side(a),
    b: side(b),
    cautions: cautions(a, b),
    questions: questions.map(([question, text]) => {
      const [one, other] = [a, b].map(({ answers }) => answers.find((each) => each.question === question));
      return {
        question,
        text,
        ...(one ? { a: { status: one.status, answer: one.answer } } : {}),
        ...(other ? { b: { status: other.status, answer: other.answer } } : {}),
        // Answers repeat numbers, which differ from audit to audit; what they rest on tells whether they say another thing.
        isChanged:
          one?.status !== other?.status ||
          [...(one?.detectors ?? []), ...(other?.detectors ?? [])].some((detector) => words.has(detector)),
      };
    }),
    findings,
    looks: looksAt(readings),
  };
}

const side = ({ subject, task, seed, code, access, command }: AuditRecord): Side => ({
  subject,
  task,
  seed,
  code,
  access,
  command,
});

function compareFindings(detector: string, a: Finding | undefined, b: Finding | undefined): ComparedFinding {
  const ids = [...new Map([...(a?.quantities ?? []), ...(b?.quantities ?? [])].map(({ id, title }) => [id, title]))];
  const reading = (finding: Finding | undefined, id: string) =>
    finding?.quantities.find((quantity) => quantity.id === id)?.reading;
  const told = ({ finding, summary }: Finding) => ({ ...(finding === undefined ? {} : { finding }), summary });
  return {
    detector,
    headline: { id: "headline", ...compareReadings(a?.reading, b?.reading) },
    ...(a ? { a: told(a) } : {}),
    ...(b ? { b: told(b) } : {}),
    isChanged: a !== undefined && b !== undefined && (a.finding !== b.finding || a.reading.status !== b.reading.status),
    quantities: ids.map(([id, title]) => ({ id, title, ...compareReadings(reading(a, id), reading(b, id)) })),
  };
}

function cautions(a: AuditRecord, b: AuditRecord): readonly string[] {
  const notes: string[] = [];
  const isAlike = (one: unknown, other: unknown) => canonicalJson(one ?? null) === canonicalJson(other ?? null);
  if (!isAlike(a.task, b.task)) notes.push("The worlds differ: readings are of different tasks.");
  else if (a.seed === b.seed && a.code === b.code) {
    notes.push("Both were examined on the same levels: the intervals of the differences are, if anything, too wide.");
  }
  if (a.subject === b.subject) notes.push("Both are of the same subject: what differs is chance, or the instruments.");
  if (a.code !== b.code) notes.push(`The instruments are of different versions: ${a.code} and ${b.code}.`);
  if (!isAlike(a.access, b.access)) {
    notes.push(`The access differs: ${a.access.join(", ") || "none"} against ${b.access.join(", ") || "none"}.`);
  }
  for (const { detector, params } of a.findings) {
    const other = b.findings.find((finding) => finding.detector === detector);
    if (other && !isAlike(params, other.params)) notes.push(`${detector} was run with different parameters.`);
  }
  if (a.executor !== b.executor) notes.push(`Different kernels answered: ${a.executor} and ${b.executor}.`);
  return notes;
}
