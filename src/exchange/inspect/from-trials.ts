/**
 * @file Our runs as Inspect logs, one for each contrast, so that its viewer and its tools open them.
 *
 * A sample is one item in one arm, `<item>.<arm>`, and a repeat is an epoch. Pair, arm, family and repeat stand in the
 * sample's metadata; a trial without a score has the value NaN and says why. The exact exchanges are its model events.
 */
import type { ChatMessage, Finish, Reply, Usage } from "../../chat.ts";
import type { ScoredTrial } from "../../contrast.ts";
import { mean } from "../../core/stats.ts";
import type { Transcripts, Turn } from "../transcripts.ts";
import { base57Id } from "./ids.ts";
import type { InspectLog } from "./schema.ts";
import { completeLog } from "./write.ts";

export interface RunFacts {
  /** Hash of the run. */
  readonly run: string;
  /** Address of the subject. */
  readonly subject: string;
  /** When it ended, in ISO 8601 with a time zone. */
  readonly at: string;
  readonly seed: number;
  /** Version of this code. */
  readonly code: string;
  readonly command: string;
  readonly isCut: boolean;
}

/**
 * The log of one contrast.
 *
 * @param title of the contrast, its task's display name
 * @param outcome what a score of 1 means
 */
export function contrastLog(
  contrast: { readonly id: string; readonly title: string; readonly outcome: string },
  trials: readonly ScoredTrial[],
  transcripts: Transcripts,
  facts: RunFacts,
): InspectLog {
  const { run, subject, at, seed, code, command } = facts;
  const values = trials.flatMap(({ score }) => (score.status === "scored" ? [score.value] : []));
  const ids = [...new Set(trials.map(sampleId))];
  const usage = totalUsage([...transcripts].flatMap(([, turns]) => turns));
  return completeLog({
    status: facts.isCut ? "cancelled" : "success",
    eval: {
      eval_id: base57Id(`${run} ${contrast.id} eval`),
      run_id: base57Id(`${run} run`),
      created: at,
      task: contrast.id,
      task_id: base57Id(`${run} ${contrast.id} task`),
      task_display_name: contrast.title,
      task_args: { seed },
      task_args_passed: { seed },
      dataset: { name: contrast.id, location: "mesascope", samples: ids.length, sample_ids: ids, shuffled: true },
      model: subject,
      config: { epochs: 1 + Math.max(0, ...trials.map(({ repeat }) => repeat)) },
      packages: { mesascope: code },
      metadata: { run, command },
      scorers: [{ name: contrast.id, metrics: [{ name: "mean" }], metadata: { outcome: contrast.outcome } }],
    },
    plan: { steps: [{ solver: "contrast", params: { contrast: contrast.id }, params_passed: {} }] },
    results: {
      total_samples: trials.length,
      completed_samples: trials.length,
      scores: [
        {
          name: contrast.id,
          scorer: contrast.id,
          scored_samples: values.length,
          unscored_samples: trials.length - values.length,
          metrics: { mean: { name: "mean", value: values.length === 0 ? Number.NaN : mean(values) } },
        },
      ],
    },
    stats: { started_at: at, completed_at: at, model_usage: usage ? { [subject]: usage } : {} },
    metadata: { run, command },
    samples: trials.map((trial) => sampleOf(trial, transcripts.get(trial.id) ?? [], facts)),
  });
}

/** Names of zip entries hold it: no slash. */
const sampleId = ({ item, arm }: ScoredTrial): string => `${item}.${arm}`.replaceAll("/", "-");

function sampleOf(trial: ScoredTrial, turns: readonly Turn[], { subject, at }: RunFacts) {
  const { contrast, item, family, arm, repeat, score } = trial;
  const last = turns.at(-1);
  const asked = (last?.request.messages ?? []).map((message, i) => messageOf(message, `${trial.id} ${i}`, "input"));
  const answer = last?.reply && messageOf(last.reply.message, `${trial.id} answer`, "generate");
  const usage = totalUsage(turns);
  return {
    id: sampleId(trial),
    epoch: repeat + 1,
    input: (turns[0]?.request.messages ?? []).map((message, i) => messageOf(message, `${trial.id} ${i}`, "input")),
    target: "",
    messages: [...asked, ...(answer ? [answer] : [])],
    output: outputOf(last?.reply, `${trial.id} answer`, subject),
    scores: {
      [contrast]:
        score.status === "scored"
          ? {
              value: score.value,
              ...(last?.reply ? { answer: last.reply.message.content } : {}),
              ...(score.quotes?.length ? { explanation: score.quotes.map(({ text }) => text).join("\n") } : {}),
              ...(score.facets ? { metadata: { ...score.facets } } : {}),
            }
          : {
              value: Number.NaN,
              explanation: score.detail,
              metadata: { missing_reason: score.reason },
            },
    },
    metadata: { contrast, pair_id: item, arm, family, repeat },
    model_usage: usage ? { [subject]: usage } : {},
    uuid: base57Id(trial.id),
    events: turns.map((turn) => eventOf(turn, trial.id, subject, at)),
    started_at: at,
    completed_at: at,
    ...(score.status === "missing" && turns.length === 0
      ? { error: { message: `${score.reason}: ${score.detail}`, traceback: "", traceback_ansi: "" } }
      : {}),
  };
}

function messageOf(message: ChatMessage, seed: string, source: "input" | "generate") {
  const common = { id: base57Id(seed), content: message.content, source };
  switch (message.role) {
    case "tool":
      return { ...common, role: "tool" as const, tool_call_id: message.callId, function: message.name };
    case "assistant":
      return {
        ...common,
        role: "assistant" as const,
        ...(message.toolCalls?.length ? { tool_calls: message.toolCalls.map(toolCallOf) } : {}),
      };
    default:
      return { ...common, role: message.role };
  }
}

function toolCallOf({ id, name, arguments: text }: { id: string; name: string; arguments: string }) {
  const parsed = parsedOr(text);
  const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  return {
    id,
    function: name,
    arguments: (isObject ? parsed : {}) as Record<string, never>,
    // What was no object is kept as it came.
    ...(isObject ? {} : { parse_error: `Arguments are no JSON object: ${text}` }),
    type: "function",
  };
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const STOP_REASONS: Readonly<Record<Finish, string>> = {
  stop: "stop",
  length: "max_tokens",
  "tool-calls": "tool_calls",
  refusal: "content_filter",
  other: "unknown",
};

function outputOf(reply: Reply | undefined, seed: string, subject: string) {
  if (!reply) return { model: subject };
  const usage = reply.usage && usageOf(reply.usage);
  return {
    model: reply.model ?? subject,
    choices: [
      {
        message: { ...messageOf(reply.message, seed, "generate"), role: "assistant", model: reply.model ?? subject },
        stop_reason: STOP_REASONS[reply.finish],
      },
    ],
    completion: reply.message.content,
    ...(usage ? { usage } : {}),
  };
}

/** Inspect counts input tokens at full rate apart from those read out of a cache. */
const usageOf = ({ inputTokens, outputTokens, reasoningTokens, cachedTokens = 0 }: Usage) => ({
  input_tokens: Math.max(0, inputTokens - cachedTokens),
  output_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
  ...(cachedTokens > 0 ? { input_tokens_cache_read: cachedTokens } : {}),
  ...(reasoningTokens === undefined ? {} : { reasoning_tokens: reasoningTokens }),
});

function totalUsage(turns: readonly Turn[]): ReturnType<typeof usageOf> | undefined {
  const counted = turns.flatMap(({ reply }) => reply?.usage ?? []);
  if (counted.length === 0) return undefined;
  const sum = (key: keyof Usage) => counted.reduce((total, usage) => total + (usage[key] ?? 0), 0);
  return usageOf({
    inputTokens: sum("inputTokens"),
    outputTokens: sum("outputTokens"),
    cachedTokens: sum("cachedTokens"),
    reasoningTokens: sum("reasoningTokens"),
  });
}

function eventOf({ turn, request, reply, declined }: Turn, trial: string, subject: string, at: string) {
  const exchange = reply?.exchange;
  const sent = exchange && parsedOr(exchange.request);
  const received = exchange && parsedOr(exchange.response);
  return {
    uuid: base57Id(`${trial} ${turn} event`),
    timestamp: at,
    working_start: 0,
    event: "model",
    model: reply?.model ?? subject,
    input: request.messages.map((message, i) => messageOf(message, `${trial} ${i}`, "input")),
    tools: (request.tools ?? []).map(({ name, description, parameters }) => ({
      name,
      description,
      parameters: { type: "object", properties: {}, required: [], ...Object(parameters) },
    })),
    tool_choice: request.toolChoice === "required" ? "any" : (request.toolChoice ?? "auto"),
    config: {
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      ...(request.maxTokens === undefined ? {} : { max_tokens: request.maxTokens }),
    },
    output: { choices: [], completion: "", ...outputOf(reply, `${trial} ${turn}`, subject) },
    ...(declined === undefined ? {} : { error: declined }),
    // A streamed answer is no JSON document: its text is kept as one member.
    ...(exchange
      ? {
          call: {
            request: Object(sent),
            response: received === undefined ? { text: exchange.response } : Object(received),
          },
        }
      : {}),
  };
}
