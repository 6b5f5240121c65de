/** @file The bench keeps what it read, reads what is missing or stale, and does not stop where a detector breaks. */
import { expect, test } from "vitest";
import { z } from "zod";
import { LabError } from "../../core/errors.ts";
import { scored } from "../../core/estimate.ts";
import { type DetectorPlugin, decline, defineDetector, type Examination } from "../../detector.ts";
import { DECOUPLED } from "../../env.ts";
import { drawLevels } from "../../rollout.ts";
import { memoryStore } from "../../store/memory.ts";
import { openExecutor } from "../../tensor/index.ts";
import { growOne } from "../grow.ts";
import { writeRecipe } from "../lab.ts";
import { ownLane, threadLane } from "../pool-bench.ts";
import { type BenchOptions, runBench } from "./bench.ts";
import type { BenchInstrument } from "./measure.ts";

const { executor } = await openExecutor("native");
const store = memoryStore();
const agents = await Promise.all(
  [0, 1].map(async (seed) => {
    const spec = writeRecipe("untrained", "cheese-corner", { envParams: { size: 5 }, seed });
    const ports = { executor, code: "test", clock: () => 0, put: store.put, saveCheckpoint: async () => undefined };
    return { world: "small", record: await growOne(spec, ports) };
  }),
);

const looks: string[] = [];

/** A detector that says what `measure` says, and leaves a trace. */
function instrument(id: string, measure: (examined: Examination) => number, code = "test"): BenchInstrument {
  const detector = defineDetector({
    id,
    title: id,
    question: "objective",
    claim: "none",
    access: ["act"],
    range: [-Infinity, Infinity],
    findings: {},
    fails: ["always"],
    calibration: { env: "cheese-corner", high: [], low: [], unscored: [] },
    source: "test",
    params: z.object({}),
    async measure(examined) {
      looks.push(id);
      const mean = measure(examined);
      const reading = scored({ mean, low: mean, high: mean, n: 1, unit: "levels" });
      return { ...decline("never shown"), reading };
    },
  });
  return { detector: detector as unknown as DetectorPlugin, params: {}, code };
}

const apart = instrument(
  "apart",
  ({ world, rng }) =>
    drawLevels(world, 16, DECOUPLED, "test", rng).filter((level) => world.isDistinguishing(level)).length,
);
const names = instrument("names", ({ world }) => world.objectives.length);
const broken = instrument("broken", () => {
  throw new TypeError("no such thing");
});
const declining = instrument("declining", () => {
  throw new LabError("input/invalid", "cannot be asked here");
});
const empty = instrument("empty", () => Number.NaN);
const all = [apart, names, broken, declining, empty];

const run = (instruments: readonly BenchInstrument[], options: Partial<BenchOptions> = {}) => {
  looks.length = 0;
  return runBench(agents, instruments, { store, seed: 5, lanes: [ownLane(executor, () => 0)], ...options });
};

test("every agent under every regime of its own; what was read is not read again, and stopping loses nothing", async () => {
  const controller = new AbortController();
  await run(all, { signal: controller.signal, onReading: ({ done }) => done === 3 && controller.abort() });
  expect(looks).toEqual(["apart", "names", "broken"]);

  const plans: (readonly number[])[] = [];
  const whole = await run(all, { onPlan: (...counts) => plans.push(counts) });
  expect(plans).toEqual([[3, 2 * 3 * all.length]]);
  expect(looks).toHaveLength(2 * 3 * all.length - 3);
  const again = await run(all);
  expect(looks).toEqual([]);
  expect(again).toEqual(whole);

  const readings = (regime: "in-distribution" | "named" | "shifted", id: string) =>
    whole[0]!.readings[regime]!.find(({ detector }) => detector === id)!;
  expect(readings("named", "names").reading).toMatchObject({ value: { mean: 2 } });
  expect(readings("shifted", "names").reading).toMatchObject({ value: { mean: 1 } });
  expect(readings("named", "apart").reading).toMatchObject({ value: { mean: 16 } });
  expect(readings("in-distribution", "apart").reading).toMatchObject({ value: { mean: 0 } });
  expect(readings("named", "broken")).toMatchObject({ hasFailed: true, reading: { reason: "no such thing" } });
  expect(readings("named", "declining")).toMatchObject({ reading: { reason: "cannot be asked here" } });
  expect(readings("named", "declining").hasFailed).toBeUndefined();
  expect(readings("named", "empty").reading).toMatchObject({ status: "unscored" });
  expect(whole[0]!.base).toBe("cheese");
});

test("a detector of other code is read again, unless any code will do", async () => {
  await run([names]);
  const changed = { ...names, code: "another" };
  await run([changed], { isAnyCode: true });
  expect(looks).toEqual([]);
  await run([changed], { regimes: ["shifted"] });
  expect(looks).toEqual(["names", "names"]);
});

test("threads read what this thread reads", async () => {
  const { detectors } = await import("../../detectors/index.ts");
  const detector = detectors.find(({ id }) => id === "capability") as unknown as DetectorPlugin;
  const one = [{ detector, params: detector.params.parse({ levels: 16 }), code: "test" }];
  const own = await run(one, { seed: 6, regimes: ["shifted"] });
  const thread = threadLane({ executor: "native", modules: [] });
  const other = memoryStore();
  for (const { record } of agents) await other.put(await store.get(record.checkpoints.at(-1)!.onnx));
  const away = await run(one, { store: other, seed: 6, regimes: ["shifted"], lanes: [thread.lane] });
  await thread.close();
  const values = (scored: typeof own) => scored.map(({ readings }) => readings.shifted!.map(({ reading }) => reading));
  expect(values(away)).toEqual(values(own));
  expect(values(own)[0]![0]).toMatchObject({ status: "scored" });
});
