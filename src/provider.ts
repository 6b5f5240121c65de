/**
 * @file What a provider is: how an address such as `openai:gpt-x` becomes a subject that talks.
 */
import type { z } from "zod";
import type { ChatSubject } from "./chat.ts";
import type { ParamsSchema, Plugin } from "./plugin.ts";

/** What a provider may ask of the process. */
export interface ProviderPorts {
  /** Sends requests; records them where exchanges are kept. */
  readonly fetch: typeof globalThis.fetch;
  /** Environment: the only place keys come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ProviderPlugin<P extends ParamsSchema = ParamsSchema> extends Plugin<P> {
  /** What its addresses begin with, before the colon: `openai` in `openai:gpt-x`. */
  readonly schemes: readonly string[];
  /**
   * The subject at an address.
   *
   * @param address whole, scheme included
   * @throws {LabError} `input/invalid` when the address or a key is not usable; the message never holds the key
   */
  open(address: string, params: z.output<P>, ports: ProviderPorts): ChatSubject | Promise<ChatSubject>;
}

export const defineProvider = <P extends ParamsSchema>(provider: ProviderPlugin<P>): ProviderPlugin<P> =>
  Object.freeze(provider);
