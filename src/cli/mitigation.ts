/** @file Before and after a mitigation, on the same seeds and the same test levels. */
import { findById, LabError } from "../core/errors.ts";
import { overSeeds } from "../core/intervals.ts";
import type { Row } from "../experiment.ts";
import { measureConditions } from "../lab/outcomes.ts";
import type { MitigationPlugin } from "../mitigation.ts";
import { mitigations } from "../mitigations/index.ts";
import { trainingSpec } from "../organism.ts";
import { parseParams } from "../plugin.ts";
import { parseSettings } from "./catalog.ts";
import type { RecipeFlags } from "./commands/grow.ts";
import type { Context } from "./context.ts";
import { openLaboratory } from "./laboratory.ts";
import { bringTask } from "./modules.ts";
import { writeSpecs } from "./specs.ts";

export interface MitigationResult {
  readonly mitigation: string;
  readonly organism: string;
  /** Without, with, and the difference paired by training seed. */
  readonly rows: readonly Row[];
  readonly cost: string;
  /** Training time with the mitigation over training time without. */
  readonly timeRatio: number;
  readonly fails: readonly string[];
}

/** Test levels of each kind, as in the full budgets of the experiments. */
const LEVELS = 4096;

/** @throws {LabError} `input/unknown-id`, `input/invalid` */
export async function measureMitigation(
  context: Context,
  organism: string,
  flags: RecipeFlags & { readonly with: string; readonly withSet?: readonly string[] },
): Promise<MitigationResult> {
  const mitigation = findById(
    "mitigation",
    mitigations as readonly unknown[] as readonly MitigationPlugin[],
    flags.with,
  );
  const params = parseParams(mitigation, parseSettings(mitigation, "--with-set", flags.withSet));
  if (flags.seeds < 2) {
    throw new LabError(
      "input/invalid",
      `mitigate: an effect needs an interval over seeds, got --seeds ${flags.seeds}; expected 2 or more`,
    );
  }
  const { id: env, modules } = await bringTask(flags.env, context.cwd);
  const wanted = writeSpecs(organism, { ...flags, env }, context.seed);
  const { lab, progress } = await openLaboratory(context, { ...flags, modules });
  const before = wanted.map(({ organism: { id, params: own }, env, recipe }) =>
    lab.recipe(id, env, { ...recipe, params: own }),
  );
  const after = before.map((spec) => trainingSpec.parse(mitigation.apply(spec, params)));
  const [without, withIt] = (await measureConditions(
    lab,
    [
      { condition: "without", specs: before },
      { condition: "with", specs: after },
    ],
    LEVELS,
    context.seed,
  )) as [Row, Row];
  const perSeed = Object.fromEntries(
    Object.keys(withIt.perSeed).map((name) => [
      name,
      withIt.perSeed[name]!.map((value, seed) => value - without.perSeed[name]![seed]!),
    ]),
  );
  const difference: Row = {
    condition: "difference",
    perSeed,
    quantities: Object.fromEntries(Object.entries(perSeed).map(([name, values]) => [name, overSeeds(values, [-1, 1])])),
  };
  const time = async (specs: typeof before) =>
    (await lab.grow(specs)).reduce((sum, { trainingMs }) => sum + trainingMs, 0);
  const timeRatio = (await time(after)) / Math.max(1, await time(before));
  progress.close();
  return {
    mitigation: mitigation.id,
    organism,
    rows: [without, withIt, difference],
    cost: mitigation.cost,
    timeRatio,
    fails: mitigation.fails,
  };
}
