/**
 * @file What the user names as a subject: a recorded organism by its run, an agent
 * that ships, or an ONNX file with the task it plays.
 */
import { LabError } from "../core/errors.ts";
import { envs } from "../envs/index.ts";
import { findEnv, sourceOf } from "../lab/registry.ts";
import type { Checkpoint, OrganismRecord } from "../organism.ts";
import type { PolicyDeclaration } from "../policy/interface.ts";
import type { LogFormat } from "../policy/log-file.ts";
import { parquetAsJsonLines } from "../policy/parquet.ts";
import type { Store } from "../store/store.ts";
import type { TaskSpec } from "../task.ts";
import { outlineOnnx, readPolicyMetadata } from "../tensor/index.ts";
import { parseSettings } from "./catalog.ts";
import { readInput } from "./inputs.ts";
import { isPrebuilt, takePrebuilt } from "./prebuilt.ts";
import { findRecord } from "./records.ts";

export interface SubjectFlags {
  readonly task?: string;
  readonly taskSet?: readonly string[];
  readonly layout?: "flat" | "NCHW" | "NHWC";
  readonly planes?: string;
  readonly actions?: string;
  readonly input?: string;
  readonly output?: string;
  readonly scores?: "logits" | "probabilities";
}

export interface NamedSubject {
  readonly bytes: Uint8Array;
  /** Present where the bytes are a log of decisions, and not a policy. */
  readonly log?: LogFormat;
  readonly task: TaskSpec;
  readonly declared: PolicyDeclaration;
  /** For file names and messages. */
  readonly label: string;
  /** As the command that runs it again names it. */
  readonly address: string;
  /** What is recorded of its making, for grading after the audit; the audit never sees it. */
  readonly organism?: OrganismRecord;
}

/** Everything but the file itself: names of planes and actions, layout, tensors. */
function declaration({ layout, planes, actions, input, output, scores }: SubjectFlags): PolicyDeclaration {
  const names = (list: string) => list.split(",").map((name) => name.trim());
  return {
    ...(layout === undefined ? {} : { layout }),
    ...(planes === undefined ? {} : { planes: names(planes) }),
    ...(actions === undefined ? {} : { actions: names(actions) }),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(scores === undefined ? {} : { scores }),
  };
}

/**
 * @param broughtTask id of the environment that the user's own file defines, where `--task` named one
 * @throws {LabError} `input/unknown-id`, `input/invalid`, `onnx/malformed`, `store/corrupt`
 */
export async function nameSubject(
  text: string,
  flags: SubjectFlags,
  store: Store,
  broughtTask?: string,
): Promise<NamedSubject> {
  if (/\.onnx$/i.test(text)) return fromFile(text, flags);
  if (/\.(csv|jsonl|ndjson|parquet)$/i.test(text)) return fromLog(text, flags);
  if (!isPrebuilt(text) && /[/\\]|\.\w+$/.test(text)) {
    throw new LabError(
      "input/invalid",
      `audit: the file is not of a known kind, got "${text}"; expected a name that ends in .onnx, .csv or .jsonl`,
      { hint: "Export the policy as ONNX, or log its decisions, and give the file that ending." },
    );
  }
  // An agent that ships is a run in a store of its own.
  const taken = isPrebuilt(text) ? await takePrebuilt(text) : undefined;
  const from = taken?.store ?? store;
  const [run = "", at] = taken ? [taken.run] : text.split("@");
  const { id, record } = await findRecord(from, "organism", run);
  const declared = declaration(flags);
  // A run in a world of the user's own needs the file that defines it, and no other task.
  const isOwnTask = flags.task === undefined || (flags.task === broughtTask && flags.task === record.spec.task.env);
  if (!isOwnTask || flags.taskSet !== undefined || Object.keys(declared).length > 0) {
    throw new LabError(
      "input/invalid",
      `audit: run ${text} records its own task, ${record.spec.task.env}; --task, --task-set and the layout options are for files`,
    );
  }
  const checkpoint = checkpointAt(record, at, text);
  const isWhole = checkpoint === record.checkpoints.at(-1);
  return {
    bytes: await from.get(checkpoint.onnx),
    task: record.spec.task,
    declared: {},
    label: taken?.name.replace("/", "-") ?? (isWhole ? id.slice(0, 10) : `${id.slice(0, 10)}@${checkpoint.frames}`),
    address: taken || !isWhole ? text : id.slice(0, 12),
    // The truth on record is that of the organism in the end, and not of what it was on the way.
    ...(isWhole ? { organism: record } : {}),
  };
}

/** The organism as it was after so many frames; as it is in the end unless asked otherwise. */
function checkpointAt({ checkpoints }: OrganismRecord, at: string | undefined, text: string): Checkpoint {
  const found = at === undefined ? checkpoints.at(-1) : checkpoints.find(({ frames }) => String(frames) === at);
  if (found) return found;
  const kept = checkpoints.map(({ frames }) => frames).join(", ");
  throw new LabError(
    "input/unknown-id",
    `audit: no weights were kept at that many frames, got "${text}"; expected one of ${kept} after the @`,
  );
}

async function fromFile(path: string, flags: SubjectFlags): Promise<NamedSubject> {
  const bytes = await readInput(path);
  const label = path.replace(/^.*[/\\]/, "").replace(/\.onnx$/i, "");
  return { bytes, task: taskOf(bytes, flags), declared: declaration(flags), label, address: path };
}

/** @throws {LabError} `input/invalid` */
async function fromLog(path: string, flags: SubjectFlags): Promise<NamedSubject> {
  const declared = declaration(flags);
  if (Object.keys(declared).length > 0) {
    throw new LabError(
      "input/invalid",
      `audit: "${path}" is a log; ${Object.keys(declared)
        .map((name) => `--${name}`)
        .join(", ")} are for ONNX files`,
    );
  }
  if (flags.task === undefined) {
    throw new LabError("input/invalid", "audit: a log does not say which task was played; expected --task", {
      hint: `Name its world: --task ${envs.map((env) => env.id).join(" | ")} | ./my-task.ts, with --task-set for parameters.`,
    });
  }
  const label = path.replace(/^.*[/\\]/, "").replace(/\.\w+$/, "");
  const log = /\.csv$/i.test(path) ? "csv" : "jsonl";
  const given = await readInput(path);
  const bytes = /\.parquet$/i.test(path) ? await parquetAsJsonLines(given) : given;
  return { bytes, log, task: taskOf(undefined, flags), declared, label, address: path };
}

/** The task that the user declares, else the one that the file was made for, whose parameters hold wherever its world is named. */
function taskOf(bytes: Uint8Array | undefined, { task, taskSet }: SubjectFlags): TaskSpec {
  const made = bytes && readPolicyMetadata(outlineOnnx(bytes))?.task;
  const id = task ?? made?.env;
  const own = made?.env === id ? made : undefined;
  if (id === undefined) {
    throw new LabError("input/invalid", "audit: the file does not say which task it plays; expected --task", {
      hint: `Name its world: --task ${envs.map((env) => env.id).join(" | ")} | ./my-task.ts, with --task-set for parameters.`,
    });
  }
  const env = findEnv(id);
  return { env: env.id, params: { ...own?.params, ...parseSettings(env, "--task-set", taskSet) }, ...sourceOf(env.id) };
}
