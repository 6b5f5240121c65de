/** @file In-context learners on the terminal: grown by recipe, shown as rows, and one in full. */
import { LabError } from "../core/errors.ts";
import { findInContextRecipe, inContextRecipes } from "../in-context/recipes.ts";
import type { InContextRecord } from "../in-context.ts";
import { formatEstimateWithCount, formatInterval } from "../report/numbers.ts";
import { parseSettings } from "./catalog.ts";
import type { RecipeFlags } from "./commands/grow.ts";
import type { Context } from "./context.ts";
import { openLaboratory } from "./laboratory.ts";
import { formatSeconds } from "./progress.ts";
import { shortId } from "./records.ts";
import { facts, table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** Is it the recipe of an in-context learner? */
export const isInContext = (id: string): boolean => inContextRecipes.some((recipe) => recipe.id === id);

/** Flags of `grow` that mean nothing to a learner without a world. */
const OF_AGENTS = ["frames", "envSet", "network", "networkSet", "optimizer", "optimizerSet", "threads"] as const;

/** `mesascope grow in-context-…`. @throws {LabError} `input/invalid` for options of agents */
export async function growLearnersCommand(context: Context, id: string, flags: RecipeFlags): Promise<void> {
  const given = OF_AGENTS.find((name) => flags[name] !== undefined);
  if (given !== undefined) {
    const option = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new LabError("input/invalid", `grow: ${id} answers regressions and has no world; --${option} is for agents`, {
      hint: `Its settings are set with --set key=value; "mesascope show ${id}" lists them.`,
    });
  }
  const params = parseSettings(findInContextRecipe(id), "--set", flags.set);
  const { lab, progress } = await openLaboratory(context, flags);
  const records = await lab.growLearners(
    Array.from({ length: flags.seeds }, (_, i) => lab.learnerRecipe(id, { seed: context.seed + i, params })),
  );
  progress.close();
  context.print(records, () => learnerTable(records, context.out));
}

const cosineOf = ({ curve }: InContextRecord): string => curve.at(-1)?.cosine?.toFixed(4) ?? "";

const outcome = ({ status, emergedAt }: InContextRecord): string =>
  status === "emerged" ? `emerged after ${emergedAt}` : status === "stalled" ? "stalled" : "";

/** `✓ in-context-gd  seed 3  emerged after 500, cosine 0.9982  6.1 s  3fa2…` */
export function madeLine(record: InContextRecord, { err }: Pick<Context, "err">): string {
  const { spec, status, run, trainingMs } = record;
  const mark = status === "stalled" ? err.paint.warn("stalled") : err.paint.good("✓");
  const found = [outcome(record), cosineOf(record) && `cosine ${cosineOf(record)}`].filter(Boolean).join(", ");
  return [
    `${mark} ${spec.recipe.id}  seed ${spec.seed}`,
    found,
    formatSeconds(trainingMs / 1000),
    err.paint.dim(shortId(run)),
  ]
    .filter(Boolean)
    .join("  ");
}

/** Learners as rows. */
export function learnerTable(records: readonly InContextRecord[], out: Outlet): string {
  return table(
    records,
    [
      { title: "learner", cell: ({ run }) => out.paint.bold(shortId(run)) },
      { title: "recipe", cell: ({ spec }) => spec.recipe.id },
      { title: "seed", cell: ({ spec }) => String(spec.seed), align: "right" },
      { title: "training", cell: outcome },
      { title: "cosine", cell: cosineOf, align: "right" },
      { title: "½ MSE, own tasks", cell: ({ loss }) => formatInterval(loss) },
      { title: "time", cell: ({ trainingMs }) => formatSeconds(trainingMs / 1000), align: "right" },
    ],
    out,
  );
}

/** What a list of records shows of one. */
export const summarizeLearner = (record: InContextRecord): Readonly<Record<string, string>> => ({
  recipe: record.spec.recipe.id,
  seed: String(record.spec.seed),
  training: outcome(record),
  cosine: cosineOf(record),
  "½ MSE": record.loss.mean.toFixed(4),
});

/** Everything that is stored of one, its curve as a few looks. */
export function describeLearner(record: InContextRecord, out: Outlet): string {
  const { spec, constructed, curve, loss, file, code, executor, trainingMs } = record;
  const settings = Object.entries(spec.recipe.params).map(([name, value]) => `${name}=${String(value)}`);
  const every = Math.max(1, Math.ceil(curve.length / 8));
  const looks = curve.filter((_, i) => i % every === 0 || i === curve.length - 1);
  const ending = outcome(record);
  return facts(
    [
      ["recipe", `${spec.recipe.id} ${settings.join(" ")}`],
      ["made", `This model ${constructed.sentence}.`],
      ...(constructed.algorithm === undefined
        ? []
        : [["theory", `its training ends in: ${constructed.algorithm}`] as const]),
      ["seed", String(spec.seed)],
      ["training", `${ending === "" ? "" : `${ending} updates, `}${formatSeconds(trainingMs / 1000)} on ${executor}`],
      ...(looks.length === 0
        ? []
        : [
            [
              "looks",
              looks
                .map(
                  ({ step, loss, cosine }) =>
                    `${step}: ½ MSE ${loss.toFixed(4)}${cosine === undefined ? "" : `, cosine ${cosine.toFixed(4)}`}`,
                )
                .join("\n"),
            ] as const,
          ]),
      ["½ MSE", `${formatEstimateWithCount(loss)}, on contexts of its own training tasks`],
      ["file", file],
      ["code", code],
    ],
    out,
  );
}
