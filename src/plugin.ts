/**
 * @file What every plug-in says about itself. CLI flags, docs pages, forms and
 * stored specs are derived from this one object; nothing about a plug-in is
 * written down a second time.
 */
import { z } from "zod";
import { LabError } from "./core/errors.ts";

/** A zod object whose every field has `.default()` and `.describe()` with its unit. */
export type ParamsSchema = z.ZodObject;

export interface Plugin<P extends ParamsSchema = ParamsSchema> {
  /** Equal to the file name, and to the export name in camel case. */
  readonly id: string;
  readonly title: string;
  /** Paper, section or reasoning this comes from. */
  readonly source: string;
  readonly params: P;
}

/**
 * Parameters with their defaults filled in.
 *
 * @throws {LabError} `input/invalid` naming the plug-in, the parameter and what was expected
 */
export function parseParams<P extends ParamsSchema>(plugin: Plugin<P>, given: unknown = {}): z.output<P> {
  const parsed = plugin.params.strict().safeParse(given);
  if (parsed.success) return parsed.data as z.output<P>;
  const known = Object.keys(plugin.params.shape).join(", ") || "none";
  throw new LabError("input/invalid", `${plugin.id}: ${z.prettifyError(parsed.error)}; known parameters: ${known}`, {
    hint: `Run "mesascope show ${plugin.id}" for every parameter, its unit and its default.`,
  });
}
