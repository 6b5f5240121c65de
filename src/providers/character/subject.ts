/** @file A character model as a subject that talks: conversations rendered, one symbol sampled, a letter said. */
import { compactText, OPTIONS, optionOf } from "../../characters/exchange.ts";
import type { CharacterModel } from "../../characters/model.ts";
import type { ChatRequest, ChatSubject, Reply } from "../../chat.ts";
import { hashJson } from "../../core/hash.ts";
import { rng } from "../../core/rng.ts";
import { renderConversation } from "./rendering.ts";

/** What it says to whatever has not four lettered options: no scorer takes it for an answer. */
const UNREAD = "This cannot be read by a model of four lettered options.";

/**
 * The subject of a trained character model. It is given no plan and looks at none: what it sees are the messages, as
 * {@link renderConversation} renders them. The same request is answered the same; repeats of it say nothing new.
 *
 * @param id the address under which it is audited
 * @param seed of the samples
 */
export function characterSubject(id: string, model: CharacterModel, seed = 0): ChatSubject {
  return {
    id,
    access: new Set(["chat"]),
    async reply(request: ChatRequest): Promise<Reply> {
      const exchange = renderConversation(request.messages);
      const text = exchange?.options.length === OPTIONS ? compactText(exchange) : undefined;
      const random = rng(seed).fork(hashJson(request.messages));
      const { temperature } = request;
      const said =
        text === undefined
          ? undefined
          : await model.sample(text, { rng: random, most: 1, ...(temperature === undefined ? {} : { temperature }) });
      const option = said === undefined ? undefined : optionOf(said);
      const content = option === undefined ? (said ?? UNREAD) : `Answer: ${said}`;
      return {
        message: { role: "assistant", content },
        finish: "stop",
        usage: { inputTokens: text?.length ?? 0, outputTokens: said?.length ?? 0 },
        model: id,
      };
    },
  };
}
