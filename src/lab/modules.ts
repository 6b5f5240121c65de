/**
 * @file A user's own module, imported from wherever it lies: it names this library as "mesascope" and its schemas
 * as "zod", with no package.json and no node_modules beside it. Node strips the types.
 */
import { readFile } from "node:fs/promises";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { hashBytes } from "../core/hash.ts";
import type { EnvPlugin } from "../env.ts";
import { bringEnv } from "./registry.ts";

/** A file of this library beside `file`, in a checkout and in a built package alike. */
const own = (path: string) => new URL(import.meta.url.endsWith(".ts") ? `${path}.ts` : `${path}.js`, import.meta.url);

/** What a user's module may import by name, and where it lies. */
const DOORS: Readonly<Record<string, URL>> = {
  mesascope: own("../index"),
  "mesascope/tensor": own("../tensor/index"),
};

let isHooked = false;

/** From now on, in this thread, the names above mean the library that is running, and not another copy of it. */
function hook(): void {
  if (isHooked) return;
  isHooked = true;
  registerHooks({
    resolve(specifier, context, next) {
      const isForeign = context.parentURL?.includes("/node_modules/") ?? true;
      const door = DOORS[specifier];
      if (door && !isForeign) return { url: door.href, shortCircuit: true };
      // One zod for both sides, and one that is there.
      if (specifier === "zod" && !isForeign) return next(specifier, { ...context, parentURL: import.meta.url });
      const found = next(specifier, context);
      // Without a package.json that says so, a file is taken for what it is: this library knows modules only.
      if (isForeign || found.url.includes("/node_modules/") || !/^file:.*\.[tj]s$/.test(found.url)) return found;
      return { ...found, format: found.url.endsWith(".ts") ? "module-typescript" : "module" };
    },
  });
}

/**
 * Run a module and take what it exports.
 *
 * @param path of a file, absolute
 * @throws whatever importing it throws, syntax errors and the module's own alike
 */
export async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  hook();
  return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Record<string, unknown>;
}

/** Is an export an environment? By what only environments have. */
const isEnv = (value: unknown): value is EnvPlugin =>
  typeof value === "object" && value !== null && "make" in value && "training" in value;

/** Make a module's environments known in this thread; training threads do so with the files the main thread has checked. */
export async function bringModule(path: string): Promise<void> {
  const source = hashBytes(await readFile(path));
  for (const value of Object.values(await importModule(path))) if (isEnv(value)) bringEnv(value, source);
}
