/** @file A decoder on this machine as a subject that talks: its own chat template, one answer at a time. */
import { ChatFailure, type ChatRequest, type ChatSubject, type Reply, type ReplyOptions } from "../../chat.ts";
import { LabError } from "../../core/errors.ts";
import type { Decoder, Place, Tokenizer, Transformers } from "./disk.ts";

export interface OnnxChatOptions extends Place {
  readonly dtype: string;
  readonly maxTokens: number;
}

/**
 * Answers are greedy unless a request names a temperature above 0, so that the same request is answered the same;
 * sampled ones draw on the library's own luck, which cannot be seeded.
 *
 * @param id the address under which it is audited
 * @throws {LabError} `input/invalid` where the folder is no chat model
 */
export async function onnxChatSubject(
  id: string,
  library: Transformers,
  { root, name, dtype, maxTokens }: OnnxChatOptions,
): Promise<ChatSubject> {
  library.env.allowRemoteModels = false;
  library.env.localModelPath = root;
  const [tokenizer, model] = await Promise.all([
    library.AutoTokenizer.from_pretrained(name),
    library.AutoModelForCausalLM.from_pretrained(name, { dtype }),
  ]).catch((cause: unknown) => {
    const said = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new LabError("input/invalid", `${id}: the model does not load with dtype ${dtype} (${said})`, { cause });
  });
  if (!tokenizer.chat_template) {
    throw new LabError(
      "input/invalid",
      `${id}: its tokenizer has no chat template, got none; expected a model that was trained to chat`,
    );
  }
  const answer = answering(id, library, { tokenizer, model, maxTokens });
  return { id, access: new Set(["chat"]), most: 1, reply: answer };
}

/** One request put to the model. */
function answering(
  id: string,
  { InterruptableStoppingCriteria }: Transformers,
  {
    tokenizer,
    model,
    maxTokens,
  }: { readonly tokenizer: Tokenizer; readonly model: Decoder; readonly maxTokens: number },
) {
  return async ({ messages, temperature = 0, maxTokens: asked }: ChatRequest, { signal }: ReplyOptions = {}) => {
    const stop = new InterruptableStoppingCriteria();
    const interrupt = () => stop.interrupt();
    signal?.addEventListener("abort", interrupt, { once: true });
    const most = asked ?? maxTokens;
    try {
      const prompt = tokenizer.apply_chat_template(
        messages.map(({ role, content }) => ({ role, content })),
        { add_generation_prompt: true, return_dict: true },
      );
      const length = prompt.input_ids.dims.at(-1)!;
      const whole = await model.generate({
        ...prompt,
        max_new_tokens: most,
        do_sample: temperature > 0,
        ...(temperature > 0 ? { temperature } : {}),
        stopping_criteria: stop,
      });
      if (signal?.aborted) throw new ChatFailure("transport", "no answer within the time given");
      const said = whole.tolist()[0]!.slice(length);
      return {
        message: { role: "assistant", content: tokenizer.decode(said, { skip_special_tokens: true }).trim() },
        finish: said.length >= most ? "length" : "stop",
        usage: { inputTokens: length, outputTokens: said.length },
        model: id,
      } satisfies Reply;
    } finally {
      signal?.removeEventListener("abort", interrupt);
    }
  };
}
