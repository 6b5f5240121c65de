/** @file Models of OpenAI, at `openai:<model>`. */
import { z } from "zod";
import { redactor, withoutSecrets } from "../core/redact.ts";
import { defineProvider } from "../provider.ts";
import { modelOf, requireKey } from "./wire/key.ts";
import { recorder } from "./wire/recorder.ts";
import { talkingModel } from "./wire/talking-model.ts";

export const openai = defineProvider({
  id: "openai",
  title: "OpenAI",
  source: "https://platform.openai.com/docs/api-reference",
  schemes: ["openai"],
  params: z.object({
    api: z
      .enum(["responses", "chat"])
      .default("responses")
      .describe("which of the two interfaces is spoken; reasoning models answer fully through responses alone"),
    key: z.string().default("OPENAI_API_KEY").describe("environment variable that holds the key"),
    baseUrl: z.string().default("").describe("another address of the same interface; empty: OpenAI's own"),
    stream: z.boolean().default(false).describe("ask for answers as streams of events"),
  }),
  async open(address, { api, key, baseUrl, stream }, { fetch, env }) {
    const name = modelOf(address);
    const apiKey = requireKey(address, key, env);
    const clean = redactor([apiKey]);
    const recording = recorder(fetch, withoutSecrets([apiKey]));
    // Loaded here: help and every other command must not pay for it.
    const { createOpenAI } = await import("@ai-sdk/openai");
    const sdk = createOpenAI({ apiKey, fetch: recording.fetch, ...(baseUrl === "" ? {} : { baseURL: baseUrl }) });
    return talkingModel({
      id: address,
      model: api === "responses" ? sdk.responses(name) : sdk.chat(name),
      recorder: recording,
      stream,
      sendsPlan: false,
      // An audit leaves nothing behind at the endpoint.
      ...(api === "responses" ? { providerOptions: { openai: { store: false } } } : {}),
      clean,
      endOfStream: api === "responses" ? /"type":\s*"response\.(?:completed|incomplete)"/ : /^data:\s*\[DONE\]\s*$/m,
    });
  },
});
