/**
 * @file `mesascope rollout gym:…`: the bridge against a stand-in for Gymnasium whose returns have a closed form, and
 * against Gymnasium itself where a Python has it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../src/tensor/index.ts";
import { commandLine } from "./command.ts";

const { folder, ask } = commandLine("gymnasium");
const path = (name: string) => join(folder, name);

/** A linear policy: scores of `actions` for each of `size` inputs, `[size, actions]`. */
function policy(name: string, size: number, actions: number, weights: readonly number[]): string {
  const file = path(name);
  writeFileSync(
    file,
    encodeOnnx({
      opset: 17,
      producer: "test",
      nodes: [{ opType: "MatMul", inputs: ["seen", "w"], outputs: ["scores"], attributes: {} }],
      initializers: [{ name: "w", dtype: "float32", dims: [size, actions], data: Float32Array.from(weights) }],
      inputs: [{ name: "seen", dtype: "float32", dims: ["n", size] }],
      outputs: [{ name: "scores", dtype: "float32", dims: ["n", actions] }],
      metadata: {},
    }),
  );
  return file;
}

/** Five cells in a row, the goal at the right end, a pit at the left; a step goes the other way with probability `slip`. */
const STAND_IN = `
import random

__version__ = "stand-in"

class Discrete:
    def __init__(self, n, start=0):
        self.n, self.start = n, start

class Box:
    def __init__(self, shape):
        self.shape = shape

class Corridor:
    observation_space, action_space = Discrete(5, start=10), Discrete(2, start=1)
    def __init__(self, slip=0.0, limit=1000):
        self.slip, self.limit = slip, limit
        print("environments may say what they like")
    def reset(self, seed=None):
        self.chance, self.cell, self.time = random.Random(seed), 2, 0
        return 10 + self.cell, {}
    def step(self, action):
        assert action in (1, 2), action
        forth = 1 if action == 2 else -1
        self.cell += -forth if self.chance.random() < self.slip else forth
        self.time += 1
        return 10 + self.cell, float(self.cell == 4), self.cell in (0, 4), self.time >= self.limit, {}

class Continuous(Corridor):
    action_space = Box((1,))

def make(id, **kwargs):
    return {"Corridor-v0": Corridor, "Continuous-v0": Continuous}[id](**kwargs)
`;

const python = ["python3", "/usr/bin/python3"].find((each) => spawnSync(each, ["--version"]).status === 0);
const before = process.env.PYTHONPATH;

describe.skipIf(!python)(`the bridge and a stand-in${python ? "" : " (no Python: skipped)"}`, () => {
  beforeAll(() => {
    mkdirSync(path("modules/gymnasium"), { recursive: true });
    writeFileSync(path("modules/gymnasium/__init__.py"), STAND_IN);
    process.env.PYTHONPATH = path("modules");
  });
  afterAll(() => {
    if (before === undefined) delete process.env.PYTHONPATH;
    else process.env.PYTHONPATH = before;
  });
  const play = (id: string, file: string, ...args: readonly string[]) =>
    ask("rollout", `gym:${id}`, file, "--python", python!, ...args);

  test("returns have their closed form, in distribution and under shift", async () => {
    const right = policy("right.onnx", 5, 2, [0, 9, 0, 9, 0, 9, 0, 9, 0, 9]);
    const shift = ["--set", "slip=0", "--shift", "slip=0.25", "--episodes", "400", "--greedy"];
    const { code, out, err } = await play("Corridor-v0", right, ...shift, "--json");
    expect(code, err).toBe(0);
    const { results, difference } = JSON.parse(out);
    expect(results[0]).toMatchObject({ returns: { mean: 1, n: 400 }, length: { mean: 2 }, terminated: 1 });
    // Gambler's ruin: from the middle, the far end is reached with probability 1 / (1 + (slip / (1 − slip))²) = .9.
    const { mean, low, high } = results[1].returns;
    expect(low).toBeLessThan(0.9);
    expect(high).toBeGreaterThan(0.9);
    expect(difference.mean).toBeCloseTo(mean - 1, 12);
    expect(difference.high).toBeLessThan(0);
    expect(results[1].kwargs).toEqual({ slip: 0.25 });
  }, 60_000);

  test("a policy that depends on what it sees sees the right thing; without --greedy it draws", async () => {
    // Left of the middle it goes on to the left: from the middle, right, it never gets there.
    const looks = policy("looks.onnx", 5, 2, [9, 0, 9, 0, 0, 9, 0, 9, 0, 9]);
    const { out } = await play("Corridor-v0", looks, "--episodes", "40", "--greedy", "--json");
    expect(JSON.parse(out).results[0].length.mean).toBe(2);
    // Even scores: the ruin is fair.
    const even = policy("even.onnx", 5, 2, new Array(10).fill(0));
    const drawn = JSON.parse((await play("Corridor-v0", even, "--episodes", "400", "--json")).out).results[0];
    expect(drawn.returns.low).toBeLessThan(0.5);
    expect(drawn.returns.high).toBeGreaterThan(0.5);
    const short = await play("Corridor-v0", even, "--set", "limit=1", "--episodes", "10", "--json");
    expect(JSON.parse(short.out).results[0].terminated).toBe(0);
    const text = await play("Corridor-v0", even, "--episodes", "10", "--shift", "slip=0.5");
    expect(text.out).toMatch(/Corridor-v0, Gymnasium stand-in.*what the policy pursues is not told/s);
  }, 60_000);

  test.each<[string, string, readonly string[], RegExp]>([
    ["Nowhere-v0", "even.onnx", [], /gymnasium: KeyError: 'Nowhere-v0'\nhint: Check the environment's id/],
    ["Corridor-v0", "even.onnx", ["--set", "slop=1"], /gymnasium: TypeError: .*slop/],
    ["Corridor-v0", "even.onnx", ["--set", "slop"], /--set: a setting is malformed, got "slop"/],
    ["Continuous-v0", "even.onnx", [], /only discrete actions can be played/],
    [
      "Corridor-v0",
      "wide.onnx",
      [],
      /does not fit, got seen\[n, 6\] to scores\[n, 2\]; expected one input \[batch, 5\]/,
    ],
    [
      "Corridor-v0",
      "even.onnx",
      ["--python", "no-such-python"],
      /no-such-python does not start.*\nhint: Name one with/,
    ],
    ["Corridor-v0", "even.onnx", ["--episodes", "1"], /expected at least 2/],
  ])(
    "%s %s %j is refused",
    async (id, file, args, message) => {
      policy("wide.onnx", 6, 2, new Array(12).fill(0));
      const { code, out, err } = await play(id, path(file), ...args);
      expect(err).toMatch(message);
      expect([code, out]).toEqual([2, ""]);
      expect(err).not.toContain("internal error");
    },
    30_000,
  );
});

const real = ["python3", "/usr/bin/python3"].find((each) => spawnSync(each, ["-c", "import gymnasium"]).status === 0);

describe.skipIf(!real)(`Gymnasium itself${real ? "" : " (no Python with gymnasium: skipped)"}`, () => {
  test("FrozenLake: the way to the goal earns 1 on firm ice, and less on slippery ice", async () => {
    // Down, down, right, right, down, right from the first of 4 by 4 cells; left, down, right and up are 0 to 3.
    const moves = new Map([
      [0, 1],
      [4, 1],
      [8, 2],
      [9, 2],
      [10, 1],
      [14, 2],
    ]);
    const weights = Array.from({ length: 64 }, (_, i) => (moves.get(i >> 2) === (i & 3) ? 9 : 0));
    const way = policy("lake.onnx", 16, 4, weights);
    const ice = ["--set", "is_slippery=false", "--shift", "is_slippery=true", "--episodes", "60", "--greedy"];
    const { code, out, err } = await ask("rollout", "gym:FrozenLake-v1", way, "--python", real!, ...ice, "--json");
    expect(code, err).toBe(0);
    const [firm, slippery] = JSON.parse(out).results;
    expect([firm.returns.mean, firm.length.mean]).toEqual([1, 6]);
    expect(slippery.returns.high).toBeLessThan(0.6);
  }, 60_000);

  test("CartPole: pushing towards where the pole falls keeps it up, pushing away does not", async () => {
    // Position, velocity, angle, angular velocity; actions are left and right.
    const balance = policy("balance.onnx", 4, 2, [0, 0, 0, 0, -5, 5, -2, 2]);
    const topple = policy("topple.onnx", 4, 2, [0, 0, 0, 0, 5, -5, 2, -2]);
    const play = async (file: string) => {
      const args = ["rollout", "gym:CartPole-v1", file, "--python", real!, "--episodes", "20", "--greedy", "--json"];
      return JSON.parse((await ask(...args)).out).results[0].returns;
    };
    expect((await play(balance)).low).toBeGreaterThan(100);
    expect((await play(topple)).high).toBeLessThan(15);
  }, 60_000);
});
