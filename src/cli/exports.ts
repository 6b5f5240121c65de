/** @file Records as ONNX, safetensors, CSV and JSON. */
import { csv } from "../core/csv.ts";
import { LabError } from "../core/errors.ts";
import type { ExperimentRecord } from "../experiment.ts";
import type { InContextRecord } from "../in-context.ts";
import type { OrganismRecord } from "../organism.ts";
import { reportJson } from "../report/json.ts";
import { scoreCsv } from "../report/scoreboard.ts";
import type { ScoreboardRecord } from "../scoreboard.ts";
import type { RecordKind, RecordTypes, Store } from "../store/store.ts";
import { decodeOnnx, type SafetensorsTensor, writeSafetensors } from "../tensor/index.ts";
import type { ExportFormat } from "./commands/export.ts";
import { shortId } from "./records.ts";

export interface Exported {
  /** Suggested file name. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Which formats make sense for which records. */
const OFFERED: Readonly<Record<RecordKind, readonly ExportFormat[]>> = {
  organism: ["onnx", "safetensors", "csv", "json"],
  learner: ["safetensors", "csv", "json"],
  experiment: ["csv", "json"],
  audit: ["json"],
  "chat-audit": ["json"],
  utilities: ["json"],
  report: ["json"],
  readings: ["json"],
  scoreboard: ["csv", "json"],
};

/** @throws {LabError} `input/invalid` when the record has no such format, `store/corrupt` */
export async function exportRecord(
  store: Store,
  kind: RecordKind,
  id: string,
  format: ExportFormat,
): Promise<Exported> {
  if (!OFFERED[kind].includes(format)) {
    throw new LabError(
      "input/invalid",
      `export: ${kind} ${shortId(id)} has no such form, got --format ${format}; expected ${OFFERED[kind].join(", ")}`,
    );
  }
  const record = (await store.load(kind, id))!;
  const name = `${kind === "organism" ? (record as OrganismRecord).spec.organism.id : kind}-${shortId(id)}.${format}`;
  switch (format) {
    case "json":
      return { name, content: reportJson(record) };
    case "csv":
      return {
        name,
        content: tableOf(kind, record),
      };
    case "onnx":
      return { name, content: await policyFile(store, record as OrganismRecord) };
    case "safetensors":
      if (kind === "learner") return { name, content: await store.get((record as InContextRecord).file) };
      return {
        name,
        content: toSafetensors(await policyFile(store, record as OrganismRecord), record as OrganismRecord),
      };
  }
}

function tableOf(kind: RecordKind, record: RecordTypes[RecordKind]): string {
  if (kind === "organism") return curveCsv(record as OrganismRecord);
  if (kind === "learner") return looksCsv(record as InContextRecord);
  return kind === "scoreboard" ? scoreCsv(record as ScoreboardRecord) : rowsCsv(record as ExperimentRecord);
}

const policyFile = (store: Store, { checkpoints }: OrganismRecord): Promise<Uint8Array> =>
  store.get(checkpoints.at(-1)!.onnx);

/** The file's weights by name; graph constants that are no floats are left out. */
function toSafetensors(file: Uint8Array, { run, spec }: OrganismRecord): Uint8Array {
  const { initializers, metadata } = decodeOnnx(file);
  const tensors: Record<string, SafetensorsTensor> = {};
  for (const { name, dtype, dims, data } of initializers) {
    if (dtype === "float32") tensors[name] = { dtype: "F32", shape: dims, data: data as Float32Array };
  }
  return writeSafetensors({
    tensors,
    metadata: { ...metadata, "mesascope.run": run, "mesascope.spec": JSON.stringify(spec) },
  });
}

/** One line per update. */
function curveCsv({ curve }: OrganismRecord): string {
  return csv(
    ["frames", "episode_return", "loss", "entropy_nats"],
    curve.map(({ frames, episodeReturn, loss, entropyNats }) => [frames, episodeReturn, loss, entropyNats]),
  );
}

/** One line per look. */
function looksCsv({ curve }: InContextRecord): string {
  return csv(
    ["step", "half_mse", "cosine"],
    curve.map(({ step, loss, cosine }) => [step, loss, cosine]),
  );
}

/** One line per condition and quantity, then the values of its seeds. */
function rowsCsv({ rows }: ExperimentRecord): string {
  const seeds = Math.max(0, ...rows.flatMap(({ perSeed }) => Object.values(perSeed).map((values) => values.length)));
  return csv(
    [
      "condition",
      "x",
      "quantity",
      "mean",
      "low",
      "high",
      "n",
      "unit",
      ...Array.from({ length: seeds }, (_, i) => `seed_${i}`),
    ],
    rows.flatMap(({ condition, x, quantities, perSeed }) =>
      Object.entries(quantities).map(([quantity, { mean, low, high, n, unit }]) => [
        condition,
        x,
        quantity,
        mean,
        low,
        high,
        n,
        unit,
        ...Array.from({ length: seeds }, (_, i) => perSeed[quantity]?.[i]),
      ]),
    ),
  );
}
