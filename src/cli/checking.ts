/**
 * @file A user's own detector or task against the contract that the library's own are tested with. A detector is
 * measured on the organisms that its calibration names: grown here, unless they are stored.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { DetectorPlugin } from "../detector.ts";
import { detectors } from "../detectors/index.ts";
import { envs } from "../envs/index.ts";
import { type Check, type CheckResult, runChecks } from "../lab/contract.ts";
import { detectorContract, type SubjectOf } from "../lab/contract-detector.ts";
import { envContract } from "../lab/contract-env.ts";
import { pluginContract } from "../lab/contract-plugin.ts";
import { openSubject } from "../lab/subjects.ts";
import type { OrganismRecord } from "../organism.ts";
import type { Context } from "./context.ts";
import { type LaboratoryOptions, openLaboratory } from "./laboratory.ts";
import type { Brought } from "./modules.ts";
import type { Outlet } from "./terminal.ts";

export interface Checked {
  readonly file: string;
  readonly kind: Brought["kind"] | "contrast";
  readonly id: string;
  readonly holds: boolean;
  readonly checks: readonly CheckResult[];
}

export interface CheckingOptions extends LaboratoryOptions {
  /** Of each calibration organism; the world's own budget when absent. */
  readonly frames?: number;
}

/** Run every check of a plug-in's kind. */
export async function checkPlugin(context: Context, brought: Brought, options: CheckingOptions): Promise<Checked> {
  const { kind, plugin, path } = brought;
  const checks = [
    ownId(brought),
    ...pluginContract(plugin),
    ...(kind === "environment"
      ? envContract(plugin, { usedBytes })
      : detectorContract(plugin, await specimens(context, plugin, options))),
  ];
  const progress = await context.progress({ unit: "checks" });
  const bar = progress.task(`checking ${plugin.id}`, checks.length);
  let done = 0;
  const results = await runChecks(checks, ({ title }) => bar.update(++done, title));
  bar.finish();
  progress.close();
  return {
    file: path,
    kind,
    id: plugin.id,
    holds: results.every(({ status }) => status === "passed"),
    checks: results,
  };
}

function ownId({ kind, plugin }: Brought): Check {
  const taken = kind === "detector" ? detectors : envs;
  return {
    title: "has an id of its own",
    run: () => (taken.some(({ id }) => id === plugin.id) ? [`the library has a ${kind} "${plugin.id}" already`] : []),
  };
}

/** Grown when first asked for, all at once: a description that does not hold costs no training. */
async function specimens(
  context: Context,
  { calibration }: DetectorPlugin,
  options: CheckingOptions,
): Promise<SubjectOf> {
  const names = [...new Set([...calibration.high, ...calibration.low, ...calibration.unscored])];
  let grown: Promise<readonly OrganismRecord[]> | undefined;
  const laboratory = openLaboratory(context, options);
  return async (env, organism) => {
    const { lab, store, executor, progress } = await laboratory;
    grown ??= lab
      .grow(
        names.map((name) =>
          lab.recipe(name, env, {
            seed: context.seed,
            ...(options.frames === undefined ? {} : { frames: options.frames }),
          }),
        ),
      )
      .finally(() => progress.close());
    const record = (await grown)[names.indexOf(organism)]!;
    const file = await store.get(record.checkpoints.at(-1)!.onnx);
    const { subject, world, untrained } = await openSubject(file, record.spec.task, executor, { seed: context.seed });
    return { subject, world, ...(untrained ? { untrained } : {}) };
  };
}

let collect: (() => void) | undefined;

/** Heap in use after collecting garbage. */
function usedBytes(): number {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
  return process.memoryUsage().heapUsed;
}

/** One line a check, with the reasons below those that fail. */
export function describeChecked({ file, kind, id, holds, checks }: Checked, { paint }: Outlet): string {
  const { bold, dim, good, bad } = paint;
  const lines = checks.flatMap(({ title, status, reasons }) => [
    status === "passed" ? `${good("✓")} ${title}` : `${bad("✗")} ${title}`,
    ...reasons.map((reason) => `    ${reason.replaceAll("\n", "\n    ")}`),
  ]);
  const failed = checks.filter(({ status }) => status === "failed").length;
  const verdict = holds
    ? good(`keeps its contract: ${checks.length} checks passed`)
    : bad(`breaks its contract: ${failed} of ${checks.length} checks failed`);
  return [`${bold(`${kind} ${id}`)}  ${dim(file)}`, ...lines, verdict].join("\n");
}
