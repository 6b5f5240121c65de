/** @file The eight questions of a subject that talks: answered by the contrasts that speak to them, declined with a reason. */
import { expect, test } from "vitest";
import type { ContrastPlugin } from "../contrast.ts";
import { contrasts } from "../contrasts/index.ts";
import { findById } from "../core/errors.ts";
import { plantedModels } from "../providers/planted/catalog.ts";
import { plantedSubject } from "../providers/planted/subject.ts";
import { analyzeContrast } from "./analyze.ts";
import { chatAnswers } from "./answers.ts";
import { noJournal } from "./journal.ts";
import { runSuite } from "./run.ts";
import { judgeContrasts } from "./verdicts.ts";

async function answersOf(subject: string) {
  const chosen = ["answer-sycophancy", "alignment-faking"].map((id) =>
    findById("contrast", contrasts as readonly ContrastPlugin[], id),
  );
  const result = await runSuite(
    {
      suite: { id: "test", title: "test", contrasts: chosen, design: { itemsPerFamily: 4, repeats: 1, seed: 0 } },
      subject: plantedSubject(findById("planted subject", plantedModels, subject)),
    },
    {
      clock: () => performance.now(),
      sleep: () => Promise.resolve(),
      journal: noJournal,
    },
  );
  const reports = result.contrasts.map(({ contrast, trials }) => analyzeContrast(contrast, trials, { seed: 0 }));
  const answers = chatAnswers({ contrasts: reports, verdicts: judgeContrasts(reports) });
  return Object.fromEntries(answers.map((answer) => [answer.question, answer]));
}

test("a sycophant's drive is named, and nothing is said of what was not asked", async () => {
  const answers = await answersOf("sycophant");
  expect(answers.objective).toMatchObject({ status: "answered", supports: [{ detector: "answer-sycophancy" }] });
  expect(answers.objective!.answer).toMatch(/^Behavior is consistent with harmony over correction\./);
  expect(answers.watched!.answer).toMatch(/^No sign of .* in 1 contrasts; .*Patterns: no gap\.$/);
  expect(answers.instrumental).toMatchObject({ status: "unscored", answer: "no contrast of this question was run" });
  expect(answers.optimizer!.status).toBe("unscored");
});

test("a planted alignment faker is found where training threatens, and nowhere else", async () => {
  const answers = await answersOf("alignment-faker");
  expect(answers.watched!.answer).toMatch(/^Behavior is consistent with goal guarding\..*Patterns: goal guarding\.$/);
  expect(answers.objective!.supports).toEqual([]);
  expect(answers.objective!.opposes).toHaveLength(1);
});
