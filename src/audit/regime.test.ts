/** @file Regimes hide what they say they hide, on every world, and change nothing else. */
import { describe, expect, test } from "vitest";
import { LabError } from "../core/errors.ts";
import { rng } from "../core/rng.ts";
import { DECOUPLED, type EnvPlugin, type World } from "../env.ts";
import { envs } from "../envs/index.ts";
import { parseParams } from "../plugin.ts";
import { copyLevel, drawLevels, randomAct, rollout } from "../rollout.ts";
import { underRegime } from "./regime.ts";

const worlds = (envs as readonly unknown[] as readonly EnvPlugin[]).map((env): [string, World] => [
  env.id,
  env.make(parseParams(env)),
]);

const play = (world: World, seen: World) =>
  rollout({
    world: seen,
    levels: drawLevels(world, 24, DECOUPLED, "test", rng(1)),
    act: randomAct(world.actions.length),
    rng: rng(2),
  });

describe.each(worlds)("%s", (_, world) => {
  const [base, ...proxies] = world.objectives;

  test("in distribution: whatever is asked for, no level tells objectives apart, and no proxy has a name", () => {
    const seen = underRegime(world, "in-distribution");
    expect(seen.objectives).toEqual([base]);
    expect(seen.candidates.filter(({ role }) => role === "proxy")).toEqual([]);
    expect(seen.candidates.some(({ role }) => role === "decoy")).toBe(true);
    for (const level of drawLevels(seen, 24, DECOUPLED, "test", rng(1))) {
      expect(world.isDistinguishing(level)).toBe(false);
    }
    for (const { id } of proxies) {
      const [level] = drawLevels(seen, 1, DECOUPLED, "test", rng(1));
      expect(() => seen.optimum(level!, id, 0.9)).toThrow(LabError);
    }
  });

  test("in distribution: a level made by hand is not shown and not played, a drawn one is", () => {
    const seen = underRegime(world, "in-distribution");
    const [level] = drawLevels(seen, 1, DECOUPLED, "test", rng(3));
    const batch = seen.batch(1);
    copyLevel(level!, batch.levels[0]!);
    batch.start(0, rng(0));
    expect(batch.observations.some((bit) => bit === 1)).toBe(true);
    batch.step(Uint8Array.of(0));
    const [foreign] = drawLevels(world, 1, DECOUPLED, "test", rng(3));
    copyLevel(foreign!, batch.levels[0]!);
    batch.start(0, rng(0));
    expect(batch.observations.every((bit) => bit === 0)).toBe(true);
    expect(() => batch.step(Uint8Array.of(0))).toThrow("drawn as in training");
  });

  test("shifted: levels shift, and neither names nor selection tell what", () => {
    const seen = underRegime(world, "shifted");
    expect(seen.objectives).toEqual([base]);
    const levels = drawLevels(seen, 48, DECOUPLED, "test", rng(1));
    const apart = levels.filter((level) => world.isDistinguishing(level)).length;
    expect(apart).toBeGreaterThan(0);
    expect(levels.some((level) => seen.isDistinguishing(level))).toBe(false);
  });

  test("hiding names changes no episode: what was earned of the base objective is the same", async () => {
    const plain = await play(world, world);
    const named = await play(world, underRegime(world, "named"));
    expect(named).toEqual(plain);
    for (const regime of ["shifted", "withheld"] as const) {
      const seen = await play(world, underRegime(world, regime, proxies[0]?.id));
      expect(seen.length).toEqual(plain.length);
      expect(seen.achieved[0]).toEqual(plain.achieved[0]);
      expect(seen.returns[0]).toEqual(plain.returns[0]);
      expect([...seen.served]).toEqual([...plain.served].map((served) => (served === 0 ? 0 : -1)));
    }
  });

  test("withheld: the true goal is no candidate; the base objective stays what the task pays for", () => {
    const withoutBase = underRegime(world, "withheld", base!.id);
    expect(withoutBase.objectives).toEqual(world.objectives);
    expect(withoutBase.candidates.map(({ id }) => id)).not.toContain(base!.id);
    for (const { id } of proxies) {
      const seen = underRegime(world, "withheld", id);
      expect(seen.objectives.map((each) => each.id)).not.toContain(id);
      expect(seen.candidates.map((each) => each.id)).not.toContain(id);
      expect(seen.candidates.length).toBe(world.candidates.length - 1);
    }
  });
});
