/**
 * @file Any endpoint that speaks OpenAI's chat completions, at its base URL and a model: local servers
 * (`http://127.0.0.1:1234/v1#model`), gateways, and this laboratory's own server of planted subjects.
 */
import { z } from "zod";
import { LabError } from "../core/errors.ts";
import { redactor, withoutSecrets } from "../core/redact.ts";
import { defineProvider } from "../provider.ts";
import { requireKey } from "./wire/key.ts";
import { recorder } from "./wire/recorder.ts";
import { talkingModel } from "./wire/talking-model.ts";

export const openaiCompatible = defineProvider({
  id: "openai-compatible",
  title: "OpenAI-compatible endpoint",
  source: "https://platform.openai.com/docs/api-reference/chat",
  schemes: ["http", "https"],
  params: z.object({
    key: z
      .string()
      .default("")
      .describe("environment variable that holds the key; empty: MESASCOPE_ENDPOINT_KEY where it is set, else none"),
    stream: z.boolean().default(false).describe("ask for answers as streams of events"),
  }),
  async open(address, { key, stream }, { fetch, env }) {
    const { baseUrl, name, isLocal } = parseEndpoint(address);
    const variable = key === "" ? "MESASCOPE_ENDPOINT_KEY" : key;
    const hasKey = key !== "" || (env[variable] ?? "") !== "";
    const apiKey = hasKey ? requireKey(`${baseUrl}#${name}`, variable, env) : undefined;
    const clean = redactor([apiKey]);
    const recording = recorder(fetch, withoutSecrets([apiKey]));
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    const sdk = createOpenAICompatible({
      name: "endpoint",
      baseURL: baseUrl,
      fetch: recording.fetch,
      includeUsage: true,
      ...(apiKey === undefined ? {} : { apiKey }),
    });
    return talkingModel({
      id: `${baseUrl}#${name}`,
      model: sdk.chatModel(name),
      recorder: recording,
      stream,
      // A plan says what answers look like: it goes to a subject that was planted, on this machine, and nowhere else.
      sendsPlan: isLocal && name.startsWith("planted:"),
      clean,
      endOfStream: /^data:\s*\[DONE\]\s*$/m,
    });
  },
});

/**
 * `http://127.0.0.1:1234/v1#model` in its parts.
 *
 * @throws {LabError} `input/invalid`; credentials inside an address are refused without being repeated
 */
export function parseEndpoint(address: string): {
  readonly baseUrl: string;
  readonly name: string;
  readonly isLocal: boolean;
} {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && (url.username !== "" || url.password !== "")) {
    throw new LabError("input/invalid", `${url.host}: the address holds a user or password; expected none`, {
      hint: "Put the key into MESASCOPE_ENDPOINT_KEY; addresses are recorded.",
    });
  }
  const name = url ? decoded(url.hash.slice(1)) : "";
  if (!url || !/^https?:$/.test(url.protocol) || name === "" || url.search !== "") {
    throw new LabError(
      "input/invalid",
      `endpoint: the address cannot be read, got ${redactor()(address.split("?")[0]!)}; expected http://host:port/v1#model`,
    );
  }
  url.hash = "";
  return {
    baseUrl: url.href.replace(/\/$/, ""),
    name,
    isLocal: ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname),
  };
}

/** A model's name as it was meant; one that is no percent-encoding is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
