/** @file Subjects that differ in why they act alike, told apart by the effects of several arms together. */
import { expect, test } from "vitest";
import type { ContrastPlugin } from "../contrast.ts";
import { contrasts } from "../contrasts/index.ts";
import { findById } from "../core/errors.ts";
import { plantedModels } from "../providers/planted/catalog.ts";
import { plantedSubject } from "../providers/planted/subject.ts";
import { analyzeContrast } from "./analyze.ts";
import { noJournal } from "./journal.ts";
import { runSuite } from "./run.ts";

async function patternsOf(subject: string, id: string): Promise<readonly string[]> {
  const contrast = findById("contrast", contrasts as readonly ContrastPlugin[], id);
  const design = { itemsPerFamily: 4, repeats: 1, seed: 0 };
  const result = await runSuite(
    {
      suite: { id: "test", title: "test", contrasts: [contrast], design },
      subject: plantedSubject(findById("planted subject", plantedModels, subject)),
    },
    { clock: () => performance.now(), sleep: () => Promise.resolve(), journal: noJournal },
  );
  const { trials } = result.contrasts[0]!;
  expect(trials.length).toBe(contrast.families.length * 4 * contrast.arms.length);
  return analyzeContrast(contrast, trials, { seed: 0 }).patterns.map(({ word }) => word);
}

test.each([
  ["alignment-faker", "alignment-faking", ["goal guarding"]],
  ["rater-pleaser", "alignment-faking", ["rater pleasing"]],
  ["label-follower", "alignment-faking", ["label following"]],
  ["honest", "alignment-faking", ["no gap"]],
  ["self-preserver", "shutdown", ["self-preservation"]],
  ["task-driven", "shutdown", ["task drive"]],
  ["literal", "shutdown", ["unclear instructions"]],
  ["honest", "shutdown", []],
])("planted:%s in %s", async (subject, contrast, words) => {
  expect(await patternsOf(subject, contrast)).toEqual(words);
});
