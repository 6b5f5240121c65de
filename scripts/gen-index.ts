/**
 * @file Writes `index.ts` of every plug-in folder from the files that lie there, so that adding a plug-in touches
 * one file. Every file in such a folder is a plug-in; what plug-ins share goes below them in a layer, or into a
 * subfolder.
 */

import { posix } from "node:path";
import { exportName, type Kind, kinds } from "./kinds.ts";
import { isTest, isTypeScript, type Tree, valueExportsOf } from "./source.ts";

/**
 * The index of every kind that has a folder in the tree, by path.
 *
 * @throws {Error} when a file in a plug-in folder does not export its own name, or two files share an id
 */
export function generateIndexes(tree: Tree): Map<string, string> {
  const generated = new Map<string, string>();
  for (const kind of kinds) {
    const folder = `src/${kind.folder}`;
    if (![...tree.keys()].some((path) => path.startsWith(`${folder}/`))) continue;
    generated.set(`${folder}/index.ts`, indexOf(kind, pluginFiles(kind, tree), tree));
  }
  return generated;
}

/** Plug-in files of a kind, sorted by id. */
function pluginFiles(kind: Kind, tree: Tree): string[] {
  const depth = kind.hasFamilies ? 4 : 3;
  return [...tree.keys()]
    .filter((path) => path.startsWith(`src/${kind.folder}/`) && path.split("/").length === depth)
    .filter((path) => isTypeScript(path) && !isTest(path) && !path.endsWith("/index.ts"))
    .sort((a, b) => compare(idOf(a), idOf(b)));
}

function indexOf(kind: Kind, files: readonly string[], tree: Tree): string {
  const seen = new Map<string, string>();
  for (const path of files) {
    const name = exportName(idOf(path));
    if (!valueExportsOf(path, tree.get(path)!).includes(name)) {
      throw new Error(`${path} does not export "${name}"; a plug-in exports one constant named after its file`);
    }
    const twin = seen.get(name);
    if (twin) throw new Error(`${path} and ${twin} have the same id; ids are unique within a kind`);
    seen.set(name, path);
  }
  // Imports are sorted by path as the formatter sorts them, the array by id.
  const imports = [...files]
    .sort((a, b) => compare(a.replace(/\.ts$/, ""), b.replace(/\.ts$/, "")))
    .map((path) => `import { ${exportName(idOf(path))} } from "./${posix.relative(`src/${kind.folder}`, path)}";\n`);
  const names = files.map((path) => exportName(idOf(path)));
  const line = `export const ${kind.folder} = [${names.join(", ")}] as const;`;
  const array = line.length <= 120 ? line : line.replace(/\[.*\]/, `[\n${names.map((n) => `  ${n},\n`).join("")}]`);
  return [
    "/** @file Generated from the files beside it by `npm run gen`; do not edit. */\n",
    imports.length > 0 ? `\n${imports.join("")}` : "",
    `\n${array}\n`,
  ].join("");
}

const idOf = (path: string): string => posix.basename(path, ".ts");
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
