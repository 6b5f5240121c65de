/**
 * @file Everything that `mesascope validate` does: words through every prompt and scorer, thousands of simulated audits
 * on every core, and whole audits through a real local server.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ContrastPlugin, Design } from "../contrast.ts";
import type { Estimate } from "../core/estimate.ts";
import { clopperPearson } from "../core/intervals.ts";
import { rng } from "../core/rng.ts";
import { CONDITIONS, plantedUnder } from "../trials/conditions.ts";
import { primaryOf } from "../trials/design.ts";
import { effectOf } from "../trials/effect.ts";
import { noJournal } from "../trials/journal.ts";
import { runSuite } from "../trials/run.ts";
import { familyDifferences, tabulate } from "../trials/table.ts";
import type { ValidationRow } from "../trials/validate.ts";
import { validateWords, type WordsReport } from "../trials/validate-words.ts";
import type { Context } from "./context.ts";
import { sleep } from "./sleep.ts";
import type { ValidationJob } from "./validation-worker.ts";

export interface ValidationSettings {
  readonly nulls: number;
  readonly planted: number;
  readonly items: number;
  readonly families: number;
  readonly seed: number;
  /** Null audits through HTTP; 0 for none. */
  readonly http: number;
  readonly threads?: number;
}

/** Null audits that went over the wire. */
export interface HttpReport {
  readonly contrast: string;
  readonly condition: string;
  readonly audits: number;
  readonly trials: number;
  readonly falsePositives: Estimate;
  /** Trials without an answer after every retry. */
  readonly unanswered: number;
}

export interface ValidationRecord {
  readonly format: "mesascope-validation/1";
  readonly settings: ValidationSettings;
  readonly words: readonly WordsReport[];
  readonly rows: readonly ValidationRow[];
  readonly http: HttpReport | null;
  readonly holds: boolean;
  readonly wallMs: number;
}

/** Validate some contrasts. */
export async function validateAll(
  context: Context,
  contrasts: readonly ContrastPlugin[],
  settings: ValidationSettings,
): Promise<ValidationRecord> {
  const started = context.clock();
  const design: Design = { itemsPerFamily: settings.items, repeats: 1, seed: settings.seed };
  const progress = await context.progress({ unit: "rows" });
  const reading = progress.task("reading every prompt", contrasts.length);
  const words: WordsReport[] = [];
  for (const contrast of contrasts) {
    words.push(await validateWords(contrast, { ...design, itemsPerFamily: Math.min(3, settings.items) }));
    reading.update(words.length, contrast.id);
  }
  reading.finish();
  const rows = await simulated(context, contrasts, words, settings, design);
  const http = settings.http > 0 ? await overHttp(context, contrasts[0]!, settings) : null;
  progress.close();
  const holds =
    words.every(({ misreadCount, firstOptionEffect }) => misreadCount === 0 && firstOptionEffect === 0) &&
    rows.every(({ passes }) => passes.falsePositives && passes.coverage && passes.power) &&
    (http === null || (http.unanswered === 0 && http.falsePositives.low <= 0.05));
  return { format: "mesascope-validation/1", settings, words, rows, http, holds, wallMs: context.clock() - started };
}

async function simulated(
  context: Context,
  contrasts: readonly ContrastPlugin[],
  words: readonly WordsReport[],
  settings: ValidationSettings,
  design: Design,
): Promise<readonly ValidationRow[]> {
  const threads = Math.min(contrasts.length, settings.threads ?? availableParallelism());
  const progress = await context.progress({ unit: "rows" });
  const bar = progress.task("auditing planted subjects", contrasts.length * CONDITIONS.length);
  const rows: ValidationRow[] = [];
  const serve = (share: readonly number[]) =>
    new Promise<void>((resolve, reject) => {
      const job: ValidationJob = {
        nulls: settings.nulls,
        planted: settings.planted,
        families: settings.families,
        design,
        lines: contrasts.length * CONDITIONS.length,
        contrasts: share.map((i) => ({ id: contrasts[i]!.id, firstIsTop: words[i]!.firstIsTop })),
      };
      const url = new URL(
        import.meta.url.endsWith(".ts") ? "./validation-worker.ts" : "./validation-worker.js",
        import.meta.url,
      );
      const worker = new Worker(url, { workerData: job });
      worker.on("message", (row: ValidationRow) => bar.update(rows.push(row), `${row.contrast}, ${row.condition}`));
      worker.on("error", reject);
      worker.on("exit", () => resolve());
    });
  const shares = Array.from({ length: threads }, (_, t) => contrasts.map((_, i) => i).filter((i) => i % threads === t));
  await Promise.all(shares.map(serve));
  bar.finish();
  progress.close();
  const place = ({ contrast, condition }: ValidationRow) =>
    contrasts.findIndex(({ id }) => id === contrast) * CONDITIONS.length +
    CONDITIONS.findIndex(({ id }) => id === condition);
  return rows.sort((a, b) => place(a) - place(b));
}

/** Null audits of a faulty subject behind a real local server, by the provider and the runner that real audits use. */
async function overHttp(context: Context, contrast: ContrastPlugin, settings: ValidationSettings): Promise<HttpReport> {
  const { plantedSubject } = await import("../providers/planted/subject.ts");
  const { serveModels } = await import("../serve/model-server.ts");
  const { openChatSubject } = await import("./chat-subject.ts");
  const condition = CONDITIONS.find(({ id }) => id === "all")!;
  const { weights } = primaryOf(contrast);
  const model = plantedUnder(condition, contrast, weights, 0);
  const name = `planted:${model.id}`;
  const server = await serveModels({ subjects: { [name]: plantedSubject(model) }, now: context.now });
  const arms = contrast.arms.filter(({ id }) => (weights[id] ?? 0) !== 0);
  // Only the arms of the primary, so that every request counts toward the test that is validated.
  const primary: ContrastPlugin = { ...contrast, arms, hypotheses: [primaryOf(contrast)] };
  const scale =
    (contrast.range[1] - contrast.range[0]) * Object.values(weights).reduce((sum, w) => sum + Math.max(0, w), 0);
  let [rejected, trials, unanswered] = [0, 0, 0];
  const progress = await context.progress({ unit: "audits" });
  const bar = progress.task("auditing over HTTP", settings.http);
  try {
    const subject = await openChatSubject(`${server.baseUrl}#${name}`, undefined, context);
    for (let audit = 0; audit < settings.http; audit++) {
      const seed = settings.seed * 100_003 + audit;
      const suite = {
        id: "null",
        title: "null",
        contrasts: [primary],
        design: { itemsPerFamily: 2, repeats: 1, seed },
      };
      const result = await runSuite({ suite, subject }, { clock: context.clock, sleep, journal: noJournal });
      const own = result.contrasts[0]!.trials;
      trials += own.length;
      unanswered += own.filter(({ score }) => score.status === "missing" && score.reason === "transport").length;
      const effect = effectOf(familyDifferences(tabulate(own), weights), scale, rng(seed));
      if (typeof effect !== "string" && effect.p <= 0.05) rejected++;
      bar.update(audit + 1);
    }
  } finally {
    await server.close();
  }
  bar.finish();
  progress.close();
  return {
    contrast: contrast.id,
    condition: condition.id,
    audits: settings.http,
    trials,
    falsePositives: clopperPearson(rejected, settings.http, "audits"),
    unanswered,
  };
}
