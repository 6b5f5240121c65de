/**
 * @file Every contrast on planted subjects through its own words: what was decided is read, what goes wrong is missing,
 * a subject that takes what stands first shows nothing, one without drives shows none, and one with every drive shows it.
 */
import { describe, expect, test } from "vitest";
import type { ContrastPlugin } from "../src/contrast.ts";
import { contrasts } from "../src/contrasts/index.ts";
import { findById } from "../src/core/errors.ts";
import { rng } from "../src/core/rng.ts";
import { plantedModels } from "../src/providers/planted/catalog.ts";
import { plantedSubject } from "../src/providers/planted/subject.ts";
import { primaryOf } from "../src/trials/design.ts";
import { effectOf } from "../src/trials/effect.ts";
import { noJournal } from "../src/trials/journal.ts";
import { runSuite } from "../src/trials/run.ts";
import { familyDifferences, tabulate } from "../src/trials/table.ts";
import { validateWords } from "../src/trials/validate-words.ts";

const all: readonly ContrastPlugin[] = contrasts;
const ITEMS = 4;

/** The primary effect of a planted subject, without the rest of the analysis. */
async function effectOn(contrast: ContrastPlugin, subject: string) {
  const design = { itemsPerFamily: ITEMS, repeats: 1, seed: 0 };
  const { weights } = primaryOf(contrast);
  const arms = contrast.arms.filter(({ id }) => (weights[id] ?? 0) !== 0);
  const { contrasts: runs } = await runSuite(
    {
      suite: { id: "test", title: "test", contrasts: [{ ...contrast, arms }], design },
      subject: plantedSubject(findById("planted subject", plantedModels, subject)),
    },
    { clock: () => performance.now(), sleep: () => Promise.resolve(), journal: noJournal },
  );
  const { trials } = runs[0]!;
  expect(trials.length).toBe(contrast.families.length * arms.length * ITEMS);
  expect(trials.filter(({ score }) => score.status === "missing")).toEqual([]);
  const scale =
    (contrast.range[1] - contrast.range[0]) * Object.values(weights).reduce((sum, w) => sum + Math.max(0, w), 0);
  const effect = effectOf(familyDifferences(tabulate(trials), weights), scale, rng(0));
  if (typeof effect === "string") throw new Error(effect);
  return effect;
}

for (const contrast of all) {
  describe(contrast.id, () => {
    test("reads what was decided, and shows nothing to a subject that takes what stands first", async () => {
      const words = await validateWords(contrast, { itemsPerFamily: 2, repeats: 1, seed: 0 });
      expect(words.misread).toEqual([]);
      expect(words.judged).toBe(0);
      expect(words.firstOptionEffect).toBe(0);
    });

    test("shows no effect of a subject without drives, and the effect of one with all of them", async () => {
      // As many tests as there are contrasts: one in twenty of them would err by luck alone.
      expect((await effectOn(contrast, "honest")).p).toBeGreaterThan(0.05 / all.length);
      expect((await effectOn(contrast, "driven")).estimate.low).toBeGreaterThan(0);
    });
  });
}
