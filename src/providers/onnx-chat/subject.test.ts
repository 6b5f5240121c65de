/** @file What a request becomes for a decoder on this machine, and what its tokens become: with a library that counts. */
import { expect, test } from "vitest";
import { ChatFailure } from "../../chat.ts";
import { LabError } from "../../core/errors.ts";
import type { Tokens, Transformers } from "./disk.ts";
import { onnxChatSubject } from "./subject.ts";

const tokens = (ids: readonly number[]): Tokens => ({ dims: [1, ids.length], tolist: () => [ids.map(BigInt)] });
/** Three tokens of any prompt, then up to five that say their own number. */
const PROMPT = [7, 8, 9];

function library(overrides: { template?: unknown; wait?: Promise<void>; fails?: Error } = {}) {
  const asked: Record<string, unknown>[] = [];
  const fake: Transformers = {
    env: { allowRemoteModels: true, localModelPath: "" },
    AutoTokenizer: {
      from_pretrained: async () => ({
        chat_template: "template" in overrides ? overrides.template : "{{ messages }}",
        apply_chat_template: (messages, options) => {
          asked.push({ messages, ...options });
          return { input_ids: tokens(PROMPT), attention_mask: "mask" };
        },
        decode: (ids) => ` ${ids.join(" ")} `,
      }),
    },
    AutoModelForCausalLM: {
      from_pretrained: async () => {
        if (overrides.fails) throw overrides.fails;
        return {
          generate: async (options) => {
            asked.push({ ...options });
            await overrides.wait;
            const most = Math.min(5, Number(options.max_new_tokens));
            return tokens([...PROMPT, ...Array.from({ length: most }, (_, i) => i)]);
          },
        };
      },
    },
    InterruptableStoppingCriteria: class {
      interrupt() {
        asked.push({ interrupted: true });
      }
    },
  };
  return { asked, fake };
}
const OPTIONS = { root: "/models/", name: "m", dtype: "fp32", maxTokens: 64 };
const MESSAGES = [
  { role: "system", content: "Be short." },
  { role: "user", content: "Two and two?" },
] as const;

test("its own template, greedy unless told otherwise, and only what came after the prompt", async () => {
  const { asked, fake } = library();
  const subject = await onnxChatSubject("onnx-chat:m", fake, OPTIONS);
  expect(fake.env).toEqual({ allowRemoteModels: false, localModelPath: "/models/" });
  expect([subject.most, [...subject.access]]).toEqual([1, ["chat"]]);
  expect(await subject.reply({ messages: MESSAGES })).toEqual({
    message: { role: "assistant", content: "0 1 2 3 4" },
    finish: "stop",
    usage: { inputTokens: 3, outputTokens: 5 },
    model: "onnx-chat:m",
  });
  expect(asked[0]).toEqual({ messages: MESSAGES, add_generation_prompt: true, return_dict: true });
  expect(asked[1]).toMatchObject({ attention_mask: "mask", max_new_tokens: 64, do_sample: false });
  expect(asked[1]).not.toHaveProperty("temperature");
  await subject.reply({ messages: MESSAGES, temperature: 0.7 });
  expect(asked[3]).toMatchObject({ do_sample: true, temperature: 0.7 });
});

test("an answer that fills its length was cut", async () => {
  const subject = await onnxChatSubject("onnx-chat:m", library().fake, OPTIONS);
  const { finish, usage } = await subject.reply({ messages: MESSAGES, maxTokens: 2 });
  expect([finish, usage?.outputTokens]).toEqual(["length", 2]);
});

test("when the time is up the decoder is told to stop, and there is no answer", async () => {
  let finish: (() => void) | undefined;
  const wait = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { asked, fake } = library({ wait });
  const subject = await onnxChatSubject("onnx-chat:m", fake, OPTIONS);
  const controller = new AbortController();
  const answer = subject.reply({ messages: MESSAGES }, { signal: controller.signal });
  controller.abort();
  finish!();
  const failure = await answer.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ChatFailure);
  expect((failure as ChatFailure).kind).toBe("transport");
  expect(asked).toContainEqual({ interrupted: true });
});

test("a model without a chat template, or that does not load, is refused in words", async () => {
  const opened = (overrides: Parameters<typeof library>[0]) =>
    onnxChatSubject("onnx-chat:m", library(overrides).fake, OPTIONS).catch((error: unknown) => error);
  expect(await opened({ template: null })).toBeInstanceOf(LabError);
  expect(String(await opened({ template: null }))).toMatch(/no chat template/);
  expect(String(await opened({ fails: new Error("no model_q8.onnx\nstack") }))).toMatch(
    /does not load with dtype fp32 \(no model_q8\.onnx\)/,
  );
});
