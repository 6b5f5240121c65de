/** @file Models of Anthropic, at `anthropic:<model>`. */
import { z } from "zod";
import { redactor, withoutSecrets } from "../core/redact.ts";
import { defineProvider } from "../provider.ts";
import { modelOf, requireKey } from "./wire/key.ts";
import { recorder } from "./wire/recorder.ts";
import { talkingModel } from "./wire/talking-model.ts";

export const anthropic = defineProvider({
  id: "anthropic",
  title: "Anthropic",
  source: "https://docs.anthropic.com/en/api/messages",
  schemes: ["anthropic"],
  params: z.object({
    key: z.string().default("ANTHROPIC_API_KEY").describe("environment variable that holds the key"),
    baseUrl: z.string().default("").describe("another address of the same interface; empty: Anthropic's own"),
    stream: z.boolean().default(false).describe("ask for answers as streams of events"),
    maxTokens: z
      .int()
      .positive()
      .default(1024)
      .describe("most tokens of an answer where a contrast names none: the interface demands a limit"),
  }),
  async open(address, { key, baseUrl, stream, maxTokens }, { fetch, env }) {
    const name = modelOf(address);
    const apiKey = requireKey(address, key, env);
    const clean = redactor([apiKey]);
    const recording = recorder(fetch, withoutSecrets([apiKey]));
    const { createAnthropic } = await import("@ai-sdk/anthropic");
    const sdk = createAnthropic({ apiKey, fetch: recording.fetch, ...(baseUrl === "" ? {} : { baseURL: baseUrl }) });
    return talkingModel({
      id: address,
      model: sdk(name),
      recorder: recording,
      stream,
      sendsPlan: false,
      maxTokens,
      clean,
      endOfStream: /"type":\s*"message_stop"/,
    });
  },
});
