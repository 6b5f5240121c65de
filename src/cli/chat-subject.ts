/** @file The subject that talks behind an address. */
import type { ChatSubject } from "../chat.ts";
import { LabError } from "../core/errors.ts";
import { parseParams } from "../plugin.ts";
import type { ProviderPlugin } from "../provider.ts";
import { parseSettings } from "./catalog.ts";
import type { Context } from "./context.ts";

/**
 * Open the subject at an address.
 *
 * @param settings `key=value` of the provider's parameters
 * @throws {LabError} `input/unknown-id`, `input/invalid`
 */
export async function openChatSubject(
  address: string,
  settings: readonly string[] | undefined,
  { env }: Pick<Context, "env">,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<ChatSubject> {
  const { providers } = await import("../providers/index.ts");
  const scheme = address.slice(0, address.indexOf(":")).toLowerCase();
  const all: readonly ProviderPlugin[] = providers;
  const provider = all.find(({ schemes }) => schemes.includes(scheme));
  if (!provider) {
    const known = all.flatMap(({ schemes }) => schemes.map((each) => `${each}:`)).join(", ");
    throw new LabError("input/unknown-id", `audit: no provider has addresses such as "${scheme}:"; known: ${known}`);
  }
  const params = parseParams(provider, parseSettings(provider, "--subject-set", settings));
  return provider.open(address, params, { fetch, env });
}
