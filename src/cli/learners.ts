/** @file In-context learners on the terminal: as rows, as one line when made, and one in full. */
import type { InContextRecord } from "../in-context.ts";
import { formatEstimateWithCount, formatInterval } from "../report/numbers.ts";
import type { Context } from "./context.ts";
import { formatSeconds } from "./progress.ts";
import { shortId } from "./records.ts";
import { facts, table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

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
