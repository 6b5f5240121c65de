/** @file What every plug-in of every kind owes, as tests: an id that is its file's name, and the checks of src/lab/contract-plugin.ts. */

import { describe, expect, test } from "vitest";
import * as contract from "../../src/lab/contract-plugin.ts";
import { testChecks } from "./checks.ts";

/**
 * Check one plug-in's description of itself.
 *
 * @param files ids of the files in its kind's folder
 */
export function pluginContract(kind: string, plugin: object, files: readonly string[]): void {
  const { id } = plugin as { readonly id: string };
  describe(`${kind} ${id}`, () => {
    test("lies in a file named after its id", () => expect(files).toContain(id));
    testChecks(contract.pluginContract(plugin));
  });
}
