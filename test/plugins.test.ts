/** @file Every registered plug-in against what all plug-ins owe, and every file against the indexes. */

import { posix } from "node:path";
import { expect, test } from "vitest";
import { kinds } from "../scripts/kinds.ts";
import { isTest, isTypeScript, readTree } from "../scripts/source.ts";
import { pluginContract } from "./contracts/plugin.ts";

const sources = [...readTree(["src"], (path) => isTypeScript(path) && !isTest(path)).keys()];
const present = kinds.filter(({ folder }) => sources.includes(`src/${folder}/index.ts`));

test("there are kinds of plug-in to look at", () => expect(present.length).toBeGreaterThan(0));

for (const kind of present) {
  const depth = "hasFamilies" in kind ? 4 : 3;
  const files = sources
    .filter((path) => path.startsWith(`src/${kind.folder}/`) && path.split("/").length === depth)
    .map((path) => posix.basename(path, ".ts"))
    .filter((id) => id !== "index");
  const index = (await import(`../src/${kind.folder}/index.ts`)) as Record<string, readonly { id: string }[]>;
  const plugins = index[kind.folder]!;

  test(`src/${kind.folder}: one file per plug-in, and no two with one id`, () => {
    expect(plugins.map(({ id }) => id).sort()).toEqual(files.sort());
  });
  for (const plugin of plugins) pluginContract(kind.id, plugin, files);
}
