/** @file Fixed levels and regret replay: what is seen, what is kept, what is replayed how often, and that a snapshot holds all of it. */
import { expect, test } from "vitest";
import { rng } from "./core/rng.ts";
import { COUPLED, type Level, type World } from "./env.ts";
import { cheeseCorner } from "./envs/cheese-corner.ts";
import { sideOf } from "./grid/hash.ts";
import { fixedLevels, levelSource } from "./levels.ts";
import { parseParams } from "./plugin.ts";

const world: World = cheeseCorner.make(parseParams(cheeseCorner, { size: 5 }));
const key = ({ walls, items }: Level) => `${walls.join("")}:${items.join()}`;
const replay = (capacity: number, share: number, slots = 1) =>
  levelSource({ kind: "regret-replay", capacity, share, gamma: 0.9 }, world, COUPLED, slots);

test("a fixed source gives its own levels and no other, each as often as any, whatever the training draws", () => {
  const mixture = { strength: 0, alpha: 0.5 };
  const spec = { kind: "fixed", count: 6 } as const;
  const source = levelSource(spec, world, mixture, 4, rng(5));
  const known = fixedLevels(6, world, mixture, rng(5)).map(key);
  expect(new Set(known).size).toBe(6);
  const counts = new Map(known.map((name) => [name, 0]));
  const random = rng(8);
  const level = world.blank();
  const draws = 6000;
  for (let i = 0; i < draws; i++) {
    source.next(i % 4, level, random);
    expect(counts.has(key(level))).toBe(true);
    counts.set(key(level), counts.get(key(level))! + 1);
    source.ended(i % 4, 1);
  }
  // 5 degrees of freedom, p = .001
  expect([...counts.values()].reduce((sum, n) => sum + (n - draws / 6) ** 2 / (draws / 6), 0)).toBeLessThan(20.5);
  expect(fixedLevels(6, world, mixture, rng(6)).map(key)).not.toEqual(known);
  for (const each of fixedLevels(20, world, mixture, rng(7))) expect(sideOf(world.layoutHash(each))).toBe("train");
});

test("a fixed source that the world cannot fill says so", () => {
  const tiny: World = cheeseCorner.make(parseParams(cheeseCorner, { size: 5, layout: "open" }));
  expect(() => fixedLevels(40, tiny, COUPLED, rng(1))).toThrow(/too few different levels, got \d+ .* expected 40/);
});

test("regret is the optimum less what was earned; the greatest are kept and the least is evicted", () => {
  const source = replay(2, 0);
  const random = rng(1);
  const level = world.blank();
  const seen: { level: string; regret: number }[] = [];
  for (let i = 0; i < 40; i++) {
    source.next(0, level, random);
    const optimum = world.optimum(level, "cheese", 0.9).value;
    const earned = optimum * random.uniform();
    source.ended(0, earned);
    seen.push({ level: key(level), regret: optimum - earned });
  }
  const best = seen.toSorted((a, b) => b.regret - a.regret).slice(0, 2);
  const { walls, items, regret } = source.snapshot();
  const kept = [0, 1].map((row) => ({
    level: key({
      walls: (walls as Uint8Array).slice(row * 25, (row + 1) * 25),
      items: (items as Int16Array).slice(row * level.items.length, (row + 1) * level.items.length),
    }),
    regret: regret![row]!,
  }));
  expect(kept.toSorted((a, b) => b.regret - a.regret)).toEqual(best);
});

test("a kept level is replayed in proportion to one over its rank", () => {
  const source = replay(4, 1);
  const random = rng(2);
  const level = world.blank();
  const regrets = new Map<string, number>();
  // Four rows with known regrets; a replayed level is scored afresh with the same regret.
  const play = () => {
    source.next(0, level, random);
    const optimum = world.optimum(level, "cheese", 0.9).value;
    const regret = regrets.get(key(level)) ?? (4 - regrets.size) / 8;
    regrets.set(key(level), regret);
    source.ended(0, optimum - regret);
    return key(level);
  };
  const filling = levelSource({ kind: "regret-replay", capacity: 4, share: 0, gamma: 0.9 }, world, COUPLED, 1);
  for (let i = 0; regrets.size < 4 && i < 100; i++) {
    filling.next(0, level, random);
    const optimum = world.optimum(level, "cheese", 0.9).value;
    if (regrets.has(key(level))) continue;
    regrets.set(key(level), (4 - regrets.size) / 8);
    filling.ended(0, optimum - regrets.get(key(level))!);
  }
  source.restore(filling.snapshot());
  const counts = new Map<string, number>();
  const draws = 6000;
  for (let i = 0; i < draws; i++) {
    const drawn = play();
    counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
  }
  const ranked = [...regrets].sort((a, b) => b[1] - a[1]).map(([name]) => (counts.get(name) ?? 0) / draws);
  const total = 1 + 1 / 2 + 1 / 3 + 1 / 4;
  for (const [rank, share] of ranked.entries()) expect(share).toBeCloseTo(1 / (rank + 1) / total, 1);
});

test("a restored source goes on as the saved one would have", () => {
  const one = replay(8, 0.5, 2);
  const level = world.blank();
  const play = (source: typeof one, seed: number, n: number) => {
    const random = rng(seed);
    const drawn: string[] = [];
    for (let i = 0; i < n; i++) {
      source.next(i % 2, level, random);
      drawn.push(key(level));
      source.ended(i % 2, random.uniform() * 0.5);
    }
    return drawn;
  };
  play(one, 3, 50);
  const saved = one.snapshot();
  const rest = play(one, 4, 50);
  const other = replay(8, 0.5, 2);
  other.restore(saved);
  expect(play(other, 4, 50)).toEqual(rest);
});
