/** @file What every plug-in of every kind owes: an id that is its file's name, and answers to the questions of its kind. */

import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ParamsSchema } from "../../src/plugin.ts";

/**
 * Check one plug-in's description of itself.
 *
 * @param files ids of the files in its kind's folder
 */
export function pluginContract(kind: string, plugin: object, files: readonly string[]): void {
  const answers: Readonly<Record<string, unknown>> = { ...plugin };
  describe(`${kind} ${String(answers.id)}`, () => {
    test("lies in a file named after its id, and is frozen", () => {
      expect(files).toContain(answers.id);
      expect(Object.isFrozen(plugin)).toBe(true);
    });

    test("answers every question", () => {
      for (const [where, text] of stringsIn(answers)) {
        expect(text, where).toMatch(/\S/);
        expect(text, where).not.toContain("TODO");
      }
      if ("fails" in answers) expect(answers.fails, "a plug-in without a known failure").not.toHaveLength(0);
    });

    const params = answers.params as ParamsSchema | undefined;
    if (params === undefined) return;

    test("every parameter has a default and a description", () => {
      const { properties = {} } = z.toJSONSchema(params, { io: "input" });
      for (const [name, schema] of Object.entries(properties)) {
        const { default: fallback, description } = schema as { default?: unknown; description?: string };
        expect(fallback, `default of ${name}`).not.toBeUndefined();
        expect(description ?? "", `description of ${name}`).toMatch(/\S/);
        expect(description, `description of ${name}`).not.toContain("TODO");
      }
    });

    test("the defaults are valid, and plain data", () => {
      const defaults = params.parse({});
      expect(JSON.parse(JSON.stringify(defaults))).toEqual(defaults);
      expect(params.parse(defaults), "parsing is idempotent").toEqual(defaults);
    });
  });
}

/** Every string in a value, with where it stands; schemas and functions are not looked into. */
function stringsIn(value: unknown, where = "plug-in"): [string, string][] {
  if (typeof value === "string") return [[where, value]];
  if (typeof value !== "object" || value === null || value instanceof z.ZodType) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    ...(key.startsWith("TODO") ? [[where, key] as [string, string]] : []),
    ...stringsIn(child, `${where}.${key}`),
  ]);
}
