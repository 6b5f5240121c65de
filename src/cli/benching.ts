/** @file The bench as the command line runs it: zoo, threads, progress, and the files that it leaves. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { REGIMES } from "../audit/regime.ts";
import { findById, LabError } from "../core/errors.ts";
import { ownLane, threadLane } from "../lab/pool-bench.ts";
import { runBench } from "../lab/scoreboard/bench.ts";
import { scoreDiscovery } from "../lab/scoreboard/discovery.ts";
import type { BenchInstrument } from "../lab/scoreboard/measure.ts";
import { type ScoredAgent, scoreAll } from "../lab/scoreboard/score.ts";
import { composition } from "../lab/zoo-composition.ts";
import { parseParams } from "../plugin.ts";
import { reportJson } from "../report/json.ts";
import { scoreboardHtml, scoreboardMarkdown, scoreCsv, scoreFigures } from "../report/scoreboard.ts";
import { standaloneSvg } from "../report/standalone.ts";
import type { ScoreboardRecord } from "../scoreboard.ts";
import type { BenchFlags } from "./commands/bench.ts";
import type { Context } from "./context.ts";
import { chooseDetectors } from "./instruments.ts";
import { openLaboratory } from "./laboratory.ts";
import { loadDetectors } from "./modules.ts";
import { writeFiles } from "./outputs.ts";
import { growZoo } from "./zoo.ts";

/** Where the scoreboard lies that audits are calibrated with. */
const SCOREBOARD = "docs/scoreboard";

export async function benchZoo(
  context: Context,
  flags: BenchFlags,
): Promise<{ readonly record: ScoreboardRecord; readonly files: readonly string[] }> {
  const regimes = flags.regimes?.split(",").map((id) => findById("regime", REGIMES, id.trim()).id);
  const laboratory = await openLaboratory(context, flags);
  const { store, executor, code } = laboratory;
  const { instruments, modules } = await chooseInstruments(context, flags, code);

  const { agents: chosen } = await growZoo(context, flags, laboratory);
  const { bold, dim } = context.err.paint;
  const bars = await context.progress({ unit: "readings" });
  const signal = context.interruptible();
  let task: ReturnType<typeof bars.task> | undefined;
  const threads = Math.min(flags.threads ?? availableParallelism(), chosen.length);
  const kernels = executor.id === "native" ? "native" : "wasm";
  const lanes =
    threads > 1
      ? Array.from({ length: threads }, () => threadLane({ executor: kernels, modules }))
      : [{ lane: ownLane(executor, context.clock), close: async () => undefined }];
  const scored = await runBench(chosen, instruments, {
    store,
    seed: context.seed,
    signal,
    lanes: lanes.map(({ lane }) => lane),
    ...(regimes ? { regimes } : {}),
    ...(flags.anyCode ? { isAnyCode: true } : {}),
    onPlan(kept, total) {
      bars.note(bold(`${total} readings of ${chosen.length} agents, ${kept} of them kept`));
      if (kept < total) task = bars.task("readings", total, kept);
    },
    onReading({ done, reading, world, regime }) {
      task?.update(done, `${world}, ${regime}: ${reading.detector}`);
      if (reading.hasFailed && reading.reading.status === "unscored") {
        bars.note(
          `${context.err.paint.warn("failed:")} ${reading.detector} on ${world}, ${regime}: ${dim(reading.reading.reason)}`,
        );
      }
    },
  }).finally(() => Promise.all(lanes.map(({ close }) => close())));
  task?.finish();
  bars.close();
  if (signal.aborted) {
    throw new LabError("run/interrupted", "bench: stopped; every reading so far is kept", {
      hint: "Run the same command again to continue from here.",
    });
  }

  const detectors = instruments.map(({ detector }) => detector);
  const record: ScoreboardRecord = {
    format: "mesascope-scoreboard/1",
    code,
    readBy: versionsOf(scored),
    seed: context.seed,
    executor: executor.id,
    composition: composition(chosen),
    ...scoreAll(scored, detectors, { seed: context.seed, code }),
    discovery: scoreDiscovery(scored, detectors),
  };
  await store.save("scoreboard", `seed-${context.seed}`, record);
  const files = await writeScoreboard(record, join(flags.out, `scoreboard-seed-${context.seed}`));
  if (flags.write !== undefined)
    files.push(...(await keepScoreboard(record, flags.write === true ? SCOREBOARD : flags.write)));
  return { record, files };
}

/** Our detectors, and those of the user's own, each with the version of its code. */
async function chooseInstruments(
  context: Context,
  flags: BenchFlags,
  code: string,
): Promise<{
  readonly instruments: readonly BenchInstrument[];
  readonly modules: readonly { readonly path: string; readonly id: string }[];
}> {
  const ours = chooseDetectors(flags.detectors).map((detector) => ({ detector, params: parseParams(detector), code }));
  const brought = await loadDetectors(flags.with, context.cwd);
  const own = brought.map(({ plugin, hash }) => ({
    detector: plugin,
    params: parseParams(plugin),
    code: `${code} ${hash}`,
  }));
  return {
    instruments: [...ours, ...own],
    modules: brought.map(({ path, plugin }) => ({ path, id: plugin.id })),
  };
}

/** Versions of the code that took readings, each once. */
function versionsOf(agents: readonly ScoredAgent[]): string[] {
  const all = agents.flatMap(({ readings }) => Object.values(readings).flatMap((own) => own.map(({ code }) => code)));
  return [...new Set(all)].sort();
}

const commandOf = ({ seed }: ScoreboardRecord) => `mesascope bench --seed ${seed}`;

/** Page, tables and record, beside each other. */
function writeScoreboard(record: ScoreboardRecord, base: string): Promise<string[]> {
  return writeFiles({
    [`${base}.html`]: scoreboardHtml(record, commandOf(record)),
    [`${base}.md`]: scoreboardMarkdown(record, commandOf(record)),
    [`${base}.csv`]: scoreCsv(record),
    [`${base}.json`]: reportJson(record),
  });
}

/** What ships with the repository: tables, figures, and the calibration that audits use. */
function keepScoreboard(record: ScoreboardRecord, folder: string): Promise<string[]> {
  const figures = scoreFigures(record.rows).flatMap(({ drawings }, i) =>
    drawings.map(({ svg }) => [join(folder, `scores-${i + 1}.svg`), standaloneSvg(svg)] as const),
  );
  return writeFiles({
    [join(folder, "README.md")]: scoreboardMarkdown(record, commandOf(record)),
    [join(folder, "scoreboard.csv")]: scoreCsv(record),
    [join(folder, "calibration.json")]: reportJson(record.calibration),
    ...Object.fromEntries(figures),
  });
}
