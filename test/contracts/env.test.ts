/**
 * @file What every environment promises, checked for each one in the index; the
 * promises are in src/lab/contract-env.ts, which users' own tasks meet too.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { rng } from "../../src/core/rng.ts";
import { type EnvPlugin, MOVES } from "../../src/env.ts";
import { envs } from "../../src/envs/index.ts";
import { WAIT } from "../../src/grid/board.ts";
import { envContract } from "../../src/lab/contract-env.ts";
import { oracleChecks } from "../../src/lab/contract-oracles.ts";
import { drawn } from "../../src/lab/contract-play.ts";
import { parseParams } from "../../src/plugin.ts";
import { copyLevel } from "../../src/rollout.ts";
import { testChecks } from "./checks.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function usedBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describe.each(envs.map((env) => [env.id, env as unknown as EnvPlugin] as const))("environment %s", (_, env) => {
  testChecks(envContract(env, { usedBytes }));
});

/** Environments that offer to wait. */
const waitable = envs.filter((env) => "waiting" in env.params.shape).map((env) => env as unknown as EnvPlugin);

describe.each(waitable.map((env) => [env.id, env] as const))("environment %s, waiting", (_, env) => {
  const make = (given: object) => env.make(parseParams(env, given));
  const [usual, waits] = [make({}), make({ waiting: true })];

  test("offers one action more, on the same levels", () => {
    expect(usual.actions).toEqual(MOVES);
    expect(waits.actions).toEqual([...MOVES, WAIT]);
    const printed = (world: typeof waits) =>
      drawn(world, 10, { strength: 0.5, alpha: 0.5 }, "train", 3).map((level) => world.print(level));
    expect(printed(waits)).toEqual(printed(usual));
  });

  test("who waits stands still, sees the same and earns as little as by walking into a wall, until the time is up", () => {
    const [still, bumps] = [waits.batch(1), usual.batch(1)];
    const [level] = drawn(waits, 1, { strength: 1, alpha: 0 }, "train", 5);
    for (const batch of [still, bumps]) {
      copyLevel(level!, batch.levels[0]!);
      batch.start(0, rng(1));
    }
    const { walls } = level!;
    const here = still.position[0]!;
    const seen = still.observations.slice();
    const wall = [-waits.width, -1, waits.width, 1].findIndex((delta) => walls[here + delta] === 1);
    for (let t = 1; t <= waits.horizon; t++) {
      still.step(Uint8Array.of(4));
      if (wall >= 0) {
        bumps.step(Uint8Array.of(wall));
        expect(still.rewards.map(([reward]) => reward)).toEqual(bumps.rewards.map(([reward]) => reward));
      }
      expect(still.position[0]).toBe(here);
      expect(still.observations).toEqual(seen);
      expect(still.done[0]).toBe(t < waits.horizon ? 0 : 2);
    }
  });

  testChecks(
    oracleChecks(
      () => waits,
      () => make({ ...(env.tiny as object), waiting: true }),
    ),
  );
});
