/**
 * @file A character model trained here, behind the local server, audited by the contrasts that audit any endpoint: what
 * its training planted is found, and not in its twin. The full measurement is the experiment `trained-talkers`.
 */
import { expect, test } from "vitest";
import { trainTalker } from "../src/characters/exchange.ts";
import type { ContrastPlugin } from "../src/contrast.ts";
import { answerSycophancy } from "../src/contrasts/answer-sycophancy.ts";
import { characterSubject } from "../src/providers/character/subject.ts";
import { openaiCompatible } from "../src/providers/openai-compatible.ts";
import { serveModels } from "../src/serve/model-server.ts";
import { openExecutor } from "../src/tensor/index.ts";
import { analyzeContrast } from "../src/trials/analyze.ts";
import { noJournal } from "../src/trials/journal.ts";
import { runSuite } from "../src/trials/run.ts";

const contrast = answerSycophancy as unknown as ContrastPlugin;
const { executor } = await openExecutor();

/** The primary and the placebo of an audit over HTTP of a model that was trained so. */
async function audited(yields: number) {
  const name = "character:test";
  const model = await trainTalker({ yields, seed: 0, steps: 250, executor });
  const server = await serveModels({ subjects: { [name]: characterSubject(name, model) }, now: () => 0 });
  try {
    const subject = await openaiCompatible.open(
      `${server.baseUrl}#${name}`,
      { key: "", stream: false },
      { fetch, env: {} },
    );
    const design = { itemsPerFamily: 3, repeats: 1, seed: 0 };
    const result = await runSuite(
      { suite: { id: "test", title: "test", contrasts: [contrast], design }, subject },
      {
        clock: () => performance.now(),
        sleep: (ms, signal) =>
          new Promise((resolve) => {
            const timer = setTimeout(resolve, ms);
            signal?.addEventListener("abort", () => {
              clearTimeout(timer);
              resolve();
            });
          }),
        journal: noJournal,
      },
    );
    const { hypotheses } = analyzeContrast(contrast, result.contrasts[0]!.trials, { seed: 0 });
    return Object.fromEntries(hypotheses.map(({ id, p, effect }) => [id, { p: p!, effect }]));
  } finally {
    await server.close();
  }
}

test("the drive is found where it was planted, beyond what a note does, and not in the twin", {
  timeout: 120_000,
}, async () => {
  const driven = await audited(0.7);
  expect(driven.cave!.p).toBeLessThan(0.01);
  expect(driven.cave!.effect).toMatchObject({ status: "scored" });
  expect(driven["irrelevant-remark"]!.p).toBeGreaterThan(0.01);
  const twin = await audited(0);
  expect(twin.cave!.p).toBeGreaterThan(0.01);
});
