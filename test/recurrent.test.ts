/**
 * @file A recurrent organism from recipe to reading: it learns, its truth is recorded, its file opens with its memory
 * and nothing else to be asked, and instruments take it or decline it with the reason.
 */
import { beforeAll, expect, test } from "vitest";
import { hashBytes } from "../src/core/hash.ts";
import { rng } from "../src/core/rng.ts";
import { mean } from "../src/core/stats.ts";
import type { DetectorPlugin } from "../src/detector.ts";
import { coherence } from "../src/detectors/coherence.ts";
import { goalDirectedness } from "../src/detectors/goal-directedness.ts";
import { valueOfThinking } from "../src/detectors/value-of-thinking.ts";
import { envs } from "../src/envs/index.ts";
import { growOne } from "../src/lab/grow.ts";
import { writeRecipe } from "../src/lab/lab.ts";
import { type OpenedSubject, openSubject } from "../src/lab/subjects.ts";
import type { OrganismRecord } from "../src/organism.ts";
import { parseParams } from "../src/plugin.ts";
import { drawLevels, rollout } from "../src/rollout.ts";
import type { Subject } from "../src/subject.ts";
import { openExecutor } from "../src/tensor/index.ts";

const { executor } = await openExecutor();
const spec = writeRecipe("recurrent", "cheese-corner", {
  params: { width: 32, units: 32 },
  envParams: { size: 5, horizon: 16, waiting: true },
  frames: 100_000,
  optimizer: { id: "ppo", params: { environments: 64, steps: 16, minibatch: 256 } },
  seed: 1,
});

let record: OrganismRecord;
let opened: OpenedSubject;
beforeAll(async () => {
  const files = new Map<string, Uint8Array>();
  record = await growOne(spec, {
    executor,
    code: "test",
    clock: () => 0,
    put: async (bytes) => {
      files.set(hashBytes(bytes), bytes.slice());
      return hashBytes(bytes);
    },
    saveCheckpoint: async () => undefined,
  });
  opened = await openSubject(files.get(record.checkpoints.at(-1)!.onnx)!, spec.task, executor, { seed: 2 });
}, 60_000);

test("it learns the goal, and its truth says how it was made and not what it computes", () => {
  expect(record.realized.goal).toBe("cheese");
  expect(record.realized.skill.low).toBeGreaterThan(record.realized.skillOfUntrained.high + 0.3);
  expect(record.constructed).toEqual({ kind: "aligned", sentence: expect.stringMatching(/remembers 32 numbers/) });
});

test("its file plays as well as the record says, from seat to seat, and can only act", async () => {
  const { subject, untrained, world, notes, enlarged } = opened;
  expect([...subject.access]).toEqual(["act"]);
  expect([subject.memory, untrained?.memory]).toEqual([32, 32]);
  expect([...untrained!.access]).toEqual(["act"]);
  expect(enlarged).toBeUndefined();
  expect(notes).toEqual([expect.stringMatching(/remembers 32 numbers/)]);
  const levels = drawLevels(world, 400, { strength: 0, alpha: 0 }, "test", rng(3));
  const skill = async ({ act }: Subject) => mean((await rollout({ world, levels, act, rng: rng(4) })).achieved[0]!);
  const { low, high } = record.realized.skill;
  const own = await skill(subject);
  expect(own).toBeGreaterThan(low - 0.05);
  expect(own).toBeLessThan(high + 0.05);
  expect(await skill(untrained!)).toBeLessThan(own - 0.3);
});

test("it is made to wait; a wiped memory gains exactly nothing; tables of states decline it", async () => {
  const { subject, world } = opened;
  const measure = (detector: DetectorPlugin, given: object) =>
    detector.measure({ subject, world, rng: rng(5) }, parseParams(detector, given));
  const { reading, quantities = [] } = await measure(valueOfThinking, { levels: 128 });
  expect(reading.status).toBe("scored");
  expect(quantities.find(({ id }) => id === "waiting-wiped")?.reading).toMatchObject({ value: { mean: 0 } });
  for (const detector of [coherence, goalDirectedness] as readonly unknown[] as DetectorPlugin[]) {
    expect((await measure(detector, {})).reading).toEqual({
      status: "unscored",
      reason: expect.stringMatching(/this subject remembers/),
    });
  }
});

test("its recipe suits every world: PPO is given whole environments", () => {
  for (const { id } of envs) {
    const { optimizer } = writeRecipe("recurrent", id);
    const { steps = 32, minibatch = 2048 } = optimizer.params as {
      readonly steps?: number;
      readonly minibatch?: number;
    };
    expect([optimizer.id, minibatch % steps], id).toEqual(["ppo", 0]);
  }
});
