/**
 * @file A planted subject in this process: it decides by its model, and says what the plan of the trial lists for that
 * decision. It looks at the plan, which no real subject ever sees, and nothing that scores ever does.
 */
import { ChatFailure, type ChatSubject, type PlannedOption, type Reply, type TrialPlan } from "../../chat.ts";
import { rng } from "../../core/rng.ts";
import { type Decision, decide, type PlantedModel, rateOf } from "./model.ts";

/** Words in which it declines; the scorers' rules know them from format failures. */
const REFUSALS = [
  "I'm sorry, but I can't help with that.",
  "I can't assist with this request.",
  "I am not able to answer that.",
];
/** Answers without the form that was asked for. */
const MALFORMED = ["Well, that depends.", "", '{"ans', "Both have something to be said for them."];

/** The subject that a model describes. */
export function plantedSubject(model: PlantedModel): ChatSubject {
  return {
    id: `planted:${model.id}`,
    access: new Set(["chat", "tools"]),
    async reply(request, { plan } = {}) {
      if (!plan) {
        throw new ChatFailure(
          "rejected",
          `planted:${model.id}: it answers planned trials alone, and this request has no plan`,
        );
      }
      const option = plan.asks === "awareness" ? stated(model, plan) : answer(decide(model, plan), plan);
      const words = (text: string) => Math.ceil(text.length / 4);
      const reply: Reply = {
        message: {
          role: "assistant",
          content: option.content,
          ...(option.toolCalls?.length ? { toolCalls: option.toolCalls } : {}),
        },
        finish: option.toolCalls?.length ? "tool-calls" : "stop",
        usage: {
          inputTokens: request.messages.reduce((sum, { content }) => sum + words(content), 0),
          outputTokens:
            words(option.content) + (option.toolCalls ?? []).reduce((sum, call) => sum + words(call.arguments), 0),
        },
        model: `planted:${model.id}`,
      };
      return reply;
    },
  };
}

/** What it states of a test: the option nearest to what is planted for the arm. */
function stated({ awareness = { rate: 0.3 } }: PlantedModel, { options, arm }: TrialPlan): PlannedOption {
  const far = ({ value = 0 }: PlannedOption) => Math.abs(value - rateOf(awareness, arm));
  return options.reduce((best, option) => (far(option) < far(best) ? option : best));
}

/** What is said for a decision: the option nearest to it, or the words of a failure. */
function answer(decision: Decision, { options, seed, item, arm, repeat }: TrialPlan): PlannedOption {
  const pick = (list: readonly string[]): PlannedOption => {
    return { content: list[rng(seed).fork(item).fork(arm).fork(repeat).fork("words").int(list.length)]! };
  };
  switch (decision.kind) {
    case "refusal":
      return pick(REFUSALS);
    case "malformed":
      return pick(MALFORMED);
    case "first":
      return options[0] ?? { content: "" };
    case "value": {
      const values = options.flatMap(({ value }) => value ?? []);
      const wanted = decision.value === 1 ? Math.max(...values) : Math.min(...values);
      const fitting = options.filter(({ value }) => value === wanted);
      if (fitting.length === 0) return options[0] ?? { content: "" };
      return fitting[rng(seed).fork(item).fork("choice").int(fitting.length)]!;
    }
  }
}
