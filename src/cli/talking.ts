/** @file Subjects that talk, by their address: the provider its scheme belongs to, with the process's network and keys. */
import type { ChatSubject } from "../chat.ts";
import { LabError } from "../core/errors.ts";
import { parseParams } from "../plugin.ts";
import type { ProviderPlugin, ProviderPorts } from "../provider.ts";
import { providers } from "../providers/index.ts";

/**
 * The subject at an address such as `openai:gpt-5`, `anthropic:claude-x`, `http://127.0.0.1:1234/v1#model` or
 * `planted:sycophant`.
 *
 * @param params of its provider
 * @throws {LabError} `input/unknown-id` when no provider has the scheme; `input/invalid` for what the provider refuses
 */
export async function openTalking(address: string, params: unknown, ports: ProviderPorts): Promise<ChatSubject> {
  const scheme = /^([a-z][a-z0-9+-]*):/i.exec(address)?.[1]?.toLowerCase();
  const known: readonly ProviderPlugin[] = providers;
  const provider = known.find(({ schemes }) => scheme !== undefined && schemes.includes(scheme));
  if (!provider) {
    throw new LabError(
      "input/unknown-id",
      `subject: no provider has the scheme of the address, got "${scheme ?? "none"}"; known: ${known.flatMap(({ schemes }) => schemes).join(", ")}`,
      { hint: "Write openai:<model>, anthropic:<model>, planted:<name>, or http://127.0.0.1:1234/v1#<model>." },
    );
  }
  return provider.open(address, parseParams(provider, params), ports);
}
