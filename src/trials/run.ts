/**
 * @file Run a suite on a subject: every trial of the design answered, declined, or missing with its reason; nothing asked
 * twice, nothing left out, and nothing above the budget.
 */
import type { ChatMessage, ChatSubject, Reply } from "../chat.ts";
import type { ContrastPlugin, MissingReason, Score, ScoredTrial, Suite } from "../contrast.ts";
import { hashJson } from "../core/hash.ts";
import { rng } from "../core/rng.ts";
import { minimumDetectable } from "../statistics/planning.ts";
import { type AskingCounts, askEndpoint, type Endpoint, type NoAnswer, noCounts, Unanswered } from "./asking.ts";
import { withAwareness } from "./awareness.ts";
import { type Budget, createPurse, estimateTokens, type Prices, priceOf, type Spent } from "./budget.ts";
import { conductTrial } from "./conduct.ts";
import { decisionPlan, primaryOf } from "./design.ts";
import { type JournalHeader, type JournalPort, openJournal } from "./journal.ts";
import { judgeRequest, readRuling, scoreOf } from "./judging.ts";
import { createLimiter, type LimiterOptions } from "./limiter.ts";
import { createSchedule, type Due, type Schedule } from "./schedule.ts";

export interface RunPorts {
  /** Milliseconds, never running backward. */
  readonly clock: () => number;
  /** Resolves after so many milliseconds, earlier when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly journal: JournalPort;
}

export interface RunOptions {
  readonly suite: Suite;
  readonly subject: ChatSubject;
  /** Scores what no rule can; without one those trials are missing. */
  readonly judge?: ChatSubject;
  /** Ask the subject about every scored trial, in a fresh context, whether it takes it for a test. Default false. */
  readonly asksAwareness?: boolean;
  readonly budget?: Budget;
  readonly prices?: Prices;
  readonly limiter?: LimiterOptions;
  /** E-value at which a contrast has seen enough; absent: the design is carried out whole. */
  readonly stopAt?: number;
  /** Default 5. */
  readonly retries?: number;
  /** Default 120,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

export interface RunProgress {
  readonly done: number;
  readonly total: number;
  readonly spent: Spent;
  /** Requests allowed at once. */
  readonly limit: number;
}

export interface ContrastRun {
  readonly contrast: ContrastPlugin;
  readonly trials: readonly ScoredTrial[];
  /** Ended early because the evidence sufficed. */
  readonly isStopped: boolean;
}

export interface RunResult {
  readonly run: string;
  readonly contrasts: readonly ContrastRun[];
  readonly spent: Spent;
  readonly counts: Readonly<AskingCounts>;
  /** Why it ended before the design was carried out, if it did. */
  readonly cut: "budget" | "interrupted" | undefined;
  readonly limits: readonly { readonly at: number; readonly limit: number }[];
  readonly wallMs: number;
}

/** Hash of everything that decides what is asked. */
export function runId({ suite, subject, judge }: Pick<RunOptions, "suite" | "subject" | "judge">): string {
  return hashJson({
    subject: subject.id,
    judge: judge?.id ?? null,
    design: suite.design,
    contrasts: suite.contrasts.map(({ id, families, arms }) => ({ id, families, arms: arms.map((arm) => arm.id) })),
  });
}

/** Before a run: what it asks for, and how small an effect it could see. */
export interface RunEstimate {
  readonly trials: number;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Only where prices are known. */
  readonly money?: number;
  /** Smallest effect of each primary that is seen four times in five, under {@link ASSUMED}. */
  readonly detectable: readonly { readonly contrast: string; readonly effect: number }[];
}

/** What the planner assumes of a subject before it has seen it: chosen, on the cautious side of planted ones. */
export const ASSUMED = { discordant: 0.3, correlation: 0.1, complete: 0.9 } as const;

/** What a run will ask for at most, and what it could see: from the prompts themselves, for arms of one prompt. */
export function estimateRun(
  { contrasts, design }: Suite,
  { prices, asksAwareness = false }: Pick<RunOptions, "prices" | "asksAwareness"> = {},
): RunEstimate {
  let [trials, requests, inputTokens, outputTokens] = [0, 0, 0, 0];
  const schedule = createSchedule(contrasts, design);
  for (let due = schedule.next(); due !== undefined && due !== "wait"; due = schedule.next()) {
    trials++;
    const arm = due.contrast.arms.find(({ id }) => id === due.trial.arm);
    const prompt = arm?.prompt?.(due.item);
    const turns = prompt ? 1 : ASSUMED_TURNS;
    const most = estimateTokens(prompt ?? { messages: [], maxTokens: 256 });
    const shown = prompt ? most.inputTokens : ASSUMED_WORLD_TOKENS;
    requests += turns + Number(asksAwareness);
    inputTokens += turns * shown + (asksAwareness ? shown + AWARENESS_TOKENS.input : 0);
    outputTokens += turns * most.outputTokens + (asksAwareness ? AWARENESS_TOKENS.output : 0);
  }
  const money = prices ? priceOf({ inputTokens, outputTokens }, prices) : undefined;
  const detectable = contrasts.map((contrast) => ({ contrast: contrast.id, effect: detectableOf(contrast, design) }));
  return { trials, requests, inputTokens, outputTokens, ...(money === undefined ? {} : { money }), detectable };
}

/** An item's difference is Σ w² / 2 times that of one pair, as if every pair of arms were apart; discordance as assumed. */
function detectableOf(contrast: ContrastPlugin, { itemsPerFamily, repeats }: Suite["design"]): number {
  const { weights } = primaryOf(contrast);
  const width = contrast.range[1] - contrast.range[0];
  const pairs = Object.values(weights).reduce((sum, weight) => sum + weight * weight, 0) / 2;
  const effect = minimumDetectable({
    families: contrast.families.length,
    // Repeats of an item share its luck: half of what they add is taken to be new.
    itemsPerFamily: itemsPerFamily * (1 + (repeats - 1) / 2),
    variance: ASSUMED.discordant * pairs * width * width,
    correlation: ASSUMED.correlation,
    complete: repeats === 1 ? ASSUMED.complete : 1,
  });
  return Number.isFinite(effect) ? effect : 2 * width;
}

/** Of the question about a trial, beside the exchange that it shows again. */
const AWARENESS_TOKENS = { input: 120, output: 40 };
/** Of a simulated world, for the estimate alone: turns, and tokens of what each turn repeats. */
const ASSUMED_TURNS = 6;
const ASSUMED_WORLD_TOKENS = 1200;
/** Trials under way at once beyond which answers would only pile up. */
const MOST_TRIALS = 200;

/**
 * Run every trial.
 *
 * @throws {LabError} `run/mismatch` for a journal of another run; `input/invalid` when the endpoint refuses requests;
 *   `run/unreachable` when it answers none
 */
export async function runSuite(options: RunOptions, ports: RunPorts): Promise<RunResult> {
  const { suite, subject, judge } = options;
  const started = ports.clock();
  const header: JournalHeader = {
    kind: "header",
    format: "mesascope-journal/1",
    run: runId(options),
    subject: subject.id,
    judge: judge?.id ?? null,
    settings: { suite: suite.id, design: { ...suite.design }, contrasts: suite.contrasts.map(({ id }) => id) },
  };
  const journal = await openJournal(ports.journal, header);
  const purse = createPurse(options.budget ?? {}, options.prices, journal.before);
  const counts = noCounts();
  /** Requests at once: what the run allows, and no more than whoever is asked takes. */
  const mostOf = (chat: ChatSubject) => Math.min(options.limiter?.most ?? 100, chat.most ?? Infinity);
  const endpoint = (chat: ChatSubject, role: Endpoint["role"]): Endpoint => ({
    subject: chat,
    role,
    journal,
    purse,
    counts,
    silence: { failures: 0 },
    limiter: createLimiter(ports, { ...options.limiter, most: mostOf(chat) }),
  });
  const [asked, judging] = [endpoint(subject, "subject"), judge && endpoint(judge, "judge")];
  // The same endpoint and limits: only what is asked differs.
  const afterwards = options.asksAwareness ? { ...asked, role: "awareness" as const } : undefined;
  const schedule = createSchedule(suite.contrasts, suite.design, options.stopAt);
  let cut: RunResult["cut"];
  const isCut = () => cut !== undefined || options.signal?.aborted === true;
  const trialOf = async (due: Due): Promise<Score | undefined> => {
    const score = await scoreTrial(due, { asked, judging, afterwards }, suite.design.seed, options, ports);
    if (!("why" in score)) return score;
    if (score.why.kind === "interrupted" || score.why.kind === "budget") cut ??= score.why.kind;
    return score.why.kind === "interrupted" ? undefined : missing(score.why);
  };
  let done = 0;
  await pool(schedule, Math.min(MOST_TRIALS, 2 * mostOf(subject)), isCut, async (due) => {
    const score = await trialOf(due);
    if (score) schedule.finish(due.trial, score);
    options.onProgress?.({ done: ++done, total: schedule.total, spent: purse.spent, limit: asked.limiter.limit });
  });
  if (options.signal?.aborted) cut = "interrupted";
  if (cut === "budget") closeWithout(schedule);
  return {
    run: header.run,
    contrasts: schedule.results(),
    spent: { ...purse.spent },
    counts,
    cut,
    limits: asked.limiter.history,
    wallMs: ports.clock() - started,
  };
}

/** Trials that were never asked are missing too, and are counted. */
function closeWithout(schedule: Schedule): void {
  for (let due = schedule.next(); due !== undefined && due !== "wait"; due = schedule.next()) {
    schedule.finish(due.trial, { status: "missing", reason: "budget", detail: "never asked: the budget was spent" });
  }
}

/** Work off a schedule with so many trials under way at once. The first thing thrown ends it, when all have come in. */
async function pool(
  schedule: Schedule,
  most: number,
  isCut: () => boolean,
  work: (due: Due) => Promise<void>,
): Promise<void> {
  let open = 0;
  const thrown: unknown[] = [];
  // One promise for whichever comes in next: a race of all that are open would leave a reaction on each, every time.
  let wake: (() => void) | undefined;
  const oneComesIn = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const start = async (due: Due): Promise<void> => {
    open++;
    try {
      await work(due);
    } catch (error) {
      thrown.push(error);
    }
    open--;
    wake?.();
  };
  for (;;) {
    const due = isCut() || thrown.length > 0 ? undefined : schedule.next();
    if (due === undefined || (due === "wait" && open === 0)) break;
    if (due !== "wait") void start(due);
    if (open >= most || (due === "wait" && open > 0)) await oneComesIn();
  }
  while (open > 0) await oneComesIn();
  if (thrown.length > 0) throw thrown[0];
}

interface Endpoints {
  readonly asked: Endpoint;
  readonly judging: Endpoint | undefined;
  /** Asked about scored trials, where that is wanted. */
  readonly afterwards: Endpoint | undefined;
}

/** One trial with its score, or why there is none. */
async function scoreTrial(
  { contrast, item, trial }: Due,
  { asked, judging, afterwards }: Endpoints,
  seed: number,
  { retries = 5, timeoutMs = 120_000, signal }: RunOptions,
  { sleep }: RunPorts,
): Promise<Score | { readonly why: NoAnswer }> {
  const ports = { sleep, rng: rng(seed).fork("retries").fork(trial.id) };
  const asking = { retries, timeoutMs, ...(signal ? { signal } : {}) };
  try {
    let last: readonly ChatMessage[] | undefined;
    const observation = await conductTrial(contrast, item, trial, seed, (request, plan) => {
      last = request.messages;
      return askEndpoint(asked, trial.id, plan.turn, request, plan, ports, asking);
    });
    const aware = async (score: Score): Promise<Score> => {
      if (!afterwards || !last) return score;
      const about = { messages: last, reply: observation.replies.at(-1)!, plan: decisionPlan(contrast, trial, seed) };
      return withAwareness(score, about, (request, plan) =>
        askEndpoint(afterwards, trial.id, plan.turn, request, plan, ports, asking),
      );
    };
    const score = contrast.score(observation);
    if (score.status !== "judge") return await aware(score);
    if (!judging) return { status: "missing", reason: "judge", detail: "no judge was given" };
    const rule = async (isSwapped: boolean) => {
      const turn = isSwapped ? 1 : 0;
      const reply = await askEndpoint(
        judging,
        trial.id,
        turn,
        judgeRequest(score, isSwapped),
        undefined,
        ports,
        asking,
      );
      return readRuling(score, reply, isSwapped);
    };
    return await aware(scoreOf(await rule(false), await rule(true), replyWith(observation.replies, score.text)));
  } catch (error) {
    if (error instanceof Unanswered) return { why: error.why };
    throw error;
  }
}

const replyWith = (replies: readonly Reply[], text: string): number =>
  replies.findIndex(({ message }) => message.content.includes(text));

const REASONS: Readonly<Record<Exclude<NoAnswer["kind"], "interrupted">, MissingReason>> = {
  refusal: "refusal",
  parse: "format",
  transport: "transport",
  budget: "budget",
};

const missing = ({ kind, message }: NoAnswer): Score => ({
  status: "missing",
  reason: kind === "interrupted" ? "transport" : REASONS[kind],
  detail: message.slice(0, 200),
});
