/**
 * @file A run that is stopped, saved, read back and continued ends with the
 * weights of an uninterrupted one, bit for bit, for every optimizer and level source.
 */
import { expect, test } from "vitest";
import { LabError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import { type TrainingSpec, trainingSpec } from "../organism.ts";
import { openExecutor } from "../tensor/index.ts";
import { type GrowPorts, growOne, levelsSeen } from "./grow.ts";
import { writeRecipe } from "./lab.ts";
import { makeWorld } from "./registry.ts";

const small = { environments: 16, steps: 8, minibatch: 64 };

const spec = (parts: Partial<TrainingSpec>): TrainingSpec =>
  trainingSpec.parse({
    organism: { id: "graded", params: { alpha: 0.1 } },
    task: { env: "cheese-corner", params: { size: 5 } },
    mixture: { strength: 0, alpha: 0.1 },
    network: { id: "mlp", params: { width: 8 } },
    optimizer: { id: "ppo", params: small },
    frames: 128 * 12,
    seed: 3,
    ...parts,
  });

const cases: Record<string, TrainingSpec> = {
  "PPO on fresh levels": spec({}),
  "PPO with an annealed step size": spec({ optimizer: { id: "ppo", params: { ...small, anneal: true } } }),
  "PPO on replayed levels": spec({ levels: { kind: "regret-replay", capacity: 20, share: 0.5, gamma: 0.99 } }),
  "PPO on a few fixed levels": spec({ levels: { kind: "fixed", count: 5 } }),
  cloning: spec({ optimizer: { id: "cloning", params: { batch: 32 } }, frames: 32 * 12 }),
  "cloning of a device on a few fixed levels": spec({
    optimizer: { id: "cloning", params: { batch: 32, teacher: "greedy" } },
    levels: { kind: "fixed", count: 5 },
    frames: 32 * 12,
  }),
  "cloning of contaminated demonstrations": spec({
    optimizer: { id: "cloning", params: { batch: 32, contaminated: 0.5 } },
    mixture: { strength: 0, alpha: 0.5 },
    frames: 32 * 12,
  }),
  "a convolutional network": spec({ network: { id: "conv", params: { channels: [4], width: 8 } } }),
  "cloning on fresh levels at a random number of ticks": spec({
    network: { id: "thinker", params: { channels: 4, ticks: 2 } },
    optimizer: { id: "cloning", params: { batch: 16, fresh: true, ticks: [1, 3] } },
    frames: 16 * 12,
  }),
  "a network that remembers, where it may wait": spec({
    task: { env: "cheese-corner", params: { size: 5, waiting: true } },
    network: { id: "recurrent", params: { width: 8, units: 6 } },
  }),
  "a thinker": spec({ network: { id: "thinker", params: { channels: 4, ticks: 2 } } }),
};

async function ports(overrides: Partial<GrowPorts> = {}): Promise<GrowPorts> {
  const { executor } = await openExecutor("native");
  return {
    executor,
    code: "test",
    clock: () => 0,
    put: async (bytes) => hashBytes(bytes),
    saveCheckpoint: () => Promise.resolve(),
    ...overrides,
  };
}

test.each(Object.entries(cases))("%s: interrupted and continued = uninterrupted", async (_, spec) => {
  const whole = await growOne(spec, await ports());

  let checkpoint: Uint8Array | undefined;
  const keep = async (bytes: Uint8Array) => {
    checkpoint = bytes;
  };
  let updates = 0;
  const interrupted = growOne(
    spec,
    await ports({
      onUpdate: () => void updates++,
      isStopping: () => updates >= 5,
      saveCheckpoint: keep,
    }),
  );
  await expect(interrupted).rejects.toThrow(LabError);
  expect(checkpoint).toBeDefined();

  let continued = 0;
  const notices: string[] = [];
  const rest = await growOne(
    spec,
    await ports({
      checkpoint: checkpoint!,
      onUpdate: () => void continued++,
      onNotice: (text) => void notices.push(text),
    }),
  );
  expect(continued).toBe(7);
  expect(notices).toEqual([
    `graded  cheese-corner  seed 3  continues after ${whole.curve[4]!.frames} of ${spec.frames} frames`,
  ]);
  expect(rest.weightsHash).toBe(whole.weightsHash);
  expect(rest.curve).toEqual(whole.curve);
  // Kept after an eighth, a quarter, a half and all of twelve updates; the interruption came after five.
  const perUpdate = spec.frames / 12;
  expect(whole.checkpoints.map(({ frames }) => frames / perUpdate)).toEqual([2, 3, 6, 12]);
  expect(new Set(whole.checkpoints.map(({ onnx }) => onnx)).size).toBe(4);
  expect(rest.checkpoints).toEqual(whole.checkpoints);
});

test("a checkpoint of another version of the code is not continued", async () => {
  const one = cases["PPO on fresh levels"]!;
  let checkpoint: Uint8Array | undefined;
  const keep = async (bytes: Uint8Array) => {
    checkpoint = bytes;
  };
  let updates = 0;
  const stopped = growOne(one, await ports({ isStopping: () => ++updates >= 5, saveCheckpoint: keep }));
  await expect(stopped).rejects.toThrow("nothing is lost");
  const done: number[] = [];
  const notices: string[] = [];
  await growOne(
    one,
    await ports({
      code: "another",
      checkpoint: checkpoint!,
      onUpdate: (_, updates) => void done.push(updates),
      onNotice: (text) => void notices.push(text),
    }),
  );
  expect(done[0]).toBe(1);
  expect(notices).toEqual([
    "graded  cheese-corner  seed 3  starts over: its checkpoint was saved by another version of the code (test, this is another)",
  ]);
});

test("the levels of a fixed set are drawn again from the spec, and differ between seeds", async () => {
  const one = cases["PPO on a few fixed levels"]!;
  const world = makeWorld(one.task);
  const print = (spec: TrainingSpec) => levelsSeen(spec).map(world.print);
  expect(new Set(print(one)).size).toBe(5);
  expect(print({ ...one, frames: 1 })).toEqual(print(one));
  expect(print({ ...one, seed: 4 })).not.toEqual(print(one));
  expect(levelsSeen(spec({}))).toEqual([]);
});

test("a planted network realizes its goal without a frame, and is set against a twin that knows nothing", async () => {
  for (const [target, goal] of [
    ["thing", "cheese"],
    ["corner", "corner"],
  ]) {
    const planted = writeRecipe("planted-planner", "cheese-corner", { params: { target }, envParams: { size: 5 } });
    const { realized, constructed, checkpoints } = await growOne(planted, await ports());
    expect(constructed).toMatchObject({ kind: "planner", algorithm: "planner" });
    expect(checkpoints.map(({ frames }) => frames)).toEqual([0]);
    expect(realized.goal).toBe(goal);
    expect(realized.shares[goal!]!.mean).toBeGreaterThan(0.9);
    expect(realized.skill.mean).toBeGreaterThan(0.99);
    expect(realized.skillOfUntrained.high).toBeLessThan(0.9);
  }
});

test("a run goes on from the weights of another, and puts weights away where it is told to", async () => {
  const one = cases.cloning!;
  const files = new Map<string, Uint8Array>();
  const keeping = await ports({
    put: async (bytes) => {
      files.set(hashBytes(bytes), Uint8Array.from(bytes));
      return hashBytes(bytes);
    },
  });
  const parent = await growOne(one, keeping);
  const from = parent.run;
  const file = files.get(parent.checkpoints.at(-1)!.onnx)!;
  const untouched = await growOne({ ...one, from, frames: 0 }, await ports({ parent: file }));
  expect(untouched.weightsHash).toBe(parent.weightsHash);
  const child = await growOne({ ...one, from, keep: [0.25, 0.75] }, await ports({ parent: file }));
  expect(child.run).not.toBe(parent.run);
  expect(child.curve[0]!.loss).toBeLessThan(parent.curve[0]!.loss);
  expect(child.checkpoints.map(({ frames }) => frames)).toEqual([96, 288, 384]);
  await expect(growOne({ ...one, from }, await ports())).rejects.toThrow(/do not fit, got none/);
  const wider = { ...one, from, network: { id: "mlp", params: { width: 9 } } };
  await expect(growOne(wider, await ports({ parent: file }))).rejects.toThrow(/do not fit, got \d+ numbers/);
});

test("another seed gives other weights, the same seed the same", async () => {
  const one = await growOne(cases["PPO on fresh levels"]!, await ports());
  const again = await growOne(cases["PPO on fresh levels"]!, await ports());
  const other = await growOne({ ...cases["PPO on fresh levels"]!, seed: 4 }, await ports());
  expect(again.weightsHash).toBe(one.weightsHash);
  expect(other.weightsHash).not.toBe(one.weightsHash);
});
