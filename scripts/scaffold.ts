/** @file Turns "a detector called tidy-goal" into the file that asks its author the right questions. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exportName, type Kind, kinds } from "./kinds.ts";
import { root } from "./source.ts";

const families = ["gradient", "evolution", "selection", "meta"];
const templates = join(root, "scripts/templates");

/** Kinds that `npm run new` can start. */
export const startable: readonly Kind[] = kinds.filter(({ id }) => readdirSync(templates).includes(`${id}.txt`));

/**
 * Path and text of a new plug-in file.
 *
 * @param name its id in kebab case; for kinds with families `<family>/<id>`
 * @throws {Error} when the kind is unknown or the name cannot be one
 */
export function scaffold(kindId: string, name: string): { path: string; text: string } {
  const kind = startable.find(({ id }) => id === kindId);
  if (!kind) throw new Error(`kind "${kindId}" does not exist; known: ${startable.map(({ id }) => id).join(", ")}`);
  const parts = name.split("/");
  const id = parts.pop()!;
  const family = parts.shift();
  if (kind.hasFamilies ? !families.includes(family ?? "") : family !== undefined) {
    const wanted = kind.hasFamilies ? `<family>/<id> with a family out of ${families.join(", ")}` : "an id alone";
    throw new Error(`a new ${kind.id} takes ${wanted}, got "${name}"`);
  }
  if (parts.length > 0 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
    throw new Error(`an id is written in kebab case, as in goal-shift, got "${id}"`);
  }
  const text = readFileSync(join(templates, `${kind.id}.txt`), "utf8")
    .replaceAll("__NAME__", exportName(id))
    .replaceAll("__ID__", id)
    .replaceAll("__FAMILY__", family ?? "");
  return { path: ["src", kind.folder, ...(family === undefined ? [] : [family]), `${id}.ts`].join("/"), text };
}
