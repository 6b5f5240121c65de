/**
 * @file Everything that `mesascope validate` does: words through every prompt and scorer, thousands of simulated audits
 * on every core, and whole audits through real local servers.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ContrastPlugin, Design } from "../contrast.ts";
import { CONDITIONS } from "../trials/conditions.ts";
import type { NullAuditRow } from "../trials/null-audits.ts";
import type { ValidationRow } from "../trials/validate.ts";
import { validateWords, type WordsReport } from "../trials/validate-words.ts";
import type { Context } from "./context.ts";
import type { ValidationJob } from "./validation-worker.ts";

export interface ValidationSettings {
  readonly nulls: number;
  readonly planted: number;
  readonly items: number;
  readonly families: number;
  readonly seed: number;
  /** Null audits of each contrast through HTTP; 0 for none. */
  readonly http: number;
  readonly threads?: number;
}

export interface ValidationRecord {
  readonly format: "mesascope-validation/2";
  readonly settings: ValidationSettings;
  readonly words: readonly WordsReport[];
  readonly rows: readonly ValidationRow[];
  /** One for each contrast, where null audits over HTTP were asked for. */
  readonly http: readonly NullAuditRow[];
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
  const http = settings.http > 0 ? await overHttp(context, contrasts, settings) : [];
  progress.close();
  const holds =
    words.every(({ misreadCount, firstOptionEffect }) => misreadCount === 0 && firstOptionEffect === 0) &&
    rows.every(({ passes }) => passes.falsePositives && passes.coverage && passes.power) &&
    http.every(({ passes }) => passes.falsePositives && passes.answered);
  return { format: "mesascope-validation/2", settings, words, rows, http, holds, wallMs: context.clock() - started };
}

const threadsOf = ({ threads }: ValidationSettings): number => threads ?? availableParallelism();

async function overHttp(context: Context, contrasts: readonly ContrastPlugin[], settings: ValidationSettings) {
  const { validateOverHttp } = await import("./http-validation.ts");
  return validateOverHttp(context, contrasts, {
    audits: settings.http,
    seed: settings.seed,
    threads: threadsOf(settings),
  });
}

async function simulated(
  context: Context,
  contrasts: readonly ContrastPlugin[],
  words: readonly WordsReport[],
  settings: ValidationSettings,
  design: Design,
): Promise<readonly ValidationRow[]> {
  const threads = Math.min(contrasts.length, threadsOf(settings));
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
