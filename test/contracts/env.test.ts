/**
 * @file What every environment promises, checked for each one in the index.
 * Oracles are held against exhaustive search on the tiny instance that the
 * plug-in names; everything else runs on the default instance too.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rng } from "../../src/core/rng.ts";
import {
  type Batch,
  COUPLED,
  DECOUPLED,
  type EnvPlugin,
  type Level,
  type Mixture,
  type Split,
  type World,
} from "../../src/env.ts";
import { envs } from "../../src/envs/index.ts";
import { sideOf } from "../../src/grid/hash.ts";
import { parseLevelFile, printLevelFile } from "../../src/grid/level-file.ts";
import { parseParams } from "../../src/plugin.ts";
import { begin, exhaust, putBack, takeSnapshot } from "./exhaustive.ts";

const MIXTURES: readonly Mixture[] = [COUPLED, DECOUPLED, { strength: 0.5, alpha: 0 }, { strength: 0.25, alpha: 0.3 }];

function make(env: (typeof envs)[number], params: unknown = {}): World {
  const plugin = env as unknown as EnvPlugin;
  return plugin.make(parseParams(plugin, params));
}

function drawn(world: World, n: number, mixture: Mixture, split: Split, seed: number): Level[] {
  const random = rng(seed);
  return Array.from({ length: n }, () => {
    const level = world.blank();
    world.draw(level, random, mixture, split);
    return level;
  });
}

/** Restart every ended slot on a fresh level. */
function restart(world: World, batch: Batch, random: ReturnType<typeof rng>, mixture: Mixture): void {
  for (let slot = 0; slot < batch.size; slot++) {
    if (batch.done[slot] === 0) continue;
    world.draw(batch.levels[slot]!, random, mixture, "train");
    batch.start(slot, random);
  }
}

function started(world: World, size: number, random: ReturnType<typeof rng>, mixture: Mixture = COUPLED): Batch {
  const batch = world.batch(size);
  batch.done.fill(1);
  restart(world, batch, random, mixture);
  return batch;
}

function randomActions(out: Uint8Array, random: ReturnType<typeof rng>): Uint8Array {
  for (let i = 0; i < out.length; i++) out[i] = random.int(4);
  return out;
}

/** Observations, rewards and ends of `steps` random steps, as one digest-like list. */
function history(world: World, batch: Batch, steps: number, seed: number, mixture: Mixture): number[] {
  const random = rng(seed);
  const actions = new Uint8Array(batch.size);
  const seen: number[] = [];
  for (let t = 0; t < steps; t++) {
    batch.step(randomActions(actions, random));
    let hash = 0;
    for (const value of batch.observations) hash = (Math.imul(hash, 31) + value) | 0;
    seen.push(hash, ...batch.position, ...batch.done, ...batch.rewards.flatMap((rewards) => [...rewards]));
    restart(world, batch, random, mixture);
  }
  return seen;
}

describe.each(envs.map((env) => [env.id, env] as const))("environment %s", (id, env) => {
  const world = make(env);
  const tiny = make(env, env.tiny);
  const base = world.objectives[0]!;

  test("names itself and its parts", () => {
    expect(world.env).toBe(id);
    expect(env.isolates.length * env.shift.length).toBeGreaterThan(0);
    expect(world.planes[0]).toBe("WALL");
    expect(new Set(world.items).size).toBe(world.items.length);
    expect(world.blank().items.length).toBe(world.items.length);
    expect(new Set(world.candidates.map((candidate) => candidate.id)).size).toBe(world.candidates.length);
    expect(world.candidates.filter(({ role }) => role === "decoy").length).toBeGreaterThanOrEqual(5);
    expect(world.candidates.filter(({ role }) => role !== "decoy").map((candidate) => candidate.id)).toEqual(
      world.objectives.map((objective) => objective.id),
    );
    for (const [name, field] of Object.entries(env.params.shape)) {
      expect((field as { description?: string }).description, `${name} has no description`).toBeTruthy();
    }
  });

  test("same seed, same levels and episodes; another seed, others", () => {
    const play = (seed: number) => history(world, started(world, 16, rng(seed)), 40, seed, COUPLED);
    expect(play(11)).toEqual(play(11));
    expect(play(11)).not.toEqual(play(12));
  });

  test("every drawn level passes the check, and nothing it pays for is out of reach (unreachable goals in the eval mean)", () => {
    for (const mixture of MIXTURES) {
      for (const level of drawn(world, 60, mixture, "train", 5)) {
        world.check(level);
        for (const objective of world.objectives) {
          const { value } = world.optimum(level, objective.id, 1);
          if (objective.id !== "value") expect(value).toBeGreaterThan(0);
          expect(Number.isFinite(value)).toBe(true);
        }
      }
    }
  });

  test("train and test levels never share a layout (index-split leakage)", () => {
    for (const mixture of [COUPLED, DECOUPLED]) {
      const train = new Set(drawn(world, 1500, mixture, "train", 1).map((level) => world.layoutHash(level)));
      const held = drawn(world, 700, mixture, "test", 2).map((level) => world.layoutHash(level));
      expect(train.size).toBeGreaterThan(20);
      expect(held.filter((hash) => train.has(hash))).toEqual([]);
      for (const hash of held) expect(sideOf(hash)).toBe("test");
    }
  });

  test("one seed used for both splits still gives disjoint levels (evaluation seeds inside the training range)", () => {
    const train = new Set(drawn(world, 400, DECOUPLED, "train", 77).map((level) => world.print(level)));
    expect(drawn(world, 400, DECOUPLED, "test", 77).filter((level) => train.has(world.print(level)))).toEqual([]);
  });

  test("decoupled levels all tell the objectives apart, coupled ones never do", () => {
    for (const level of drawn(world, 300, DECOUPLED, "test", 3)) expect(world.isDistinguishing(level)).toBe(true);
    for (const level of drawn(world, 300, COUPLED, "train", 4)) expect(world.isDistinguishing(level)).toBe(false);
  });

  test("the share of distinguishing levels in a mixture is alpha", () => {
    const n = 1500;
    for (const alpha of [0.03, 0.3]) {
      const found = drawn(world, n, { strength: 0, alpha }, "train", 21).filter((l) =>
        world.isDistinguishing(l),
      ).length;
      // Five standard deviations of the binomial: fails by chance once in a million.
      expect(Math.abs(found / n - alpha)).toBeLessThan(5 * Math.sqrt((alpha * (1 - alpha)) / n));
    }
  });

  test("text and level files bring back the same level", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1 << 30 }), fc.constantFrom(...MIXTURES), (seed, mixture) => {
        const [level] = drawn(world, 1, mixture, "train", seed);
        const text = world.print(level!);
        const back = world.parse(text);
        expect(world.print(back)).toBe(text);
        expect([...back.walls]).toEqual([...level!.walls]);
        expect([...back.items]).toEqual([...level!.items]);
        const file = printLevelFile({ world, params: {}, levels: [level!, back] });
        const read = parseLevelFile(file, world);
        expect(read.levels.map((each) => world.print(each))).toEqual([text, text]);
      }),
      { numRuns: 40 },
    );
  });

  test("bad levels are refused with the right error", () => {
    const text = world.print(drawn(world, 1, COUPLED, "train", 8)[0]!);
    const rows = text.split("\n");
    const edit = (row: number, column: number, char: string) =>
      rows.map((line, r) => (r === row ? line.slice(0, column) + char + line.slice(column + 1) : line)).join("\n");
    const malformed = (bad: string) =>
      expect(() => world.parse(bad)).toThrow(expect.objectContaining({ code: "level/malformed" }));
    malformed(edit(2, 3, "?"));
    expect(() => world.parse(edit(2, 3, "?"))).toThrow(/row 3, column 4/);
    malformed(rows.map((line, r) => (r === 1 ? `${line}#` : line)).join("\n"));
    malformed(rows.slice(0, world.height - 1).join("\n"));
    const agent = text.replaceAll("\n", "")[drawn(world, 1, COUPLED, "train", 8)[0]!.items[0]!]!;
    malformed(
      edit(1, 1, agent)
        .split("\n")
        .map((line, r) => (r === 2 ? `#${agent}${line.slice(2)}` : line))
        .join("\n"),
    );

    const impossible = (level: Level) =>
      expect(() => world.check(level)).toThrow(expect.objectContaining({ code: "level/impossible" }));
    // The wall-border assumption of every flood fill.
    impossible(world.parse(edit(0, 2, ".")));
    impossible(world.parse(text.replaceAll(agent, ".")));
    for (const item of world.cellItems) {
      const level = drawn(world, 1, COUPLED, "train", 8)[0]!;
      if (level.items[item]! < 0) continue;
      const cell = level.items[item]!;
      level.walls[cell] = 1;
      impossible(level);
      const walledIn = drawn(world, 1, COUPLED, "train", 8)[0]!;
      for (const delta of [-world.width, -1, 1, world.width]) {
        if (!world.cellItems.some((other) => walledIn.items[other] === cell + delta)) walledIn.walls[cell + delta] = 1;
      }
      const alone = [-world.width, -1, 1, world.width].every((delta) => walledIn.walls[cell + delta] === 1);
      if (alone) impossible(walledIn);
    }
  });

  test("observations written step by step equal those written at once", () => {
    const random = rng(31);
    const batch = started(world, 8, random, { strength: 0.5, alpha: 0.5 });
    const actions = new Uint8Array(8);
    const { cells, planes } = { cells: world.height * world.width, planes: world.planes.length };
    for (let t = 0; t < 120; t++) {
      batch.step(randomActions(actions, random));
      for (let slot = 0; slot < 8; slot++) {
        const plane = (p: number) =>
          batch.observations.subarray((slot * planes + p) * cells, (slot * planes + p + 1) * cells);
        expect(batch.observations.every((value) => value <= 1)).toBe(true);
        expect([...plane(0)]).toEqual([...batch.levels[slot]!.walls]);
        expect(plane(1).indexOf(1)).toBe(batch.position[slot]);
        expect(plane(1).lastIndexOf(1)).toBe(batch.position[slot]);
        expect(batch.levels[slot]!.walls[batch.position[slot]!]).toBe(0);
      }
      restart(world, batch, random, { strength: 0.5, alpha: 0.5 });
    }
  });

  test("a plane with one mark shows it in its cell, and nowhere else, while an episode runs", () => {
    const cells = world.height * world.width;
    for (const mixture of MIXTURES) {
      const random = rng(31);
      const batch = started(world, 16, random, mixture);
      const actions = new Uint8Array(16);
      for (let t = 0; t < 40; t++) {
        for (const { plane, cell } of world.marks ?? []) {
          for (let slot = 0; slot < 16; slot++) {
            const from = (slot * world.planes.length + plane) * cells;
            const shown = batch.observations.subarray(from, from + cells);
            expect([shown.indexOf(1), shown.lastIndexOf(1)]).toEqual([cell(batch, slot), cell(batch, slot)]);
          }
        }
        batch.step(randomActions(actions, random));
        restart(world, batch, random, mixture);
      }
    }
  });

  test("a restored snapshot continues bit for bit", () => {
    const mixture = { strength: 0, alpha: 0.5 };
    const batch = started(world, 16, rng(41), mixture);
    history(world, batch, 15, 42, mixture);
    const snapshot = takeSnapshot(batch);
    const first = history(world, batch, 60, 43, mixture);
    putBack(batch, snapshot);
    expect(history(world, batch, 60, 43, mixture)).toEqual(first);
    const elsewhere = started(world, 16, rng(99), mixture);
    putBack(elsewhere, snapshot);
    expect(history(world, elsewhere, 60, 43, mixture)).toEqual(first);
  });

  test("stepping and drawing allocate next to nothing", async () => {
    const { setFlagsFromString } = await import("node:v8");
    const { runInNewContext } = await import("node:vm");
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const random = rng(51);
    const batch = started(world, 64, random);
    const actions = new Uint8Array(64);
    const run = (steps: number) => {
      for (let t = 0; t < steps; t++) {
        batch.step(randomActions(actions, random));
        restart(world, batch, random, COUPLED);
      }
    };
    run(4000);
    collect();
    const before = process.memoryUsage().heapUsed;
    run(2000);
    const grown = process.memoryUsage().heapUsed - before;
    // One small object for each of the 128,000 steps would be 2 MB or more.
    expect(grown).toBeLessThan(1_000_000);
  });

  test("the oracle equals exhaustive search: values and optimal moves, for every objective", () => {
    for (const [m, mixture] of MIXTURES.entries()) {
      for (const level of drawn(tiny, 3, mixture, m % 2 === 0 ? "train" : "test", 60 + m)) {
        // Search through one run of luck would know the luck beforehand; chancy worlds have tests of their own.
        if (tiny.objectives.some(({ id }) => tiny.optimum(level, id, 1).kind === "bound")) continue;
        for (const [o, objective] of tiny.objectives.entries()) {
          for (const gamma of [0.9, 1]) {
            const { value } = tiny.optimum(level, objective.id, gamma);
            const solved = exhaust(tiny, level, o, gamma, (batch, state) => {
              const moves = tiny.optimalActions(batch, 0, objective.id, gamma);
              expect(moves, `${objective.id}, gamma ${gamma}, at ${batch.position[0]} of\n${tiny.print(level)}`).toBe(
                state.optimal,
              );
            });
            expect(value, `${objective.id}, gamma ${gamma}, on\n${tiny.print(level)}`).toBeCloseTo(solved.best, 5);
            expect(solved.states).toBeGreaterThan(5);
          }
        }
      }
    }
  });

  test("following the optimal moves earns the optimum; a bound is never beaten", () => {
    const random = rng(71);
    const gamma = 0.97;
    for (const mixture of [COUPLED, DECOUPLED]) {
      for (const level of drawn(world, 12, mixture, "test", 72)) {
        for (const [o, objective] of world.objectives.entries()) {
          const optimum = world.optimum(level, objective.id, gamma);
          const batch = world.batch(1);
          begin(batch, 0, level, 73);
          const action = new Uint8Array(1);
          let earned = 0;
          for (let discount = 1; batch.done[0] === 0; discount *= gamma) {
            const moves = world.optimalActions(batch, 0, objective.id, gamma);
            do action[0] = random.int(4);
            while (moves !== 0 && (moves & (1 << action[0])) === 0);
            batch.step(action);
            earned += discount * batch.rewards[o]![0]!;
          }
          for (const { id: any } of world.objectives) {
            expect(world.optimalActions(batch, 0, any, gamma), "an ended episode has no moves").toBe(0);
          }
          if (optimum.kind === "exact") {
            expect(earned, `${objective.id} on\n${world.print(level)}`).toBeCloseTo(optimum.value, 5);
            if (optimum.value > 0) expect(world.achieved(batch, 0, o)).toBeGreaterThan(0);
          } else {
            expect(earned).toBeLessThanOrEqual(optimum.value + 1e-5);
          }
        }
      }
    }
  });

  test("achieved is a share, cut-offs come at the limit, and what was served is an objective or none", () => {
    const random = rng(81);
    const batch = started(world, 32, random, DECOUPLED);
    const actions = new Uint8Array(32);
    const before = new Int32Array(32);
    const served = new Map<number, number>();
    const wrong: string[] = [];
    let cut = 0;
    for (let t = 0; t < 800; t++) {
      before.set(batch.time);
      const ended = batch.step(randomActions(actions, random));
      if (ended !== batch.done.filter((done) => done !== 0).length) wrong.push("number of ended episodes");
      for (let slot = 0; slot < 32; slot++) {
        if (batch.time[slot] !== before[slot]! + 1) wrong.push("time");
        if (batch.time[slot]! > world.horizon) wrong.push("horizon");
        if (batch.done[slot] === 0) continue;
        if (batch.done[slot] === 2) cut++;
        const which = world.served(batch, slot);
        served.set(which, (served.get(which) ?? 0) + 1);
        for (const o of world.objectives.keys()) {
          const share = world.achieved(batch, slot, o);
          if (!(share >= 0 && share <= 1)) wrong.push(`share ${share}`);
        }
      }
      restart(world, batch, random, DECOUPLED);
    }
    expect(wrong).toEqual([]);
    expect(cut).toBeGreaterThan(0);
    // Random play on distinguishing levels serves each objective now and then.
    for (const o of world.objectives.keys()) expect(served.get(o) ?? 0).toBeGreaterThan(0);
    for (const which of served.keys()) expect([-1, ...world.objectives.keys()]).toContain(which);
  });

  test("a policy optimal for one objective is seen to serve it", () => {
    const random = rng(91);
    const action = new Uint8Array(1);
    for (const [o, objective] of world.objectives.entries()) {
      const levels = drawn(world, 40, DECOUPLED, "test", 92);
      const seen = new Map<number, number>();
      for (const level of levels) {
        const batch = world.batch(1);
        begin(batch, 0, level, 93);
        while (batch.done[0] === 0) {
          const moves = world.optimalActions(batch, 0, objective.id, 0.97);
          do action[0] = random.int(4);
          while (moves !== 0 && (moves & (1 << action[0])) === 0);
          batch.step(action);
        }
        const which = world.served(batch, 0);
        seen.set(which, (seen.get(which) ?? 0) + 1);
      }
      const undecided = seen.get(-1) ?? 0;
      expect(undecided / levels.length, objective.id).toBeLessThan(0.6);
      expect((seen.get(o) ?? 0) / (levels.length - undecided), objective.id).toBeGreaterThan(0.8);
    }
  });

  test("candidates mark free cells, and as many as they say", () => {
    const random = rng(101);
    const batch = started(world, 32, random, DECOUPLED);
    const actions = new Uint8Array(32);
    const out = new Uint8Array(world.height * world.width);
    const marked = new Map<string, number>();
    const wrong: string[] = [];
    for (let t = 0; t < 30; t++) {
      for (const candidate of world.candidates) {
        for (let slot = 0; slot < 32; slot++) {
          out.fill(7);
          const n = candidate.mark(batch, slot, out);
          let found = 0;
          for (let cell = 0; cell < out.length; cell++) {
            if (out[cell] === 0) continue;
            if (out[cell] !== 1 || batch.levels[slot]!.walls[cell] !== 0) wrong.push(candidate.id);
            found++;
          }
          if (found !== n) wrong.push(candidate.id);
          marked.set(candidate.id, (marked.get(candidate.id) ?? 0) + n);
        }
      }
      batch.step(randomActions(actions, random));
      restart(world, batch, random, DECOUPLED);
    }
    expect(wrong).toEqual([]);
    for (const [candidate, n] of marked) expect(n, `${candidate} never marks anything`).toBeGreaterThan(0);
    expect(marked.get(base.id)).toBeGreaterThan(0);
  });
});
