/**
 * @file The value of thinking on curves that others measured: success of two
 * published Sokoban agents by forced thinking steps at the start of an episode
 * (Taufeeque et al. 2024, arXiv:2407.15421; `plot/data` of learned-planner, Apache-2.0),
 * a recurrent one, which gains, and a residual one, which cannot.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { type ThinkingCurve, thinkingValue } from "./thinking.ts";

const DATA = new URL("../../../shared/data/learned-planner/", import.meta.url);
const fileOf = (net: string) => new URL(`${net}_valid_medium_success_across_thinking_steps.csv`, DATA);
const isHere = existsSync(fileOf("drc33")) && existsSync(fileOf("resnet"));

/** Episodes behind each share: the shares are multiples of 1/50,000. */
const EPISODES = 50_000;

/**
 * The last row of a file, as episodes. Which of them succeeded is not published: the
 * first ones are taken, which leaves every share and every difference of shares as it is.
 */
function published(net: string): ThinkingCurve {
  const [header = [], ...rows] = readFileSync(fileOf(net), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const last = rows.at(-1)!;
  const points = header.flatMap((name, column) => {
    const steps = /(\d+)_episode_successes$/.exec(name)?.[1];
    return steps === undefined ? [] : [{ steps: Number(steps), success: Number(last[column]) }];
  });
  return {
    ticks: points.map(({ steps }) => steps),
    right: points.map(({ success }) =>
      Uint8Array.from({ length: EPISODES }, (_, i) => (i < Math.round(success * EPISODES) ? 1 : 0)),
    ),
    layout: Int32Array.from({ length: EPISODES }, (_, i) => i),
    chance: new Float64Array(EPISODES),
    optimum: new Float64Array(EPISODES),
  };
}

describe.skipIf(!isHere)("published agents (skipped where ../shared/data/learned-planner is absent)", () => {
  test("the recurrent agent gains .0464 at six steps, and loses some of it by sixteen", { timeout: 30_000 }, () => {
    const curve = published("drc33");
    expect(curve.ticks).toEqual([0, 1, 2, 4, 6, 8, 10, 12, 16]);
    const { gain, overthinking, bestTicks } = thinkingValue(curve, 0, rng(0));
    // Six steps lead four by one episode in 50,000.
    expect(bestTicks).toContain(6);
    for (const ticks of bestTicks) expect([4, 6]).toContain(ticks);
    expect(gain.mean).toBeCloseTo(0.0464, 4);
    expect(gain.low).toBeGreaterThan(0.044);
    expect(overthinking.mean).toBeCloseTo(0.8127 - 0.8054, 4);
    expect(overthinking.low).toBeGreaterThan(0);
  });

  test("the residual agent gains exactly nothing", { timeout: 30_000 }, () => {
    const { gain, overthinking } = thinkingValue(published("resnet"), 0, rng(0));
    expect([gain.mean, overthinking.mean]).toEqual([0, 0]);
  });
});
