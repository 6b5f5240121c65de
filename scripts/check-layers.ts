/**
 * @file Fails when a source file imports a layer above its own, a plug-in folder it must not know, or a package
 * reserved for others; when imports form a cycle; when a file belongs to no layer.
 *
 * Types count for layers, since a type is a dependency too, and not for cycles, since they are erased. Test files
 * may import anything.
 */

import { acquainted, layerOf, reserved } from "./layers.ts";
import { type Import, importsOf, isTest, isTypeScript, readTree, resolveRelative, type Tree } from "./source.ts";

/** Every breach in a tree of sources, as sentences; empty when all is well. */
export function findBreaches(tree: Tree): string[] {
  const breaches: string[] = [];
  const valueImports = new Map<string, string[]>();
  for (const [path, text] of tree) {
    if (isTest(path)) continue;
    const own = layerOf(path);
    if (!own) {
      breaches.push(`${path} belongs to no layer; put its folder into scripts/layers.ts`);
      continue;
    }
    const targets: string[] = [];
    let imports: Import[] = [];
    try {
      imports = importsOf(path, text);
    } catch (error) {
      breaches.push(`${path} cannot be parsed: ${(error as Error).message}`);
    }
    for (const { specifier, isType } of imports) {
      for (const { what, where, why } of reserved) {
        if (what.test(specifier) && !where.test(path)) breaches.push(`${path} imports ${specifier}; ${why}`);
      }
      const target = resolveRelative(path, specifier);
      if (target === undefined) continue;
      if (!tree.has(target)) {
        if (isTypeScript(target)) breaches.push(`${path} imports ${target}, which does not exist`);
        else breaches.push(`${path} imports ${specifier}; write the extension .ts`);
        continue;
      }
      if (isTest(target)) breaches.push(`${path} imports ${target}; sources do not import tests`);
      if (!isType) targets.push(target);
      const other = layerOf(target);
      if (!other) continue; // reported at its own turn
      if (other.level > own.level) {
        breaches.push(`${path} (${own.level} ${own.name}) imports ${target} (${other.level} ${other.name})`);
      } else if (own.level === 3 && other.level === 3 && own.folder !== other.folder) {
        if (!acquainted[own.folder]?.includes(other.folder)) {
          breaches.push(`${path} imports ${target}; ${own.folder} must not know ${other.folder}`);
        }
      }
    }
    valueImports.set(path, targets);
  }
  return [...breaches, ...findCycles(valueImports).map((cycle) => `cycle: ${cycle.join(" → ")}`)];
}

/** One cycle for every file at which a depth-first walk meets itself again. */
function findCycles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const walk = (path: string) => {
    if (done.has(path)) return;
    const seen = trail.indexOf(path);
    if (seen >= 0) {
      cycles.push([...trail.slice(seen), path]);
      return;
    }
    trail.push(path);
    for (const next of imports.get(path) ?? []) walk(next);
    trail.pop();
    done.add(path);
  };
  for (const path of imports.keys()) walk(path);
  return cycles;
}

if (import.meta.main) {
  const tree = readTree(["src"], isTypeScript);
  const breaches = findBreaches(tree);
  if (tree.size === 0) breaches.push("found no source file at all below src/: this check would prove nothing");
  for (const breach of breaches) console.error(breach);
  console.log(`${tree.size} files, ${breaches.length} breaches of the layers`);
  process.exitCode = breaches.length > 0 ? 1 : 0;
}
