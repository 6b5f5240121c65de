/** @file What every plug-in of every kind owes: answers to the questions of its kind, and parameters that explain themselves. */
import { z } from "zod";
import type { ParamsSchema } from "../plugin.ts";
import { type Check, noBreaches } from "./contract.ts";

/** Checks of one plug-in's description of itself. */
export function pluginContract(plugin: object): readonly Check[] {
  const answers: Readonly<Record<string, unknown>> = { ...plugin };
  const params = answers.params as ParamsSchema | undefined;
  return [
    {
      title: "is frozen: nothing changes it while it is in use",
      run: () => (Object.isFrozen(plugin) ? [] : ["it can be changed; make it with its define function"]),
    },
    { title: "answers every question", run: () => unanswered(answers) },
    ...(params === undefined ? [] : paramsContract(params)),
  ];
}

function unanswered(answers: Readonly<Record<string, unknown>>): readonly string[] {
  const { found, unless } = noBreaches();
  for (const [where, text] of stringsIn(answers)) {
    unless(/\S/.test(text), `${where} is empty`);
    unless(!text.includes("TODO"), () => `${where} is not written yet: "${text.slice(0, 60)}"`);
  }
  if ("fails" in answers) {
    unless((answers.fails as readonly string[]).length > 0, "it knows no way of being wrong; there is always one");
  }
  return found;
}

function paramsContract(params: ParamsSchema): readonly Check[] {
  return [
    {
      title: "every parameter has a default and a description",
      run() {
        const { found, unless } = noBreaches();
        const { properties = {} } = z.toJSONSchema(params, { io: "input" });
        for (const [name, schema] of Object.entries(properties)) {
          const { default: fallback, description = "" } = schema as { default?: unknown; description?: string };
          unless(fallback !== undefined, `${name} has no default`);
          unless(/\S/.test(description), `${name} has no description`);
          unless(!description.includes("TODO"), `the description of ${name} is not written yet`);
        }
        return found;
      },
    },
    {
      title: "the defaults are valid, and plain data",
      run() {
        const { found, unless } = noBreaches();
        const defaults = params.parse({});
        const text = JSON.stringify(defaults);
        unless(JSON.stringify(JSON.parse(text)) === text, "the defaults do not survive JSON");
        unless(JSON.stringify(params.parse(defaults)) === text, "parsing the defaults changes them");
        return found;
      },
    },
  ];
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
