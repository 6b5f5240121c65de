/** @file The repository's own files as text, and what a module imports and exports: the ground under every check. */

import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

/** The repository root, without a trailing slash. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/** Text by path, relative to the root and with forward slashes. */
export type Tree = ReadonlyMap<string, string>;

/** Every file below `folders` whose path passes `wanted`, sorted by path; a folder that does not exist is empty. */
export function readTree(folders: readonly string[], wanted: (path: string) => boolean, base = root): Tree {
  const paths: string[] = [];
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(base, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules") visit(path);
      } else if (wanted(path)) paths.push(path);
    }
  };
  const present = new Set(readdirSync(base));
  for (const folder of folders) if (folder === "." || present.has(folder.split("/")[0]!)) visit(folder);
  return new Map(paths.sort().map((path) => [path, readFileSync(join(base, path), "utf8")]));
}

export const isTypeScript = (path: string): boolean => path.endsWith(".ts") && !path.endsWith(".d.ts");
export const isTest = (path: string): boolean => path.endsWith(".test.ts");

/** One module named by another. */
export interface Import {
  /** As written: `./a.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** Erased before running, so it cannot take part in a cycle. */
  readonly isType: boolean;
}

/**
 * What a module imports (statically, dynamically with a literal, or by re-exporting), each module once.
 *
 * @throws {Error} when the text is not TypeScript
 */
export function importsOf(path: string, text: string): Import[] {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(errors[0]!.message);
  const found = new Map<string, boolean>();
  const add = (specifier: string, isType: boolean) => found.set(specifier, isType && (found.get(specifier) ?? true));
  for (const { moduleRequest, entries } of module.staticImports) {
    add(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType));
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) if (moduleRequest) add(moduleRequest.value, isType);
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^["'`](.*)["'`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (literal) add(literal[1]!, false);
  }
  return [...found].map(([specifier, isType]) => ({ specifier, isType }));
}

/** Names a module exports as values; types are left out. */
export function valueExportsOf(path: string, text: string): string[] {
  return parseSync(path, text).module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ isType, exportName }) => (isType || exportName.name === null ? [] : [exportName.name])),
  );
}

/** The path a relative specifier means; undefined for packages and `node:` modules. */
export function resolveRelative(from: string, specifier: string): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : undefined;
}
