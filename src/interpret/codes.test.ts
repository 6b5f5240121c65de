import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { DECOUPLED } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import { type Act, drawLevels, randomAct } from "../rollout.ts";
import { deviceEvidence } from "../theory/agency/agents-and-devices.ts";
import { type Code, codesOf } from "./codes.ts";
import { recordDecisions } from "./decisions.ts";
import { DEVICES, deviceCounts } from "./devices.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner));
/** One step an episode: every level holds one decision, so that a code learns from each before the next. */
const single = cheeseCorner.make(parseParams(cheeseCorner, { horizon: 1 }));

async function encode(where: typeof world, act: Act, n: number) {
  const levels = drawLevels(where, n, DECOUPLED, "test", rng(1));
  const decisions = await recordDecisions({ world: where, levels, act, goals: where.candidates, rng: rng(2) });
  const codes = codesOf(where, levels, decisions, rng(2));
  const total = (id: string) => codes.find((code: Code) => code.id === id)!.bits.reduce((a, b) => a + b, 0);
  return { levels, decisions, codes, total };
}

/** Steps up where the cheese is above, else left, down, right; blind to walls. */
const towardsCheese: Act = async (observations, n, _, actions) => {
  const cells = world.height * world.width;
  for (let i = 0; i < n; i++) {
    const plane = (p: number) => observations.subarray((3 * i + p) * cells, (3 * i + p + 1) * cells).indexOf(1);
    const [mouse, cheese] = [plane(1), plane(2)];
    const down = Math.floor(cheese / world.width) - Math.floor(mouse / world.width);
    const right = (cheese % world.width) - (mouse % world.width);
    actions[i] = down < 0 ? 0 : right < 0 ? 1 : down > 0 ? 2 : 3;
  }
};

describe("codes", () => {
  test("a reflex costs its Krichevsky-Trofimov evidence, exactly", async () => {
    const { decisions, total } = await encode(single, randomAct(4), 60);
    for (const device of DEVICES) {
      const nats = deviceEvidence(deviceCounts(device, decisions, 4, decisions.fresh), 4);
      expect(total(`device-${device.id}`)).toBeCloseTo(-nats / Math.LN2, 9);
    }
    expect(total("list")).toBe(120);
  });

  test("random decisions have no short description: no code beats the list by more than luck", async () => {
    const { codes, total } = await encode(world, randomAct(4), 60);
    for (const { id } of codes) expect(total(id), id).toBeGreaterThan(total("list") - 7);
  });

  test("who goes for the cheese is told shortest by going for the cheese", async () => {
    const { codes, total } = await encode(single, towardsCheese, 120);
    const order = codes.map(({ id }) => id).sort((a, b) => total(a) - total(b));
    expect(["walk-base-cheese", "oracle-cheese"]).toContain(order[0]);
    expect(total(order[0]!)).toBeLessThan(0.75 * total("list"));
  });

  test("an oracle costs one bit more than a choice from its set, in the states that were decided in", async () => {
    const { levels, decisions } = await encode(world, randomAct(4), 8);
    const batch = world.batch(1);
    let inside = 0;
    let counted = 0;
    const codes = codesOf(world, levels, decisions, rng(2));
    const bits = codes.find(({ id }) => id === "oracle-cheese")!.bits;
    for (const [i, level] of levels.entries()) {
      batch.levels[0]!.walls.set(level.walls);
      batch.levels[0]!.items.set(level.items);
      batch.start(0, rng(0));
      for (let d = decisions.start[i]!; d < decisions.start[i + 1]!; d++) {
        const mask = world.optimalActions(batch, 0, "cheese", 0.99);
        if (decisions.fresh[d] !== 0 && mask !== 0 && mask !== 15) {
          counted++;
          inside += (mask >> decisions.actions[d]!) & 1;
          // On the first level nothing is learned yet: half for the set, half for the rest.
          if (i === 0) {
            const size = [0, 1, 2, 3].reduce((sum, a) => sum + ((mask >> a) & 1), 0);
            const isIn = ((mask >> decisions.actions[d]!) & 1) === 1;
            expect(bits[d]).toBeCloseTo(1 + Math.log2(isIn ? size : 4 - size), 9);
          }
        } else if (decisions.fresh[d] !== 0) expect(bits[d]).toBe(2);
        batch.step(decisions.actions.subarray(d, d + 1));
      }
    }
    expect(inside).toBeGreaterThan(0);
    expect(inside).toBeLessThan(counted);
  });
});
