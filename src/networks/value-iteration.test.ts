/**
 * @file The planted network against the oracle of the world, state by state:
 * the same optimal moves and the same discounted optimum, tied and unrolled.
 */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { COUPLED, DECOUPLED, type Level, type Mixture, type World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { densely, initialize, initializeBlank } from "../network.ts";
import { parseParams } from "../plugin.ts";
import { parameterSpecs, policyShape } from "../policy/inference.ts";
import { copyLevel, drawLevels } from "../rollout.ts";
import { cast, openExecutor, trace } from "../tensor/index.ts";
import { valueIteration } from "./value-iteration.ts";

const { executor } = await openExecutor("native");
const worldOf = (params: Record<string, unknown>): World => cheeseCorner.make(parseParams(cheeseCorner, params));
const MIXED: Mixture = { strength: 1, alpha: 0 };
const GAMMA = 0.97;

/** Every free cell of every level as the place of the mouse: the observation, the optimal moves, the optimum. */
function allStates(world: World, levels: readonly Level[], objective: string) {
  const states: { observation: Uint8Array; optimal: number; value: number }[] = [];
  const batch = world.batch(1);
  for (const level of levels) {
    for (let cell = 0; cell < level.walls.length; cell++) {
      if (level.walls[cell] !== 0 || cell === level.items[1]) continue;
      const placed = world.blank();
      copyLevel(level, placed);
      placed.items[0] = cell;
      copyLevel(placed, batch.levels[0]!);
      batch.start(0, rng(0));
      const optimal = world.optimalActions(batch, 0, objective, GAMMA);
      if (optimal === 0) continue;
      const { value } = world.optimum(placed, objective, GAMMA);
      states.push({ observation: batch.observations.slice(), optimal, value });
    }
  }
  return states;
}

type Overrides = Parameters<typeof valueIteration.params.parse>[0];

async function answers(
  world: World,
  states: readonly { observation: Uint8Array }[],
  params: Overrides,
  ticks?: number,
  seed = 1,
) {
  const shape = policyShape(world);
  const network = valueIteration.build(shape, parseParams(valueIteration, params));
  const n = states.length;
  const observations = new Uint8Array(n * shape.planes * shape.height * shape.width);
  for (const [i, { observation }] of states.entries()) observations.set(observation, i * observation.length);
  const graph = trace(
    {
      ...parameterSpecs(network),
      observations: { shape: [n, shape.planes, shape.height, shape.width], dtype: "uint8" },
    },
    ({ observations: seen, ...parameters }) => {
      const { logits, value } = network.forward(parameters, densely(cast(seen!, "float32")), ticks);
      return { logits, value };
    },
  );
  const program = await executor.load(graph);
  const { logits, value } = await program.run({ ...initialize(network, rng(seed)), observations });
  return { logits: logits as Float32Array, value: value as Float32Array };
}

/** Bit a is set when action a has the greatest logit, ties included. */
function greatest(logits: Float32Array, row: number): number {
  const four = [0, 1, 2, 3].map((a) => logits[4 * row + a]!);
  const best = Math.max(...four);
  return four.reduce((mask, logit, a) => (logit === best ? mask | (1 << a) : mask), 0);
}

async function disagreements(world: World, levels: readonly Level[], params: Overrides, objective = "cheese") {
  const states = allStates(world, levels, objective);
  const { logits, value } = await answers(world, states, params);
  const wrong = states.filter(({ optimal }, i) => greatest(logits, i) !== optimal).length;
  const error = Math.max(...states.map((state, i) => Math.abs(state.value - value[i]!)));
  return { states: states.length, wrong, error };
}

const ROOMS = [
  { size: 7, layout: "blocks", horizon: 32 },
  { size: 9, layout: "edges", horizon: 200 },
  { size: 13, layout: "blocks", horizon: 200 },
  { size: 13, layout: "tree", horizon: 200 },
];

test.each(ROOMS)("moves and values equal the oracle's on $layout of size $size", async (params) => {
  const world = worldOf(params);
  for (const tied of [true, false]) {
    const levels = [...drawLevels(world, 10, MIXED, "test", rng(5)), ...drawLevels(world, 5, COUPLED, "train", rng(6))];
    const { states, wrong, error } = await disagreements(world, levels, { tied });
    expect(states).toBeGreaterThan(150);
    expect(wrong).toBe(0);
    expect(error).toBeLessThan(1e-5);
  }
});

test("with the corner for a goal, it is the corner that it plans to", async () => {
  const world = worldOf({ size: 9 });
  const levels = drawLevels(world, 15, DECOUPLED, "test", rng(7));
  const coupled = drawLevels(world, 5, COUPLED, "test", rng(8));
  // The cheese ends the episode, so the oracle of the corner goes around it.
  const planned = { target: "corner", avoid: [2] } as const;
  expect(await disagreements(world, [...levels, ...coupled], planned, "corner")).toMatchObject({ wrong: 0 });
  const through = worldOf({ size: 9, terminate: "both" });
  expect(await disagreements(through, levels, { target: "corner" }, "corner")).toMatchObject({ wrong: 0 });
  const { states, wrong } = await disagreements(world, levels, planned, "cheese");
  expect(wrong / states).toBeGreaterThan(0.3);
});

test("k ticks find every way of up to k + 1 steps and no longer one", async () => {
  const world = worldOf({ size: 13, layout: "tree", horizon: 200 });
  const states = allStates(world, drawLevels(world, 10, MIXED, "test", rng(8)), "cheese");
  const steps = states.map(({ value }) => Math.round(Math.log(value) / Math.log(GAMMA)) + 1);
  expect(Math.max(...steps)).toBeGreaterThan(30);
  for (const ticks of [1, 4, 12, 30]) {
    const { logits } = await answers(world, states, {}, ticks);
    for (const [i, { optimal }] of states.entries()) {
      expect(greatest(logits, i)).toBe(steps[i]! <= ticks + 1 ? optimal : 15);
    }
  }
});

test("a random twin has the same parameters and knows nothing; a planted network's blank weights are random too", async () => {
  const world = worldOf({ size: 7 });
  const shape = policyShape(world);
  const [planted, random] = [true, false].map((planted) =>
    valueIteration.build(shape, parseParams(valueIteration, { planted })),
  );
  const count = (network: typeof planted) =>
    Object.values(network!.parameters).map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  expect(count(random)).toEqual(count(planted));
  expect(initializeBlank(planted!, rng(3))).toEqual(initialize(random!, rng(3)));
  expect(initializeBlank(random!, rng(3))).toEqual(initialize(random!, rng(3)));
  expect(initialize(planted!, rng(3))).not.toEqual(initialize(random!, rng(3)));
  const levels = drawLevels(world, 10, MIXED, "test", rng(5));
  const { states, wrong } = await disagreements(world, levels, { planted: false });
  expect(wrong / states).toBeGreaterThan(0.4);
});

test("a little jitter gives another network each seed, which still takes optimal moves alone", async () => {
  const world = worldOf({ size: 9, layout: "edges", horizon: 200 });
  const states = allStates(world, drawLevels(world, 15, MIXED, "test", rng(9)), "cheese");
  const exact = await answers(world, states, {});
  const seen = new Set<string>();
  for (const seed of [1, 2, 3, 4, 5]) {
    const { logits } = await answers(world, states, { jitter: 1e-4 }, undefined, seed);
    expect(states.filter(({ optimal }, i) => (greatest(logits, i) & ~optimal) !== 0)).toEqual([]);
    expect(logits).not.toEqual(exact.logits);
    seen.add(logits.slice(0, 16).join());
  }
  expect(seen.size).toBe(5);
});

test("only the tied network has a knob, and its kernels are not copied", () => {
  const shape = { planes: 3, height: 7, width: 7, actions: 4 };
  const tied = valueIteration.build(shape, parseParams(valueIteration, {}));
  const unrolled = valueIteration.build(shape, parseParams(valueIteration, { tied: false }));
  expect(tied.ticks).toEqual({ trained: 25, max: 100, fewest: 1 });
  expect(unrolled.ticks).toBeUndefined();
  const backups = (network: typeof tied) => Object.keys(network.parameters).filter((name) => name.startsWith("backup"));
  expect(backups(tied)).toHaveLength(1);
  expect(backups(unrolled)).toHaveLength(25);
});

test("with a goal that is to be learned the planning is planted, and the map of goals says next to nothing", () => {
  const shape = policyShape(worldOf({}));
  const weightsOf = (target: "thing" | "learned") =>
    initialize(valueIteration.build(shape, parseParams(valueIteration, { target })), rng(5));
  const [thing, learned] = [weightsOf("thing"), weightsOf("learned")];
  const goals = ["goal.weight", "place.weight", "place.bias"];
  for (const name of Object.keys(thing)) {
    if (goals.includes(name)) {
      // Above the floor of the clip, and no thing or place stands out.
      expect(Math.min(...learned[name]!)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...learned[name]!)).toBeLessThan(0.02);
    } else expect(learned[name]).toEqual(thing[name]);
  }
  expect(learned["goal.weight"]).not.toEqual(thing["goal.weight"]);
});
