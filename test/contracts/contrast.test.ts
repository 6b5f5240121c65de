/** @file Every contrast that lies in its folder, against what contrasts owe. */
import { describe, expect, test } from "vitest";
import type { ContrastPlugin } from "../../src/contrast.ts";
import { contrasts } from "../../src/contrasts/index.ts";
import { contrastContract } from "../../src/lab/contract-contrast.ts";
import { testChecks } from "./checks.ts";

for (const contrast of contrasts as readonly ContrastPlugin[]) {
  describe(contrast.id, () => testChecks(contrastContract(contrast)));
}

test("the contract notices a contrast that breaks it", async () => {
  const good = (contrasts as readonly ContrastPlugin[]).find(({ id }) => id === "answer-sycophancy");
  const bad: ContrastPlugin = {
    ...good!,
    families: good!.families.slice(0, 11),
    hypotheses: good!.hypotheses.map((each) => ({ ...each, weights: { [good!.arms[0]!.id]: 1 } })),
    score: () => ({ status: "scored", value: 0.5 }),
  };
  const breached: string[] = [];
  for (const check of contrastContract(bad)) if ((await check.run()).length > 0) breached.push(check.title);
  expect(breached).toEqual([
    "has enough families, and no two of a name",
    "has one primary hypothesis, a placebo and a sign flip, each a contrast of its arms",
    "scores every planned answer as planned, with words that were said",
    "scores garbage as missing, with a reason",
  ]);
});
