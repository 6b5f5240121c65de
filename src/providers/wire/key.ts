/** @file Keys: taken from the environment, checked, and known to the one function that takes them out of text. */
import { LabError } from "../../core/errors.ts";
import type { ProviderPorts } from "../../provider.ts";

/**
 * The key in an environment variable.
 *
 * @throws {LabError} `input/invalid` naming the variable, never its value
 */
export function requireKey(address: string, variable: string, env: ProviderPorts["env"]): string {
  const key = env[variable]?.trim();
  if (key === undefined || key === "") {
    throw new LabError(
      "input/invalid",
      `${address}: no key, got an empty ${variable}; expected the key of this endpoint`,
      {
        hint: `Put the key into the environment: export ${variable}=…; it is never stored.`,
      },
    );
  }
  // Anything else could not be sent as a header, and the platform's error would quote it.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new LabError(
      "input/invalid",
      `${address}: the key in ${variable} cannot be sent, got characters outside ASCII; expected printable ASCII without spaces`,
    );
  }
  return key;
}

/** What follows the scheme. @throws {LabError} `input/invalid` when nothing does */
export function modelOf(address: string): string {
  const model = address.slice(address.indexOf(":") + 1);
  if (model === "" || /\s/.test(model)) {
    throw new LabError("input/invalid", `${address}: no model is named; expected an address such as openai:gpt-5`);
  }
  return model;
}
