/** @file Every experiment runs at its smoke budget, draws its figures, and can be judged by the claims that rest on it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { claims } from "../src/claims/index.ts";
import type { ExperimentPlugin } from "../src/experiment.ts";
import { experiments } from "../src/experiments/index.ts";
import { createLab } from "../src/lab/lab.ts";
import { runExperiment } from "../src/lab/replicate.ts";
import { replications } from "../src/report/replications.ts";
import type { Calibration } from "../src/scoreboard.ts";
import { memoryStore } from "../src/store/memory.ts";
import { openExecutor } from "../src/tensor/index.ts";

const all: readonly ExperimentPlugin[] = experiments;
const store = memoryStore();
afterAll(() => store.close());
const { executor } = await openExecutor();
const shipped = fileURLToPath(new URL("../docs/scoreboard/calibration.json", import.meta.url));
const calibration = JSON.parse(readFileSync(shipped, "utf8")) as Calibration;
const lab = createLab({ store, executor, threads: 2, code: "test", calibration });

describe.each(all)("experiment $id", (experiment) => {
  test("smoke budget, figures, verdicts", { timeout: 120_000 }, async () => {
    const options = { lab, budget: "smoke", seed: 0, code: "test", executor: executor.id, clock: () => 0 } as const;
    const record = await runExperiment(experiment, options);
    expect(record.rows.length).toBeGreaterThan(1);
    // None where what is trained is no organism: a character model, a tabular agent.
    expect(record.organisms.length).not.toBe(1);
    for (const { quantities, perSeed } of record.rows) {
      for (const [name, { mean, low, high, n, unit }] of Object.entries(quantities)) {
        // Where nothing is trained from a seed, other things are counted, and the unit says which.
        if (unit === "seeds" || perSeed[name]) expect(perSeed[name]).toHaveLength(n);
        if (perSeed[name]) expect(unit).toBe("seeds");
        expect(low).toBeLessThanOrEqual(mean);
        expect(mean).toBeLessThanOrEqual(high);
      }
    }
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    expect(experiment.figures(record.rows).length).toBeGreaterThan(0);
    for (const claim of claims.filter((each) => each.experiment === experiment.id)) {
      expect(claim.judge(record.rows).because).toMatch(/\S/);
    }
    const { markdown, figures } = replications({ claims, experiments: all, records: [{ ...record, budget: "full" }] });
    expect(markdown).toContain(`Experiment \`${experiment.id}\``);
    expect(Object.keys(figures).length).toBeGreaterThan(0);
    expect(markdown).not.toMatch(/NaN|undefined|null/);
  });
});

test("the same seed gives the same rows", { timeout: 120_000 }, async () => {
  const [first] = all;
  const options = { lab, budget: "smoke", seed: 1, code: "test", executor: executor.id, clock: () => 0 } as const;
  expect((await runExperiment(first!, options)).rows).toEqual((await runExperiment(first!, options)).rows);
});
