/** @file Planning depth against subjects whose depth is known: chance, devices that look h steps ahead, and planners. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { lookaheads } from "../grid/lookahead.ts";
import { initialize } from "../network.ts";
import { valueIteration } from "../networks/value-iteration.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import type { Act } from "../rollout.ts";
import type { Subject } from "../subject.ts";
import { openExecutor } from "../tensor/index.ts";
import { type Band, drawDecisions, planningDepth, rightDecisions, skillByBand } from "./planning-depth.ts";

const MIXED = { strength: 1, alpha: 0 };
const bands: readonly Band[] = [
  [1, 1],
  [2, 2],
  [3, 4],
  [5, 6],
  [7, 8],
];
const world: World = cheeseCorner.make(parseParams(cheeseCorner, { size: 9, layout: "tree", blocking: true }));
const shape = policyShape(world);
const set = drawDecisions({ world, mixture: MIXED, bands, each: 64, rng: rng(1) });
const cells = world.height * world.width;

/** A subject that sees a state and answers with one of the moves of a rule. */
function scripted(rule: (walls: Uint8Array, mouse: number, cheese: number) => number[]): Subject {
  const act: Act = async (observations, n, random, actions) => {
    for (let i = 0; i < n; i++) {
      const plane = (p: number) => observations.subarray((3 * i + p) * cells, (3 * i + p + 1) * cells);
      const moves = rule(plane(0), plane(1).indexOf(1), plane(2).indexOf(1));
      actions[i] = moves[random.int(moves.length)]!;
    }
  };
  return { id: "scripted", shape, access: new Set(["act"]), act };
}

const bits = (mask: number) => [0, 1, 2, 3].filter((a) => (mask >> a) & 1);

function lookingAhead(steps: number): Subject {
  const batch = world.batch(1);
  const look = lookaheads(world, "cheese");
  return scripted((walls, mouse, cheese) => {
    batch.levels[0]!.walls.set(walls);
    batch.levels[0]!.items.set([mouse, cheese]);
    batch.start(0, rng(0));
    const masks = look(batch, 0);
    return bits(masks[Math.min(steps, masks.length) - 1]!);
  });
}

const depthOf = async (subject: Subject) =>
  planningDepth(bands, skillByBand(set, await rightDecisions(subject, set, rng(2))));

test.each([1, 2, 4, 6, 8])("a device that looks %i steps ahead has exactly that depth", async (steps) => {
  const skill = skillByBand(set, await rightDecisions(lookingAhead(steps), set, rng(2)));
  for (const [b, [from, to]] of bands.entries()) {
    if (to <= steps) expect(skill[b]).toBeCloseTo(1, 12);
    if (from > steps) expect(skill[b]).toBeLessThan(-0.5);
  }
  expect(planningDepth(bands, skill)).toBeCloseTo(steps, 12);
});

test("a device between two ends of a band lies between them, and one that looks on gains nothing", async () => {
  const three = await depthOf(lookingAhead(3));
  expect(three).toBeGreaterThanOrEqual(2);
  expect(three).toBeLessThanOrEqual(4);
  expect(await depthOf(lookingAhead(30))).toBeCloseTo(8, 12);
});

test("knowing which neighbors are free is worth nothing", async () => {
  const deltas = [-world.width, -1, world.width, 1];
  const wanderer = scripted((walls, mouse) => [0, 1, 2, 3].filter((a) => walls[mouse + deltas[a]!] === 0));
  const skill = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => skillByBand(set, await rightDecisions(wanderer, set, rng(i)))),
  );
  for (const b of bands.keys()) {
    // 40 · 64 guesses of deviation about .5 / .5: a standard error of .02.
    expect(Math.abs(skill.reduce((sum, each) => sum + each[b]!, 0) / 40)).toBeLessThan(0.08);
  }
  // What clipping leaves of the noise, over seven steps beyond the first.
  expect(await depthOf(wanderer)).toBeLessThan(1);
});

test("a planted planner plans to the end with enough ticks, and less deep with fewer", async () => {
  const { executor } = await openExecutor();
  const network = valueIteration.build(shape, parseParams(valueIteration));
  const planner = networkSubject(network, initialize(network, rng(0)), shape, executor);
  expect(await depthOf(planner.thinking!(40))).toBeCloseTo(8, 12);
  // Its ticks limit how far away a goal may lie, and detours lie on long ways: depth comes late.
  const [one, some] = [await depthOf(planner.thinking!(1)), await depthOf(planner.thinking!(16))];
  expect(one).toBeLessThan(1);
  expect(some).toBeGreaterThan(one + 1);
  expect(some).toBeLessThan(8);
});

test("decisions fill their bands, and what is too rare is refused", () => {
  expect([...set.band].filter((b) => b === 3)).toHaveLength(64);
  expect([...set.chance].every((share) => share > 0 && share <= 1)).toBe(true);
  const open = cheeseCorner.make(parseParams(cheeseCorner, { size: 5, layout: "open" }));
  const draw = () => drawDecisions({ world: open, mixture: MIXED, bands: [[2, 9]], each: 1, rng: rng(0) });
  expect(draw).toThrow(/too few that need 2 to 9 steps/);
});
