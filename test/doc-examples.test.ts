/** @file Runs every `@example` of the sources and every `ts` fence of README.md and docs/. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { findExamples } from "../scripts/doc-examples.ts";
import { isTest, isTypeScript, readTree, root } from "../scripts/source.ts";

const examples = findExamples(
  new Map([
    ...readTree(["src"], (path) => isTypeScript(path) && !isTest(path)),
    ...readTree(["docs"], (path) => path.endsWith(".md")),
    ...readTree(["."], (path) => path === "README.md"),
  ]),
);

test("there are examples", () => expect(examples.length).toBeGreaterThan(0));

test.each(examples.map(({ path, line }) => [path, line] as const))("%s:%i", async (path, line) => {
  const { run } = (await import(/* @vite-ignore */ `${join(root, path)}.example-${line}.ts`)) as {
    run: () => Promise<void>;
  };
  await run();
});
