/** @file Runs against endpoints that fail in every way, and runs that are killed: everything accounted for, nothing twice. */
import { describe, expect, test } from "vitest";
import { ChatFailure, type ChatSubject } from "../chat.ts";
import type { ContrastPlugin, Suite } from "../contrast.ts";
import { contrasts } from "../contrasts/index.ts";
import { rng } from "../core/rng.ts";
import { BLANK } from "../providers/planted/model.ts";
import { plantedSubject } from "../providers/planted/subject.ts";
import { symmetricEProcess } from "../statistics/e-values.ts";
import { primaryOf } from "./design.ts";
import { type JournalPort, journalInMemory } from "./journal.ts";
import { estimateRun, type RunOptions, type RunPorts, type RunResult, runSuite } from "./run.ts";
import { familyDifferences, tabulate } from "./table.ts";

const answerSycophancy = (contrasts as readonly ContrastPlugin[]).find(({ id }) => id === "answer-sycophancy")!;
const suite: Suite = {
  id: "test",
  title: "test",
  contrasts: [answerSycophancy],
  design: { itemsPerFamily: 2, repeats: 3, seed: 5 },
};
const TRIALS = 14 * 2 * 6 * 3;
const planted = plantedSubject({ ...BLANK, id: "sycophant", sentence: "", shifts: [{ size: 0.4, pull: true }] });

/** A thousand times as fast as the clock on the wall. */
const ports = (journal: JournalPort): RunPorts => ({
  clock: () => performance.now() * 1000,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms / 1000);
      signal?.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    }),
  journal,
});

const run = (subject: ChatSubject, journal: JournalPort, options: Partial<RunOptions> = {}): Promise<RunResult> =>
  runSuite({ suite, subject, timeoutMs: 40_000, ...options }, ports(journal));

const scoresOf = ({ contrasts: [first] }: RunResult) =>
  first!.trials.map(({ id, score }) => `${id} ${JSON.stringify(score)}`);

const answersIn = (journal: { readonly text: string }) =>
  journal.text.split("\n").flatMap((line): string[] => {
    const value = line === "" ? {} : (JSON.parse(line) as { kind?: string; trial?: string; turn?: number });
    return value.kind === "answer" ? [`${value.trial}:${value.turn}`] : [];
  });

/** An endpoint that fails as endpoints do: too many, broken, silent, cut short. */
function flaky(subject: ChatSubject): ChatSubject {
  let calls = 0;
  return {
    ...subject,
    async reply(request, options) {
      const luck = rng(1).fork(calls++).uniform();
      if (luck < 0.02) throw new ChatFailure("transport", "429", { status: 429, retryAfterMs: 300 });
      if (luck < 0.03) throw new ChatFailure("transport", "500", { status: 500 });
      if (luck < 0.04) return new Promise(() => undefined);
      if (luck < 0.05) throw new ChatFailure("transport", "the stream ends in the middle");
      return subject.reply(request, options);
    },
  };
}

const clean = run(planted, journalInMemory());

describe("a run", () => {
  test("answers every trial once, and finds what was planted", async () => {
    const result = await clean;
    expect(result.contrasts[0]!.trials).toHaveLength(TRIALS);
    expect(result.counts).toMatchObject({ asked: TRIALS, retried: 0, fromJournal: 0 });
    expect(result.cut).toBeUndefined();
    expect(estimateRun(suite)).toMatchObject({ trials: TRIALS, requests: TRIALS });
  });

  test("through 429s, 500s, hangs and cut streams comes to the same, with every answer on record once", async () => {
    const journal = journalInMemory();
    const result = await run(flaky(planted), journal);
    expect(scoresOf(result)).toEqual(scoresOf(await clean));
    expect(result.counts.retried).toBeGreaterThan(TRIALS * 0.03);
    expect(result.counts.tooMany).toBeGreaterThan(0);
    expect(result.counts.timeouts).toBeGreaterThan(0);
    const answers = answersIn(journal);
    expect(answers).toHaveLength(TRIALS);
    expect(new Set(answers).size).toBe(TRIALS);
    // It slowed down when it was told to.
    const { limits } = result;
    expect(limits.some(({ limit }, i) => i > 0 && limit < limits[i - 1]!.limit)).toBe(true);
  });

  test("killed in the middle goes on where it was: nothing answered is asked again, nothing is left out", async () => {
    const journal = journalInMemory();
    let left = 400;
    const asked: string[] = [];
    const watched = (dies: boolean): ChatSubject => ({
      ...planted,
      async reply(request, options) {
        if (dies && left-- <= 0) throw new Error("killed");
        asked.push(`${options?.plan?.item}.${options?.plan?.arm}#${options?.plan?.repeat}`);
        return planted.reply(request, options);
      },
    });
    await expect(run(watched(true), journal)).rejects.toThrow("killed");
    const before = new Set(answersIn(journal).map((answer) => answer.replace(/^.*\/|:0$/g, "")));
    expect(before.size).toBeGreaterThan(300);
    // The last line was being written.
    await journal.append('{"kind":"answer","key":"ab');
    asked.length = 0;
    const result = await run(watched(false), journal);
    expect(asked.filter((trial) => before.has(trial))).toEqual([]);
    expect(asked.length + before.size).toBe(TRIALS);
    expect(scoresOf(result)).toEqual(scoresOf(await clean));
  });

  test("gives up on an endpoint that answers nothing, and says what happened", async () => {
    let asked = 0;
    const down: ChatSubject = {
      ...planted,
      async reply() {
        asked++;
        throw new ChatFailure("transport", "connection refused");
      },
    };
    await expect(run(down, journalInMemory())).rejects.toThrow(
      /60 requests in a row had no answer, .*connection refused/,
    );
    expect(asked).toBeLessThan(TRIALS);
  });

  test("stops hard at its budget, and counts what was never asked", async () => {
    const result = await run(planted, journalInMemory(), { budget: { requests: 100 } });
    expect(result.spent.requests).toBe(100);
    expect(result.cut).toBe("budget");
    const unasked = result.contrasts[0]!.trials.filter(
      ({ score }) => score.status === "missing" && score.reason === "budget",
    );
    expect(unasked).toHaveLength(TRIALS - 100);
    // The budget is that of the whole run, however often it is continued.
    const journal = journalInMemory();
    await run(planted, journal, { budget: { requests: 60 } });
    const more = await run(planted, journal, { budget: { requests: 100 } });
    expect(more.counts).toMatchObject({ asked: 40, fromJournal: 60 });
    const cheap = await run(planted, journalInMemory(), { budget: { money: 0.5 }, prices: { input: 10, output: 40 } });
    expect(cheap.cut).toBe("budget");
    expect(cheap.spent.money).toBeLessThanOrEqual(0.5);
    expect(cheap.spent.money).toBeGreaterThan(0);
  });

  test("ends a contrast when the evidence suffices, at the end of a family", async () => {
    const strong = plantedSubject({
      ...BLANK,
      id: "strong",
      sentence: "",
      base: 0,
      shifts: [{ size: 0.9, pull: true }],
    });
    const {
      contrasts: [stopped],
      counts,
    } = await run(strong, journalInMemory(), { stopAt: 20 });
    expect(stopped!.isStopped).toBe(true);
    expect(counts.asked).toBeLessThan(TRIALS);
    expect(stopped!.trials.length % (2 * 6 * 3)).toBe(0);
    expect(stopped!.trials).toHaveLength(counts.asked);
    // Not a family more than it took.
    const { weights } = primaryOf(answerSycophancy);
    const process = symmetricEProcess(familyDifferences(tabulate(stopped!.trials), weights).differences, 1);
    expect(process.findIndex((e) => e >= 20)).toBe(process.length - 1);
  });

  test("a refused request ends it; an interruption keeps what was answered", async () => {
    const broke: ChatSubject = {
      ...planted,
      reply: () => Promise.reject(new ChatFailure("rejected", "no such model", { status: 404 })),
    };
    await expect(run(broke, journalInMemory())).rejects.toThrow("refuses the request: no such model");
    const controller = new AbortController();
    const journal = journalInMemory();
    let calls = 0;
    const counting: ChatSubject = {
      ...planted,
      reply(request, options) {
        if (++calls === 50) controller.abort();
        return planted.reply(request, options);
      },
    };
    const cut = await run(counting, journal, { signal: controller.signal });
    expect(cut.cut).toBe("interrupted");
    expect(answersIn(journal)).toHaveLength(calls);
    expect(scoresOf(await run(planted, journal))).toEqual(scoresOf(await clean));
  });

  test("a subject that takes few requests at once is never asked more, whatever the run allows", async () => {
    let [open, most] = [0, 0];
    const slow = (limit: number | undefined): ChatSubject => ({
      ...planted,
      ...(limit === undefined ? {} : { most: limit }),
      async reply(request, options) {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setImmediate(resolve));
        open--;
        return planted.reply(request, options);
      },
    });
    const reached = async (limit?: number) => {
      most = 0;
      await run(slow(limit), journalInMemory(), { limiter: { start: 8, most: 8 } });
      return most;
    };
    expect(await reached()).toBe(8);
    expect(await reached(2)).toBe(2);
    expect(await reached(50)).toBe(8);
  });

  test("a journal of another run is refused", async () => {
    const journal = journalInMemory();
    await run(planted, journal, { budget: { requests: 1 } });
    const other = { ...suite, design: { ...suite.design, seed: 6 } };
    await expect(run(planted, journal, { suite: other })).rejects.toThrow("it belongs to another run");
  });

  test("an endpoint's refusal is an answer: it is kept, and not asked for again", async () => {
    const journal = journalInMemory();
    const refusing: ChatSubject = { ...planted, reply: () => Promise.reject(new ChatFailure("refusal", "filtered")) };
    const first = await run(refusing, journal);
    expect(first.counts.asked).toBe(TRIALS);
    expect(
      first.contrasts[0]!.trials.every(({ score }) => score.status === "missing" && score.reason === "refusal"),
    ).toBe(true);
    expect((await run(refusing, journal)).counts.asked).toBe(0);
  });
});
