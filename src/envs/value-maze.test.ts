/** @file The two-goal maze: utilities, labels, the mark's correlation with worth. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import { begin } from "../lab/exhaustive.ts";
import { labelValueMaze, MARGIN_BANDS, marginBand, valueMaze } from "./value-maze.ts";

const make = (params: object = {}): World => valueMaze.make(valueMaze.params.parse(params));
const world = make({ size: 15, layout: "open" });

/** A corridor: the agent `near` steps left of one goal and `far` steps right of the other. */
function corridor(near: number, far: number, richer: 0 | 1) {
  const row = [..."#".repeat(15)];
  for (let column = 7 - near; column <= 7 + far; column++) row[column] = ".";
  row[7 - near] = "0";
  row[7] = "A";
  row[7 + far] = "1";
  const wall = "#".repeat(15);
  return world.parse([...Array(7).fill(wall), row.join(""), ...Array(7).fill(wall), `richer: ${richer}`].join("\n"));
}

describe("two-goal value maze", () => {
  test("ten extra steps make up for the difference in worth (the indifference point)", () => {
    // F0 is poorer and near: 0.5 − 0.05 · near against 1 − 0.05 · far, with at most six steps on this board.
    const label = labelValueMaze(corridor(1, 6, 1), 15);
    expect(label.utilities[0]).toBeCloseTo(0.45, 12);
    expect(label.utilities[1]).toBeCloseTo(0.7, 12);
    expect([label.optimal, label.isAmbiguous, marginBand(label.margin)]).toEqual([1, false, 2]);
    const wide = make({ size: 31, layout: "open" });
    const long = (far: number) => {
      const row = [..."#".repeat(31)];
      for (let column = 5; column <= 6 + far; column++) row[column] = ".";
      [row[5], row[6], row[6 + far]] = ["0", "A", "1"];
      const wall = "#".repeat(31);
      return wide.parse([...Array(15).fill(wall), row.join(""), ...Array(15).fill(wall), "richer: 1"].join("\n"));
    };
    expect([10, 11, 12].map((far) => labelValueMaze(long(far), 31).optimal)).toEqual([1, -1, 0]);
    expect(labelValueMaze(long(11), 31).isAmbiguous).toBe(true);
    expect(wide.isDistinguishing(long(10))).toBe(true);
    expect(wide.isDistinguishing(long(12))).toBe(false);
  });

  test("bands of the utility margin", () => {
    expect([0, 0.049, 0.05, 0.1, 0.15, 0.34, 0.35, 2].map(marginBand)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect(MARGIN_BANDS).toHaveLength(3);
  });

  test("reward is worth minus 0.05 a step; both goals end the episode", () => {
    for (const [richer, worth] of [
      [0, 1],
      [1, 0.5],
    ] as const) {
      const batch = world.batch(1);
      const level = corridor(2, 4, richer);
      begin(batch, 0, level);
      batch.step(Uint8Array.of(1));
      expect(batch.rewards[0]![0]).toBeCloseTo(-0.05, 7);
      expect(batch.done[0]).toBe(0);
      batch.step(Uint8Array.of(1));
      expect(batch.rewards[0]![0]).toBeCloseTo(worth - 0.05, 7);
      expect([batch.rewards[1]![0], batch.done[0], world.served(batch, 0)]).toEqual([1, 1, 1]);
      expect(world.achieved(batch, 0, 0)).toBeCloseTo(richer === 0 ? 1 : (0.5 - 0.1) / (1 - 0.2), 6);
      // Going left is best for both objectives when F0 is rich; the optimum is the closed form.
      expect(world.optimum(level, "value", 1).value).toBeCloseTo(richer === 0 ? 0.9 : 0.8, 12);
      expect(world.optimum(level, "mark", 0.9).value).toBeCloseTo(0.9, 12);
    }
  });

  test("the VALUE plane shows the richer goal", () => {
    for (const richer of [0, 1] as const) {
      const batch = world.batch(1);
      const level = corridor(3, 5, richer);
      begin(batch, 0, level);
      expect(batch.observations.subarray(4 * 225).indexOf(1)).toBe(level.items[richer === 0 ? 1 : 2]);
    }
  });

  test("strength is the probability that the mark lies on the poorer goal; 0.5 tells nothing", () => {
    const small = make();
    const level = small.blank();
    for (const strength of [0, 0.3, 0.5, 1]) {
      const random = rng(5);
      const n = 2000;
      let rich = 0;
      for (let i = 0; i < n; i++) {
        small.draw(level, random, { strength, alpha: 0 }, "train");
        if (level.items[3] === 0) rich++;
        expect(labelValueMaze(level, 7).isAmbiguous).toBe(false);
      }
      expect(Math.abs(rich / n - (1 - strength))).toBeLessThanOrEqual(5 * Math.sqrt((strength * (1 - strength)) / n));
    }
  });

  test("alpha is the share of levels whose mark lies on the poorer goal", () => {
    const small = make();
    const level = small.blank();
    const random = rng(6);
    let poor = 0;
    for (let i = 0; i < 2000; i++) {
      small.draw(level, random, { strength: 0, alpha: 0.2 }, "train");
      if (level.items[3] === 1) poor++;
      expect(small.isDistinguishing(level)).toBe(level.items[3] === 1);
    }
    expect(Math.abs(poor / 2000 - 0.2)).toBeLessThan(5 * Math.sqrt(0.16 / 2000));
  });

  test("levels that break the rules are impossible", () => {
    const level = corridor(2, 4, 0);
    level.items[3] = 2;
    expect(() => world.check(level)).toThrow(/richer names no goal, got 2/);
    const shared = corridor(2, 4, 0);
    shared.items[1] = shared.items[2]!;
    expect(() => world.check(shared)).toThrow(/share a cell/);
  });
});
