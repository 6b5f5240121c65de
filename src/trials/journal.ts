/**
 * @file The journal of a run: every answer is appended to it before anything is made of it, and a run that was cut short
 * goes on from it. Whatever else a run produces can be computed from the journal again.
 *
 * One line of JSON for each answer, under a key that holds the subject, the exact request, the trial with its repeat, and
 * the turn: the same words asked twice are two answers.
 */
import type { ChatFailureKind, ChatRequest, Exchange, Reply, Usage } from "../chat.ts";
import { LabError } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";
import type { Json } from "../core/json.ts";

/** Where lines are kept. */
export interface JournalPort {
  /** Lines so far, without a last one that was cut short. */
  lines(): AsyncIterable<string>;
  /** Resolves when the text has left this process. */
  append(text: string): Promise<void>;
}

/** Lines that live as long as the process; `text` is all of them. */
export function journalInMemory(text = ""): JournalPort & { readonly text: string; close(): Promise<void> } {
  return {
    get text() {
      return text;
    },
    async *lines() {
      yield* text.split("\n").filter(Boolean);
    },
    append: async (more) => {
      text += more;
    },
    close: async () => undefined,
  };
}

/** Nothing is kept: for runs that are counted and never continued. */
export const noJournal: JournalPort = {
  async *lines() {
    yield* [];
  },
  append: () => Promise.resolve(),
};

/** The first line: what run this is. */
export interface JournalHeader {
  readonly kind: "header";
  readonly format: "mesascope-journal/1";
  /** Hash of everything that decides what is asked. */
  readonly run: string;
  readonly subject: string;
  readonly judge: string | null;
  /** The suite and its design, for readers. */
  readonly settings: Json;
}

/** Who was asked: the subject in the trial, the judge about it, or the subject afterwards, whether it took it for a test. */
export type Role = "subject" | "judge" | "awareness";

/** What identifies an answer. */
export interface Question {
  readonly role: Role;
  readonly trial: string;
  readonly turn: number;
  readonly request: ChatRequest;
}

/** An answer of the endpoint that is no answer to the question, and is not asked for again. */
export interface Declined {
  readonly kind: Exclude<ChatFailureKind, "transport" | "rejected">;
  readonly message: string;
}

/** What the journal remembers in memory: the answer without its bytes. */
export type Remembered = { readonly reply: Omit<Reply, "exchange"> } | { readonly declined: Declined };

interface JournalLine extends Question {
  readonly kind: "answer";
  readonly key: string;
  readonly reply?: Reply;
  readonly declined?: Declined & { readonly exchange?: Exchange };
}

export interface Journal {
  /** Answers of earlier runs and of this one. */
  readonly size: number;
  /** Lines that could not be read: cut short by a crash, at most one for each. */
  readonly torn: number;
  /** What the answers on record had cost when the journal was opened. */
  readonly before: Pick<Usage, "inputTokens" | "outputTokens"> & { readonly requests: number };
  find(question: Question): Remembered | undefined;
  /** Resolves when the answer is on record. */
  record(
    question: Question,
    answer: { readonly reply: Reply } | { readonly declined: NonNullable<JournalLine["declined"]> },
  ): Promise<void>;
}

/**
 * Open a journal: read what is there, or begin it.
 *
 * @throws {LabError} `run/mismatch` when it belongs to another run
 */
export async function openJournal(port: JournalPort, header: JournalHeader): Promise<Journal> {
  const known = new Map<string, Remembered>();
  const before = { requests: 0, inputTokens: 0, outputTokens: 0 };
  let torn = 0;
  let isBegun = false;
  for await (const text of port.lines()) {
    const line = parse(text);
    if (line === undefined) torn++;
    else if (line.kind === "header") {
      isBegun = true;
      checkHeader(line, header);
    } else {
      known.set(line.key, remembered(line));
      before.requests++;
      before.inputTokens += line.reply?.usage?.inputTokens ?? 0;
      before.outputTokens += line.reply?.usage?.outputTokens ?? 0;
    }
  }
  let pending = "";
  let writing: Promise<void> | undefined;
  // Answers that come while one is being written leave together.
  const append = async (text: string): Promise<void> => {
    pending += `${text}\n`;
    while (writing) await writing;
    if (pending === "") return;
    const batch = pending;
    pending = "";
    writing = port.append(batch).finally(() => {
      writing = undefined;
    });
    await writing;
  };
  if (!isBegun) await append(JSON.stringify(header));
  const keyOf = (question: Question) =>
    hashJson({ ...question, subject: question.role === "judge" ? header.judge : header.subject });
  return {
    get size() {
      return known.size;
    },
    torn,
    before,
    find: (question) => known.get(keyOf(question)),
    async record(question, answer) {
      const line: JournalLine = { kind: "answer", key: keyOf(question), ...question, ...answer };
      await append(JSON.stringify(line));
      known.set(line.key, remembered(line));
    },
  };
}

function parse(text: string): JournalHeader | JournalLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== "object" || value === null || !("kind" in value)) return undefined;
  if (value.kind === "header") return value as JournalHeader;
  const isAnswer = value.kind === "answer" && "key" in value && ("reply" in value || "declined" in value);
  return isAnswer ? (value as JournalLine) : undefined;
}

function checkHeader(found: JournalHeader, wanted: JournalHeader): void {
  if (found.format !== wanted.format || found.run !== wanted.run) {
    throw new LabError(
      "run/mismatch",
      `journal: it belongs to another run, got ${found.subject} ${found.run.slice(0, 12)}; expected ${wanted.subject} ${wanted.run.slice(0, 12)}`,
      { hint: "Give this run a journal of its own, or repeat the settings that the journal was begun with." },
    );
  }
}

function remembered({ reply, declined }: JournalLine): Remembered {
  if (declined) return { declined: { kind: declined.kind, message: declined.message } };
  const { exchange: _, ...light } = reply!;
  return { reply: light };
}
