import { expect, test } from "vitest";
import { generateIndexes } from "./gen-index.ts";

const indexes = (files: Record<string, string>) => generateIndexes(new Map(Object.entries(files)));

test("an index imports by path and lists by id", () => {
  const generated = indexes({
    "src/optimizers/selection/best-of-n.ts": "export const bestOfN = 1;",
    "src/optimizers/gradient/ppo.ts": "export const ppo = 1;",
    "src/optimizers/gradient/ppo.test.ts": "",
    "src/optimizers/gradient/adam/rule.ts": "export const rule = 1;",
    "src/optimizers/index.ts": "stale",
    "src/core/rng.ts": "export const x = 1;",
  });
  expect([...generated.keys()]).toEqual(["src/optimizers/index.ts"]);
  expect(generated.get("src/optimizers/index.ts")).toBe(
    `/** @file Generated from the files beside it by \`npm run gen\`; do not edit. */

import { ppo } from "./gradient/ppo.ts";
import { bestOfN } from "./selection/best-of-n.ts";

export const optimizers = [bestOfN, ppo] as const;
`,
  );
});

test("a long list breaks into lines, an emptied folder keeps an empty list", () => {
  const many = Array.from({ length: 9 }, (_, i) => [
    `src/envs/world-number-${i}.ts`,
    `export const worldNumber${i} = 1;`,
  ]);
  expect(indexes(Object.fromEntries(many)).get("src/envs/index.ts")).toContain("= [\n  worldNumber0,\n");
  expect(indexes({ "src/claims/index.ts": "" }).get("src/claims/index.ts")).toContain("claims = [] as const");
});

test("a file that is not named after what it exports is refused, and so are twins", () => {
  expect(() => indexes({ "src/envs/key-chest.ts": "export const keychest = 1;" })).toThrow(
    /does not export "keyChest"/,
  );
  expect(() => indexes({ "src/envs/key.ts": "export type key = 1;" })).toThrow(/does not export "key"/);
  expect(() =>
    indexes({ "src/optimizers/a/es.ts": "export const es = 1;", "src/optimizers/b/es.ts": "export const es = 1;" }),
  ).toThrow(/same id/);
});
