/**
 * @file Box paths against the world's own pushes, read from a network that holds
 * them and from one that does not, and written into one that acts on them.
 */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { miniSokoban } from "../envs/mini-sokoban.ts";
import { makePushing } from "../grid/pushing.ts";
import { policyShape } from "../policy/inference.ts";
import { type Act, drawLevels } from "../rollout.ts";
import type { Inside, Subject } from "../subject.ts";
import {
  add,
  constant,
  conv2d,
  div,
  matmul,
  mul,
  openExecutor,
  relu,
  reshape,
  slice,
  sub,
  sum,
} from "../tensor/index.ts";
import { boxPath, boxTrials, pushesOf } from "./box-paths.ts";
import { conceptsOf, type Mapped, mapStates } from "./concepts.ts";
import { runTrials, type Trial } from "./plan-writes.ts";
import { prepareProbe } from "./probes.ts";
import { listSites } from "./sites.ts";

const { executor } = await openExecutor("native");
const DELTAS = [-7, -1, 7, 1];
const CELLS = 49;
const STRIDE = 5 * CELLS;

/** The level that an observation shows, boxes where they are now. */
function shown(world: World, observation: Uint8Array): Level {
  const level = world.blank();
  level.items.fill(-1);
  level.walls.set(observation.subarray(0, CELLS));
  const found = [1, 2, 3, 4].flatMap((plane) => {
    const cells = [...observation.subarray(plane * CELLS, (plane + 1) * CELLS).entries()].flatMap(([cell, bit]) =>
      bit === 1 ? [cell] : [],
    );
    return plane === 4 && cells.length === 0 ? [-1] : cells;
  });
  level.items.set(found);
  return level;
}

/** Fills the targets by a shortest way, always the same one from the same state. */
function solver(world: World): Act {
  const batch = world.batch(1);
  return async (observations, n, _, actions) => {
    for (let i = 0; i < n; i++) {
      const { walls, items } = shown(world, observations.subarray(i * STRIDE, (i + 1) * STRIDE));
      batch.levels[0]!.walls.set(walls);
      batch.levels[0]!.items.set(items);
      batch.start(0, rng(0));
      const best = world.optimalActions(batch, 0, "targets", 0.99);
      actions[i] = Math.log2(best & -best);
    }
  };
}

async function played(boxes: number, levels: number): Promise<{ world: World; mapped: Mapped; labels: Int32Array }> {
  const world = miniSokoban.make(miniSokoban.params.parse({ boxes }));
  const mapped = await mapStates({
    world,
    levels: drawLevels(world, levels, { strength: 1, alpha: 0 }, "test", rng(2)),
    act: solver(world),
    share: 1,
    rng: rng(3),
  });
  return { world, mapped, labels: boxPath(world, mapped)! };
}

const one = await played(1, 100);

describe("labels", () => {
  test.each([1, 2])("are where the world itself moves boxes to, with %i of them", async (boxes) => {
    const { world, mapped, labels } = boxes === 1 ? one : await played(2, 12);
    const { states, levels } = mapped;
    const batch = world.batch(1);
    let pushed = 0;
    for (let state = 0; state < states.n; state++) {
      const path = states.episodes.paths[states.level[state]!]!;
      const level = levels[states.level[state]!]!;
      batch.levels[0]!.walls.set(level.walls);
      batch.levels[0]!.items.set(level.items);
      batch.start(0, rng(0));
      const expected = Array.from<number, number>(level.walls, (wall) => (wall === 1 ? -1 : 4));
      for (let t = 0; t + 1 < path.length; t++) {
        const before = batch.observations.slice(2 * CELLS, 3 * CELLS);
        batch.step(Uint8Array.of(DELTAS.indexOf(path[t + 1]! - path[t]!)));
        const after = batch.observations.subarray(2 * CELLS, 3 * CELLS);
        const left = before.findIndex((bit, cell) => bit === 1 && after[cell] === 0);
        if (left < 0 || t < states.time[state]! || expected[left] !== 4) continue;
        expected[left] = DELTAS.indexOf(after.findIndex((bit, cell) => bit === 1 && before[cell] === 0) - left);
        pushed++;
      }
      expect(Array.from(labels.subarray(state * CELLS, (state + 1) * CELLS))).toEqual(expected);
    }
    expect(pushed).toBeGreaterThan(states.n);
  });

  test("are a concept where things are pushed and pushing was done, and nowhere else", async () => {
    expect(conceptsOf(one.world, one.mapped).map(({ id }) => id)).toContain("box-path");
    const cheese = cheeseCorner.make(cheeseCorner.params.parse({ size: 7 }));
    const stay: Act = async (_, n, __, actions) => void actions.fill(0, 0, n);
    const of = async (world: World) => {
      const levels = drawLevels(world, 40, { strength: 1, alpha: 0 }, "test", rng(2));
      const mapped = await mapStates({ world, levels, act: stay, share: 0.1, rng: rng(3) });
      return conceptsOf(world, mapped).map(({ id }) => id);
    };
    expect(await of(cheese)).not.toContain("box-path");
    expect(() => pushesOf(cheese, one.mapped.states)).toThrow("nothing is pushed");
    // Whoever walks up until it meets a wall pushes a box now and then, but hardly anything of what there is.
    const lazy = await of(one.world);
    expect(lazy).toContain("direction");
    expect(lazy).not.toContain("box-path");
  });
});

/**
 * A network that remembers what a solver does from each state of the list: `tick.0.state` and `tick.1.state` hold, at
 * every cell, one channel for each label, times `known`; `blank` holds the observation. It acts on what it holds at the
 * box: behind the box it pushes where the box should leave to in that direction, and walks around where to a side.
 */
function remembering(known: number): Inside {
  const { mapped, labels } = one;
  const { n, observations } = mapped.states;
  const held = new Float32Array(n * 5 * CELLS);
  for (const [row, label] of labels.entries()) {
    if (label >= 0) held[(Math.floor(row / CELLS) * 5 + label) * CELLS + (row % CELLS)] = known;
  }
  const weights = { keys: new Float32Array(STRIDE * n), lengths: new Float32Array(n), held };
  for (const [i, bit] of observations.entries()) {
    weights.keys[(i % STRIDE) * n + Math.floor(i / STRIDE)] = bit;
    weights.lengths[Math.floor(i / STRIDE)]! += bit;
  }
  // From the box's planned moves to actions at the agent's cell: [4 actions, 4 moves, 3, 3].
  const walk = new Float64Array(4 * 4 * 9);
  const tap = (action: number, move: number, offset: readonly [number, number]) => {
    walk[((action * 4 + move) * 3 + 1 + offset[0]) * 3 + 1 + offset[1]] = 1;
  };
  const offsets = [
    [-1, 0],
    [0, -1],
    [1, 0],
    [0, 1],
  ] as const;
  for (const [action, ahead] of offsets.entries()) {
    tap(action, action, ahead);
    for (const aside of [(action + 1) % 4, (action + 3) % 4]) tap(action, (action + 2) % 4, offsets[aside]!);
  }
  return {
    weights,
    specs: {
      keys: { shape: [STRIDE, n], dtype: "float32" },
      lengths: { shape: [n], dtype: "float32" },
      held: { shape: [n, 5 * CELLS], dtype: "float32" },
    },
    executor,
    forward(p, planes) {
      const batch = planes.shape[0]!;
      const flat = reshape(planes, [batch, STRIDE]);
      // 1 where no bit differs, 0 where one does; a state that was met twice counts twice.
      const differ = sub(add(sum(flat, { axes: [1], keepDims: true }), p.lengths!), mul(matmul(flat, p.keys!), 2));
      const same = relu(sub(1, differ));
      const found = div(matmul(same, p.held!), sum(same, { axes: [1], keepDims: true }));
      const first = reshape(found, [batch, 5, 7, 7]);
      const second = mul(first, 1);
      const atBox = mul(slice(second, { axis: 1, start: 0, end: 4 }), slice(planes, { axis: 1, start: 2, end: 3 }));
      const beside = mul(
        conv2d(atBox, constant(walk, [4, 4, 3, 3]), { padding: 1 }),
        slice(planes, { axis: 1, start: 1, end: 2 }),
      );
      const sites = { "tick.0.state": first, "tick.1.state": second, blank: mul(planes, 1) };
      return { logits: sum(beside, { axes: [2, 3] }), sites };
    },
  };
}

const shape = policyShape(one.world);
const inside = remembering(1);

describe("reading", () => {
  const { states } = one.mapped;
  const bench = prepareProbe({
    shape,
    observations: states.observations,
    n: states.n,
    layout: states.layout,
    unit: "cell",
    target: { kind: "classes", classes: ["up", "left", "down", "right", "never"], labels: one.labels },
    rng: rng(5),
    maxRows: 2000,
  });

  test("a network that holds the answer is read above every baseline", async () => {
    const { probe, baselines, over } = await bench.probe({ inside, site: "tick.1.state", untrained: remembering(0) });
    expect(probe.score.mean).toBeGreaterThan(0.97);
    expect(Object.keys(baselines)).toHaveLength(5);
    for (const [name, { low }] of Object.entries(over)) expect(low, name).toBeGreaterThan(0.1);
  });

  test("one that does not is read as the observation and the untrained network are", async () => {
    const { over, probe } = await bench.probe({ inside, site: "blank", untrained: remembering(0) });
    for (const name of ["observation", "untrained"] as const) {
      expect(over[name]!.mean, name).toBeCloseTo(0, 6);
      expect(over[name]!.low, name).toBeGreaterThan(-0.01);
    }
    expect(probe.score.mean).toBeLessThan(0.6);
  });
});

describe("writing", () => {
  const { world, mapped, labels } = one;
  const { states } = mapped;
  const { trials, exchange } = boxTrials(world, mapped, labels);
  /** The move by which the box is to leave. */
  const wanted = (trial: Trial) => exchange.writes(trial)[0].to;

  test("a trial can be done: the step asked for leads to the other push, by a way that is none longer", () => {
    expect(trials.length).toBeGreaterThan(200);
    const pushing = makePushing(7, 1);
    const table = new Uint8Array(pushing.states);
    for (const trial of trials.slice(0, 300)) {
      const { walls, items } = shown(
        world,
        states.observations.subarray(trial.state * STRIDE, (trial.state + 1) * STRIDE),
      );
      pushing.load(walls);
      const box = pushing.configuration(items, 1);
      const from = pushing.state(trial.agent, box);
      // The state in which the agent stands where that push is made from, by the search over whole states.
      const ready = pushing.state(trial.taken.cell - DELTAS[wanted(trial)]!, box);
      pushing.forward(from, table);
      const length = table[ready]!;
      const leading = [0, 1, 2, 3].filter((move) => {
        const after = pushing.step(from, move);
        if (from === ready) return move === wanted(trial);
        pushing.forward(after, table);
        return after % pushing.configurations === box && table[ready] === length - 1;
      });
      expect(leading).toEqual([trial.other.action]);
      expect(pushing.step(ready, wanted(trial))).not.toBe(ready);
      expect(exchange.writes(trial).map(({ cell }) => cell)).not.toContain(trial.agent);
      expect(trial.other.action).not.toBe(states.action[trial.state]);
    }
  });

  test("turns a network that acts on it; elsewhere, or with nothing written, it goes on", async () => {
    const subject = { shape, inside } as Subject;
    // What the network knows of: behind the box, with another push one corner away.
    const atBox = trials.filter(
      (trial) =>
        trial.taken.cell === trial.agent + DELTAS[trial.taken.action]! &&
        wanted(trial) === (trial.other.action + 2) % 4 &&
        wanted(trial) % 2 !== trial.taken.action % 2,
    );
    const { trials: made, outcome } = await runTrials({
      subject,
      world,
      mapped,
      trials: atBox,
      exchange,
      sites: listSites(inside, shape).filter(({ site }) => site === "tick.1.state"),
      draws: 4,
      rng: rng(4),
    });
    expect(made.length).toBeGreaterThan(20);
    expect(outcome.written.every((turned) => turned === 1)).toBe(true);
    expect(outcome.nothing.every((turned) => turned === 0)).toBe(true);
    expect(outcome.wrongPlace.every((turned) => turned === 0)).toBe(true);
    expect(outcome.random.reduce((a, b) => a + b, 0) / made.length).toBeLessThan(0.5);
  });
});
