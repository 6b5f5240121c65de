/**
 * @file Older forms of Inspect logs brought to the form that version 2 has today, the way Inspect's own reader does:
 * renamed members move, nothing is thrown away. What is not an object where one is expected is left for the schema
 * to refuse.
 */
import { base57Id } from "./ids.ts";
import type { PythonJson } from "./python-json.ts";

type Members = Record<string, PythonJson>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const each = (value: unknown): readonly Members[] => (Array.isArray(value) ? value.filter(isMembers) : []);

/** Stands for a scorer's name in files that had one score a sample. */
const ONLY_SCORE = "88F74D2C";

/** Change a log as parsed, in place: its header, and the samples it holds. */
export function upgradeLog(log: PythonJson): void {
  if (!isMembers(log)) return;
  if (isMembers(log.eval)) upgradeSpec(log.eval);
  for (const step of each(isMembers(log.plan) ? log.plan.steps : undefined)) copy(step, "params", "params_passed");
  if (isMembers(log.plan) && isMembers(log.plan.finish)) copy(log.plan.finish, "params", "params_passed");
  const { results } = log;
  if (isMembers(results)) {
    if (isMembers(results.scorer) && results.scores === undefined) {
      const only = results.scorer;
      if (results.metrics !== undefined) only.metrics = results.metrics;
      copy(only, "name", "scorer");
      results.scores = [only];
      delete results.scorer;
      delete results.metrics;
    }
    for (const score of each(results.scores)) {
      copy(score, "name", "scorer");
      if (isMembers(score.metrics))
        for (const metric of each(Object.values(score.metrics))) move(metric, "options", "params");
    }
    if (results.sample_reductions !== undefined) {
      if (log.reductions === undefined) log.reductions = results.sample_reductions;
      delete results.sample_reductions;
    }
  }
  if (isMembers(log.eval) && log.tags === undefined && Array.isArray(log.eval.tags)) log.tags = [...log.eval.tags];
  if (isMembers(log.eval) && log.metadata === undefined && isMembers(log.eval.metadata)) {
    log.metadata = { ...log.eval.metadata };
  }
  const scorers = isMembers(results) ? each(results.scores) : [];
  for (const sample of each(log.samples)) upgradeSample(sample, scorers[0]?.name);
}

function upgradeSpec(spec: Members): void {
  if (spec.eval_id === undefined) {
    spec.eval_id = base57Id([spec.run_id, spec.task_id, spec.created].map((part) => String(part ?? "")).join(""));
  }
  copy(spec, "task_args", "task_args_passed");
  upgradeSandbox(spec);
  const { config } = spec;
  if (isMembers(config)) move(config, "max_messages", "message_limit");
}

/** @param scorer the name under which the only score of an old sample is known */
function upgradeSample(sample: PythonJson, scorer?: PythonJson): void {
  if (!isMembers(sample)) return;
  if (sample.score !== undefined && sample.scores === undefined) {
    sample.scores = sample.score === null ? null : { [typeof scorer === "string" ? scorer : ONLY_SCORE]: sample.score };
    delete sample.score;
  }
  if (isMembers(sample.transcript)) {
    if (sample.events === undefined && sample.transcript.events !== undefined) sample.events = sample.transcript.events;
    if (sample.attachments === undefined && sample.transcript.content !== undefined) {
      sample.attachments = sample.transcript.content;
    }
    delete sample.transcript;
  }
  upgradeSandbox(sample);
  if (isMembers(sample.output)) fillCompletion(sample.output);
  for (const messages of [sample.messages, sample.input]) for (const message of each(messages)) upgradeMessage(message);
  for (const event of each(sample.events)) upgradeEvent(event);
}

function upgradeMessage(message: Members): void {
  // The name of the tool stood under another word, and its error was a sentence.
  if (message.role !== "tool") return;
  if (typeof message.tool_error === "string" && message.error === undefined) {
    message.error = { type: "unknown", message: message.tool_error };
    delete message.tool_error;
  }
}

/** What each kind of event has today and older files left out. */
const EVENT_DEFAULTS: Readonly<Record<string, Members>> = {
  model: { config: {}, tools: [], tool_choice: "auto" },
  tool: { type: "function", result: "", events: [] },
  score: { intermediate: false },
  subtask: { input: {}, result: null, events: [] },
  sample_init: { state: null },
  info: { data: null },
};

function upgradeEvent(event: Members): void {
  if (typeof event.event !== "string") return;
  for (const [name, value] of Object.entries(EVENT_DEFAULTS[event.event] ?? {})) {
    if (event[name] === undefined) event[name] = structuredClone(value);
  }
  if (isMembers(event.output)) fillCompletion(event.output);
  if (event.event === "score" && isMembers(event.score)) event.score.history ??= [];
  for (const change of each(event.changes)) {
    if (change.value === undefined) change.value = null;
    if (change.replaced === undefined) change.replaced = null;
  }
  for (const tool of each(event.tools)) upgradeTool(tool);
  for (const message of each(event.input)) {
    upgradeMessage(message);
    for (const call of each(message.tool_calls)) call.type ??= "function";
  }
}

/** Descriptions of a tool's parameters were a list. */
function upgradeTool(tool: Members): void {
  if (tool.parameters !== undefined && !Array.isArray(tool.parameters)) {
    if (isMembers(tool.parameters)) {
      tool.parameters.type ??= "object";
      tool.parameters.properties ??= {};
      tool.parameters.required ??= [];
      fillDefaults(tool.parameters);
    }
    return;
  }
  const listed = each(tool.parameters ?? tool.params);
  delete tool.params;
  tool.parameters = {
    type: "object",
    properties: Object.fromEntries(listed.map(({ name, optional: _, ...rest }) => [String(name), rest])),
    required: listed.filter(({ optional }) => optional !== true).map(({ name }) => String(name)),
  };
}

/** A parameter without a default says so since 2026. */
function fillDefaults(parameters: Members): void {
  const inner = [
    ...each(isMembers(parameters.properties) ? Object.values(parameters.properties) : []),
    ...each(parameters.anyOf),
    ...each([parameters.items, parameters.additionalProperties]),
  ];
  for (const schema of inner) {
    schema.default ??= null;
    fillDefaults(schema);
  }
}

/** The text of the first choice is stored a second time since 2025; an output without a model names none. */
function fillCompletion(output: Members): void {
  const choices = each(output.choices);
  const first = choices[0]?.message;
  for (const choice of choices) {
    if (!isMembers(choice.message)) continue;
    choice.message.role ??= "assistant";
    for (const call of each(choice.message.tool_calls)) call.type ??= "function";
  }
  output.choices ??= [];
  if (output.completion !== undefined) return;
  const content = isMembers(first) ? first.content : "";
  output.completion =
    typeof content === "string"
      ? content
      : each(content)
          .map(({ type, text }) => (type === "text" && typeof text === "string" ? text : ""))
          .join("");
}

/** A sandbox was a pair of type and configuration. */
function upgradeSandbox(members: Members): void {
  if (isMembers(members.sandbox)) members.sandbox.config ??= null;
  if (!Array.isArray(members.sandbox)) return;
  const [type, config] = members.sandbox;
  members.sandbox = { type: type ?? "", config: config ?? null };
}

function copy(members: Members, from: string, to: string): void {
  if (members[to] === undefined && members[from] !== undefined) members[to] = structuredClone(members[from]);
}

function move(members: Members, from: string, to: string): void {
  if (members[from] === undefined) return;
  if (members[to] === undefined) members[to] = members[from];
  delete members[from];
}
