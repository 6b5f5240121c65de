/**
 * @file One question to an endpoint: from the journal where it was answered before, else asked within the limits, again
 * only where nothing was answered, and put on record before anyone reads it.
 */
import { ChatFailure, type ChatRequest, type ChatSubject, type Reply, type TrialPlan } from "../chat.ts";
import { LabError } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import type { Purse } from "./budget.ts";
import type { Declined, Journal, Question, Role } from "./journal.ts";
import type { Limiter } from "./limiter.ts";

export interface AskingPorts {
  /** Resolves after so many milliseconds, earlier when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly rng: Rng;
}

export interface AskingOptions {
  /** Times a request is sent again after a transport failure. */
  readonly retries: number;
  /** An answer that takes longer is none, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Counts of what happened on the way, over a whole run. */
export interface AskingCounts {
  asked: number;
  fromJournal: number;
  retried: number;
  tooMany: number;
  timeouts: number;
}

export const noCounts = (): AskingCounts => ({ asked: 0, fromJournal: 0, retried: 0, tooMany: 0, timeouts: 0 });

/** Why there is no answer to a question. */
export type NoAnswer = Declined | { readonly kind: "transport" | "budget" | "interrupted"; readonly message: string };

/** Thrown through a simulated world, which knows nothing of endpoints. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
  readonly why: NoAnswer;
  constructor(why: NoAnswer) {
    super(why.message);
    this.why = why;
  }
}

export interface Endpoint {
  readonly subject: ChatSubject;
  readonly role: Role;
  readonly limiter: Limiter;
  readonly purse: Purse;
  readonly journal: Journal;
  readonly counts: AskingCounts;
  /** Requests in a row, whichever trial they belong to, that nothing came back to. */
  readonly silence: { failures: number };
}

/** So many in a row, and the endpoint is taken to be down. Chosen: far beyond what faults of one in five would do. */
const SILENT_AFTER = 60;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

/**
 * Ask.
 *
 * @throws {Unanswered} when no answer came
 * @throws {LabError} `input/invalid` when the endpoint refuses the request itself: every other trial would fail alike;
 *   `run/unreachable` when it has not answered {@link SILENT_AFTER} requests in a row
 */
export async function askEndpoint(
  endpoint: Endpoint,
  trial: string,
  turn: number,
  request: ChatRequest,
  plan: TrialPlan | undefined,
  ports: AskingPorts,
  options: AskingOptions,
): Promise<Reply> {
  const { journal, role, counts } = endpoint;
  const question: Question = { role, trial, turn, request };
  const known = journal.find(question);
  if (known) {
    counts.fromJournal++;
    if ("declined" in known) throw new Unanswered(known.declined);
    return known.reply;
  }
  for (let attempt = 0; ; attempt++) {
    const outcome = await endpoint.limiter.run(() => once(endpoint, question, plan, ports, options));
    if ("reply" in outcome) return outcome.reply;
    const { failure } = outcome;
    if (failure.kind !== "transport") throw new Unanswered(await declined(endpoint, question, failure));
    const isLast = attempt >= options.retries;
    const wait = waitOf(failure, attempt, ports.rng);
    if (failure.status === 429) {
      counts.tooMany++;
      endpoint.limiter.tooMany(failure.retryAfterMs ?? wait);
    } else endpoint.limiter.failed();
    if (failure.status !== 429) refuseSilence(endpoint, failure);
    if (isLast) throw new Unanswered({ kind: "transport", message: failure.message });
    counts.retried++;
    await ports.sleep(wait, options.signal);
  }
}

/** An endpoint that is down fails every trial alike: better said after a minute than counted as missing for an hour. */
function refuseSilence({ silence, subject }: Endpoint, { message }: ChatFailure): void {
  silence.failures++;
  if (silence.failures < SILENT_AFTER) return;
  throw new LabError(
    "run/unreachable",
    `${subject.id}: ${silence.failures} requests in a row had no answer, the last one: ${message}`,
    { hint: "See that the endpoint runs; the same command goes on from what is in the journal." },
  );
}

/** Why a wait or a request was ended: given, because the reason made otherwise is an error with a stack, for every trial. */
const [ANSWERED, LATE] = ["answered", "late"];

/** What is asked about a trial has its own numbers of turns: the role is a part of the name. */
const callName = ({ role, trial, turn }: Question): string => `${trial}:${role === "subject" ? "" : `${role}:`}${turn}`;

/** Send the request once; the answer is on record when this returns. */
async function once(
  { subject, purse, journal, limiter, counts, silence }: Endpoint,
  question: Question,
  plan: TrialPlan | undefined,
  { sleep }: AskingPorts,
  { timeoutMs, signal }: AskingOptions,
): Promise<{ readonly reply: Reply } | { readonly failure: ChatFailure }> {
  // What is under way when the user stops is waited for: it is paid for, and goes on record.
  if (signal?.aborted) throw new Unanswered({ kind: "interrupted", message: "stopped by the user" });
  const reserved = purse.take(question.request);
  if (!reserved) throw new Unanswered({ kind: "budget", message: "the budget is spent" });
  counts.asked++;
  const [late, done] = [new AbortController(), new AbortController()];
  const timeout = sleep(timeoutMs, done.signal).then(() => {
    if (done.signal.aborted) return undefined;
    late.abort(LATE);
    counts.timeouts++;
    throw new ChatFailure("transport", `no answer within ${timeoutMs} ms`);
  });
  const call = callName(question);
  const answering = subject.reply(question.request, { signal: late.signal, call, ...(plan ? { plan } : {}) });
  // Whichever loses the race must not fail unheard.
  answering.catch(() => undefined);
  timeout.catch(() => undefined);
  try {
    const reply = await Promise.race([answering, timeout.then(() => answering)]);
    reserved.settle(reply.usage);
    await journal.record(question, { reply });
    limiter.succeeded();
    silence.failures = 0;
    const { exchange: _, ...light } = reply;
    return { reply: light };
  } catch (error) {
    reserved.release();
    if (error instanceof ChatFailure) return { failure: error };
    throw error;
  } finally {
    done.abort(ANSWERED);
  }
}

async function declined(
  { subject, journal }: Endpoint,
  question: Question,
  { kind, message, exchange }: ChatFailure,
): Promise<Declined> {
  if (kind === "refusal" || kind === "parse") {
    await journal.record(question, { declined: { kind, message, ...(exchange ? { exchange } : {}) } });
    return { kind, message };
  }
  throw new LabError("input/invalid", `${subject.id}: the endpoint refuses the request: ${message}`, {
    hint: "Check the address, the model's name and the key; what was answered so far is in the journal.",
  });
}

/** As long as the endpoint asks; else doubling from half a second, with jitter so that retries spread. */
function waitOf({ retryAfterMs }: ChatFailure, attempt: number, rng: Rng): number {
  const doubled = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return (retryAfterMs ?? 0) + doubled * (retryAfterMs === undefined ? 0.5 + 0.5 * rng.uniform() : 0.1 * rng.uniform());
}
