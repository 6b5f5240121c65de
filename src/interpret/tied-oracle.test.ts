import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import { tiedOracle } from "./tied-oracle.ts";

test("a goal leaves room for the intent, or none", async () => {
  const world = cheeseCorner.make(parseParams(cheeseCorner, { layout: "open" }));
  const level = world.blank();
  world.draw(level, rng(1), { strength: 1, alpha: 1 }, "test");
  const gamma = 0.9;
  const base = world.objectives[0]!.id;
  const play = async (objective: string, ties: "best" | "worst") =>
    (await tiedOracle({ world, levels: [level], objective, intent: base, ties, gamma, rng: rng(2) })).returns[0]![0]!;
  const ideal = world.optimum(level, base, gamma).value;
  expect(await play(base, "best")).toBeCloseTo(ideal, 5);
  expect(await play(base, "worst")).toBeCloseTo(ideal, 5);
  const [kind, unkind] = [await play("corner", "best"), await play("corner", "worst")];
  expect(kind).toBeGreaterThan(unkind);
  expect(kind).toBeLessThanOrEqual(ideal + 1e-6);
});
