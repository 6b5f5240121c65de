/**
 * @file One trial from its first question to what the scorer sees. How a question gets its answer is passed in: from an
 * endpoint, from the journal of a run that was cut short, or from a planted subject.
 */
import type { ChatRequest, Reply, TrialPlan } from "../chat.ts";
import type { ContrastPlugin, Item, Observation, Prompt, Trial } from "../contrast.ts";
import { assert } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { rng } from "../core/rng.ts";
import { decisionPlan } from "./design.ts";

/** Most answers of one trial: a simulated world that asks more never ends. */
const MOST_TURNS = 64;

/** How one request of a trial is answered. */
export type Asker = (request: ChatRequest, plan: TrialPlan) => Promise<Reply>;

/** Run one trial. What `ask` throws goes through. */
export async function conductTrial(
  contrast: ContrastPlugin,
  item: Item,
  trial: Trial,
  seed: number,
  ask: Asker,
): Promise<Observation> {
  const arm = contrast.arms.find(({ id }) => id === trial.arm);
  assert(arm, `contrast ${contrast.id} has no arm ${trial.arm}`);
  const replies: Reply[] = [];
  const decision = decisionPlan(contrast, trial, seed);
  const put = async ({ options, ...request }: Prompt): Promise<Reply> => {
    assert(replies.length < MOST_TURNS, `trial ${trial.id} asks more than ${MOST_TURNS} times`);
    const reply = await ask(request, { ...decision, turn: replies.length, options });
    replies.push(reply);
    return reply;
  };
  let state: Json = null;
  if (arm.conduct)
    state = await arm.conduct(item, { rng: rng(seed).fork("world").fork(contrast.id).fork(item.id), ask: put });
  else if (arm.prompt) await put(arm.prompt(item));
  return { item, replies, state };
}
