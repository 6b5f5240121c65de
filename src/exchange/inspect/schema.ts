/**
 * @file The shape of an Inspect log (version 2), as far as a writer must fill it and a reader relies on it: which
 * members exist, in which order a file holds them, and what stands where an older file has none.
 *
 * Members that are not named here pass through unchanged, because a log is somebody else's record: what we do not
 * understand we keep. Order matters, since Inspect reads logs as streams.
 *
 * Source: inspect_ai, `src/inspect_ai/log/_log.py` and `_view/inspect-openapi.json` (MIT).
 */
import { z } from "zod";
import type { PythonJson } from "./python-json.ts";

/** A double, NaN and the infinities included: an unscored sample is NaN, which is not the same as absent. */
const number = z.custom<number>((value) => typeof value === "number" || typeof value === "bigint", "expected a number");
const integer = z.custom<number>(
  (value) => Number.isInteger(value) || typeof value === "bigint",
  "expected a whole number",
);
const json = z.custom<PythonJson>(() => true);
const record = z.record(z.string(), json);
const text = z.string();
const records = () => record.default({});
const lists = <T extends z.ZodType>(item: T) => z.array(item).default([]);

const usage = z.looseObject({
  input_tokens: integer.default(0),
  output_tokens: integer.default(0),
  total_tokens: integer.default(0),
  input_tokens_cache_write: integer.nullish(),
  input_tokens_cache_read: integer.nullish(),
  reasoning_tokens: integer.nullish(),
  total_cost: number.nullish(),
});
const usages = z.record(z.string(), usage).default({});

const failure = z.looseObject({ message: text, traceback: text.default(""), traceback_ansi: text.default("") });

const scalar = z.union([text, number, z.boolean()], "expected text, a number or a boolean");
const scoreValue = z.custom<Score["value"]>(
  (value) =>
    isScalar(value) ||
    (Array.isArray(value) && value.every(isScalar)) ||
    (typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((each) => each === null || isScalar(each))),
  "expected text, a number, a boolean, or a flat list or object of these",
);
const isScalar = (value: unknown): boolean => scalar.safeParse(value).success;

/** One score of one sample. A sample that could not be scored has the value NaN. */
export interface Score {
  readonly value:
    | string
    | number
    | boolean
    | readonly (string | number | boolean)[]
    | { readonly [key: string]: string | number | boolean | null };
  readonly answer?: string | null | undefined;
  readonly explanation?: string | null | undefined;
  readonly metadata?: { readonly [key: string]: unknown } | null | undefined;
}

const score = z.looseObject({
  value: scoreValue,
  answer: text.nullish(),
  explanation: text.nullish(),
  metadata: record.nullish(),
  history: lists(json),
});

const content = z.union(
  [text, z.array(z.looseObject({ type: text }))],
  "expected text, or a list of parts that each name their type",
);
const toolCall = z.looseObject({
  id: text,
  function: text,
  arguments: record,
  parse_error: text.nullish(),
  type: text.default("function"),
});
const toolCallError = z.looseObject({ type: text, message: text });
const heading = { id: text.nullish(), content };
const origin = { source: text.nullish(), metadata: record.nullish() };
const message = z.discriminatedUnion(
  "role",
  [
    z.looseObject({ ...heading, ...origin, role: z.literal("system") }),
    z.looseObject({ ...heading, ...origin, role: z.literal("user") }),
    z.looseObject({
      ...heading,
      ...origin,
      role: z.literal("assistant"),
      tool_calls: z.array(toolCall).nullish(),
      model: text.nullish(),
    }),
    z.looseObject({
      ...heading,
      ...origin,
      role: z.literal("tool"),
      tool_call_id: text.nullish(),
      function: text.nullish(),
      error: toolCallError.nullish(),
    }),
  ],
  "expected a role: system, user, assistant or tool",
);

const output = z.looseObject({
  model: text.default(""),
  choices: lists(
    z.looseObject({
      message: z.looseObject({
        ...heading,
        ...origin,
        role: text.default("assistant"),
        tool_calls: z.array(toolCall).nullish(),
        model: text.nullish(),
      }),
      stop_reason: text.default("unknown"),
    }),
  ),
  completion: text.default(""),
  usage: usage.nullish(),
  time: number.nullish(),
  error: text.nullish(),
});

const event = z.looseObject({
  uuid: text.nullish(),
  span_id: text.nullish(),
  timestamp: text.default(""),
  working_start: number.default(0),
  metadata: record.nullish(),
  event: text,
});

const sample = z.looseObject({
  id: z.union([text, integer], "expected text or a whole number"),
  epoch: integer,
  input: z.union([text, z.array(message)], "expected text or a list of messages"),
  choices: z.array(text).nullish(),
  target: z.union([text, z.array(text)], "expected text or a list of texts"),
  sandbox: json.optional(),
  files: z.array(text).nullish(),
  setup: text.nullish(),
  messages: lists(message),
  output: output.prefault({}),
  scores: z.record(z.string(), score).nullish(),
  metadata: records(),
  store: records(),
  events: lists(event),
  model_usage: usages,
  role_usage: usages,
  started_at: text.nullish(),
  completed_at: text.nullish(),
  total_time: number.nullish(),
  working_time: number.nullish(),
  uuid: text.nullish(),
  error: failure.nullish(),
  error_retries: z.array(failure).nullish(),
  attachments: z.record(z.string(), text).default({}),
});

const metric = z.looseObject({ name: text, value: number, params: records() });
const results = z.looseObject({
  total_samples: integer.default(0),
  completed_samples: integer.default(0),
  scores: lists(
    z.looseObject({
      name: text,
      scorer: text,
      reducer: text.nullish(),
      scored_samples: integer.nullish(),
      unscored_samples: integer.nullish(),
      params: records(),
      metrics: z.record(z.string(), metric).default({}),
      metadata: record.nullish(),
    }),
  ),
});

const evalSpec = z.looseObject({
  eval_set_id: text.nullish(),
  eval_id: text,
  run_id: text.default(""),
  created: text,
  task: text,
  task_id: text.default(""),
  task_version: z.union([integer, text], "expected text or a whole number").default(0),
  task_file: text.nullish(),
  task_attribs: records(),
  task_args: records(),
  task_args_passed: records(),
  tags: z.array(text).nullish(),
  dataset: z.looseObject({
    name: text.nullish(),
    location: text.nullish(),
    samples: integer.nullish(),
    sample_ids: z.array(z.union([text, integer])).nullish(),
    shuffled: z.boolean().nullish(),
  }),
  model: text,
  model_generate_config: records(),
  model_base_url: text.nullish(),
  model_args: records(),
  config: records(),
  revision: z.looseObject({ type: text, origin: text, commit: text }).nullish(),
  packages: z.record(z.string(), text).default({}),
  metadata: record.nullish(),
});

const plan = z.looseObject({
  name: text.default("plan"),
  steps: lists(z.looseObject({ solver: text, params: records(), params_passed: records() })),
  finish: z.looseObject({ solver: text, params: records(), params_passed: records() }).nullish(),
  config: records(),
});

const stats = z.looseObject({
  started_at: text.default(""),
  completed_at: text.default(""),
  model_usage: usages,
  role_usage: usages,
  connection_limit_history: lists(json),
});

const reduction = z.looseObject({
  scorer: text,
  reducer: text.nullish(),
  samples: z.array(
    z.looseObject({
      value: scoreValue,
      answer: text.nullish(),
      explanation: text.nullish(),
      metadata: record.nullish(),
      history: lists(json),
      sample_id: z.union([text, integer]).nullish(),
    }),
  ),
});

/** One sample: one item in one epoch. */
export const sampleSchema = sample;

/** Everything but the samples: what `header.json` of an `.eval` file holds. */
const header = {
  version: integer.default(2),
  status: z.enum(["started", "success", "cancelled", "error"]).default("started"),
  eval: evalSpec,
  plan: plan.prefault({}),
  results: results.nullish(),
  stats: stats.prefault({}),
  error: failure.nullish(),
  invalidated: z.boolean().default(false),
  log_updates: z.array(json).nullish(),
  config_updates: z.array(json).nullish(),
  tags: lists(text),
  metadata: records(),
};

/** A whole log, its members in the order a file must have. */
export const logSchema = z.looseObject({
  ...header,
  samples: z.array(sample).nullish(),
  reductions: z.array(reduction).nullish(),
});

/** A log in memory: version 2, older forms brought up to it, unknown members kept. */
export type InspectLog = z.output<typeof logSchema>;
export type InspectSample = z.output<typeof sampleSchema>;
/** What a writer must give: members with a default may be left out. */
export type InspectLogInput = z.input<typeof logSchema>;
