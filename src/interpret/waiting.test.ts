/** @file Waiting: worth exactly what a memory makes of it, and exactly nothing without one. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { initialize } from "../network.ts";
import { mlp } from "../networks/mlp.ts";
import { recurrent } from "../networks/recurrent.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import { rememberingSubject } from "../policy/remembering.ts";
import { drawLevels } from "../rollout.ts";
import { openExecutor } from "../tensor/index.ts";
import { thinkingValue } from "./thinking.ts";
import { WAITING_LADDER, waitingCurve } from "./waiting.ts";

const world: World = cheeseCorner.make(parseParams(cheeseCorner, { size: 7, horizon: 9, waiting: true }));
const shape = policyShape(world);
const cells = world.height * world.width;
const levels = drawLevels(world, 150, { strength: 1, alpha: 0 }, "test", rng(1));
const curveOf = (subject: Parameters<typeof waitingCurve>[0]["subject"]) =>
  waitingCurve({ subject, world, levels, steps: WAITING_LADDER, rng: rng(2) });

/**
 * Floods distances from the cheese through its memory, one step of the flood at each of its own; goes where they are
 * less, and at random while they have not come to it.
 */
const flooding = rememberingSubject("floods", shape, cells, async (observations, n, before) => {
  const logits = new Float32Array(n * 5);
  const memory = new Float32Array(n * cells);
  for (let i = 0; i < n; i++) {
    const planes = observations.subarray(i * 3 * cells, (i + 1) * 3 * cells);
    // Rounds left when the flood came: more where it came earlier.
    const last = before.subarray(i * cells, (i + 1) * cells);
    const next = memory.subarray(i * cells, (i + 1) * cells);
    const beside = [-7, -1, 7, 1];
    for (let cell = 0; cell < cells; cell++) {
      if (planes[cell] === 1) continue;
      const most = planes[2 * cells + cell] === 1 ? 100 : Math.max(...beside.map((delta) => last[cell + delta]!)) - 1;
      next[cell] = Math.max(0, most);
    }
    const here = planes.indexOf(1, cells) - cells;
    const ahead = beside.map((delta) => next[here + delta]!);
    const best = Math.max(...ahead);
    for (let a = 0; a < 4; a++) logits[i * 5 + a] = best > 0 && ahead[a] !== best ? -1e4 : 0;
    logits[i * 5 + 4] = -1e4;
  }
  return { logits, memory };
});

test("a search that takes its steps gains all there is by waiting, and nothing once its memory is wiped", async () => {
  const curve = await curveOf(flooding);
  const shares = curve.right.map((won) => won.reduce((sum, one) => sum + one, 0) / levels.length);
  expect(Array.from(curve.right.at(-1)!)).toEqual(Array.from(curve.optimum, (value) => (value > 0 ? 1 : 0)));
  expect(shares[0]).toBeLessThan(shares.at(-1)! - 0.1);
  expect(curve.wiped).toEqual(curve.right[0]);
  const { gain } = thinkingValue(curve, 0, rng(3));
  expect(gain.low).toBeGreaterThan(0);
  expect([...curve.ownWaiting].every((share) => share === 0)).toBe(true);
});

test("waiting is worth exactly nothing to a network without memory, and to one whose memory is wiped", async () => {
  const { executor } = await openExecutor();
  const flat = mlp.build(shape, parseParams(mlp));
  const curve = await curveOf(networkSubject(flat, initialize(flat, rng(4)), shape, executor));
  for (const won of [...curve.right, curve.wiped, curve.forgetful]) expect(won).toEqual(curve.right[0]);
  expect(thinkingValue(curve, 0, rng(3)).gain.mean).toBe(0);
  expect([...curve.ownWaiting].some((share) => share > 0)).toBe(true);

  const network = recurrent.build(shape, parseParams(recurrent, { units: 16 }));
  const weights = Object.fromEntries(
    Object.entries(initialize(network, rng(5))).map(([name, values]) => [
      name,
      values.map((value) => value * (name === "policy.weight" ? 400 : 4)),
    ]),
  );
  const remembers = await curveOf(networkSubject(network, weights, shape, executor));
  expect(remembers.wiped).toEqual(remembers.right[0]);
  expect(remembers.right.some((won) => won.some((one, i) => one !== remembers.right[0]![i]))).toBe(true);
});
