/** @file How the tests run: sources, contracts, scripts and documentation examples in one suite. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vitest/config";
import { compileExample, findExamples } from "./scripts/doc-examples.ts";
import { root } from "./scripts/source.ts";

export default defineConfig({
  plugins: [docExamples()],
  resolve: {
    alias: [
      { find: /^mesascope$/, replacement: join(root, "src/index.ts") },
      { find: /^mesascope\/tensor$/, replacement: join(root, "src/tensor/index.ts") },
    ],
  },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    // Native kernels are loaded by many files; a process each keeps a crash in its file.
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

/** Serves `<file>.example-<line>.ts` beside every documented file: the example at that line, as a module. */
function docExamples(): Plugin {
  const pattern = /^(.*)\.example-(\d+)\.ts$/;
  return {
    name: "doc-examples",
    enforce: "pre",
    resolveId: (id) => (pattern.test(id) ? id : null),
    load(id) {
      const [, file, line] = pattern.exec(id) ?? [];
      if (file === undefined) return null;
      const text = readFileSync(file, "utf8");
      const example = findExamples(new Map([[file, text]])).find((each) => each.line === Number(line));
      if (!example) throw new Error(`no example at ${file}:${line}`);
      return compileExample(example, file.endsWith(".md") ? undefined : text, join(root, "scripts/doc-assertions.ts"));
    },
  };
}
