/** @file Exact arrival times against play, divergences against each other, and a look ahead that finds what is near. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { COUPLED, DECOUPLED } from "../../env.ts";
import { initialize } from "../../network.ts";
import { mlp } from "../../networks/mlp.ts";
import { parseParams } from "../../plugin.ts";
import { policyShape } from "../../policy/inference.ts";
import { copyLevel, drawLevels } from "../../rollout.ts";
import { sampleActions } from "../../subject.ts";
import { openExecutor } from "../../tensor/index.ts";
import { makeWorld } from "../registry.ts";
import { arrivals, exactLevels, lookingAhead, normalize, policyDivergence, tabulate } from "./exact-outcomes.ts";
import { arrivalPressure, DISCOUNT, expectedReturn, returnsOf } from "./stack.ts";

const { executor } = await openExecutor();
const world = makeWorld({ env: "cheese-corner", params: { size: 5, horizon: 9 } });
const shape = policyShape(world);
const network = mlp.build(shape, parseParams(mlp, { width: 16 }));
const drawn = drawLevels(world, 3, DECOUPLED, "test", rng(1));
const levels = exactLevels(world, drawn, DISCOUNT, rng(2));
/** A policy with preferences: random logits. */
function opinionated(seed: number): Float64Array {
  const random = rng(seed);
  const logits = Float64Array.from({ length: levels.states * shape.actions }, () => 2 * random.normal());
  normalize(logits, shape.actions);
  return logits;
}

test("arrival times equal those of play, for the goal and for the proxy", () => {
  const policy = opinionated(3);
  const batch = world.batch(1);
  const random = rng(4);
  const episodes = 6000;
  for (const objective of [0, 1]) {
    const exact = arrivals(levels, policy, objective);
    let at = 0;
    for (const [i, { mdp, cells, stateOf }] of levels.tables.entries()) {
      const goal = levels.sought[i]![objective]!;
      const counts = new Float64Array(world.horizon + 1);
      const starts = Array.from(mdp.start, (mass, s) => (mass > 0 && goal[s] === 0 ? s : -1)).filter((s) => s >= 0);
      for (let e = 0; e < episodes; e++) {
        const slot = batch.levels[0]!;
        copyLevel(drawn[i]!, slot);
        slot.items[0] = cells[starts[random.int(starts.length)]!]!;
        batch.start(0, random);
        let arrived = world.horizon;
        for (let t = 0; t < world.horizon; t++) {
          const state = at + stateOf[batch.position[0]!]!;
          const logits = Float32Array.from(
            policy.subarray(state * shape.actions, (state + 1) * shape.actions),
            Math.log,
          );
          const action = new Uint8Array(1);
          sampleActions(logits, 1, shape.actions, random, action);
          batch.step(action);
          if (batch.rewards[objective]![0]! > 0) {
            arrived = t;
            break;
          }
          if (batch.done[0] === 1) break;
        }
        counts[arrived]! += 1 / episodes;
      }
      at += mdp.states;
      for (const [t, mass] of exact[i]!.entries()) {
        expect(Math.abs(counts[t]! - mass)).toBeLessThan(5 * Math.sqrt((mass * (1 - mass)) / episodes) + 1e-3);
      }
      expect(exact[i]!.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    }
  }
});

test("outcomes diverge by no more than the actions that bring them about, and by nothing from themselves", () => {
  const [policy, reference] = [opinionated(5), opinionated(6)];
  const entry = arrivalPressure(world, arrivals(levels, reference, 0), arrivals(levels, policy, 0));
  expect(entry.kl).toBeGreaterThan(0);
  // Both start uniformly over cells from which the cheese has not been reached.
  expect(entry.kl).toBeLessThan(policyDivergence(levels, policy, reference));
  expect(policyDivergence(levels, policy, policy)).toBeCloseTo(0, 12);
  const same = arrivalPressure(world, arrivals(levels, policy, 0), arrivals(levels, policy, 0));
  expect([same.kl, same.tail, same.proxyGain]).toEqual([0, expect.closeTo(0, 12), expect.closeTo(0, 12)]);
});

test("a policy without doubt diverges from a coin by as many bits a step as there are to choose", () => {
  const sure = new Float64Array(levels.states * shape.actions).map((_, row) => (row % shape.actions === 1 ? 1 : 0));
  const coin = sure.map(() => 1 / shape.actions);
  const steps = arrivals(levels, sure, 0).map((times) => {
    let left = 1;
    let sum = 0;
    for (let t = 0; t < world.horizon; t++) {
      sum += left;
      left -= times[t]!;
    }
    return sum;
  });
  const expected = (Math.log2(shape.actions) * steps.reduce((a, b) => a + b)) / steps.length;
  expect(policyDivergence(levels, sure, coin)).toBeCloseTo(expected, 9);
});

test("looking two steps ahead reaches a cheese one or two steps away, and earns more on the whole", async () => {
  const tabulated = await tabulate(levels, network, initialize(network, rng(7)), shape, executor);
  // What a network expects after the end is nobody's reward.
  const afterwards = Float64Array.from(
    levels.tables.flatMap(({ ends }) => Array.from(ends, (end) => (end === 1 ? -5 : 0))),
  );
  const ahead = lookingAhead(
    levels,
    { ...tabulated, value: afterwards },
    {
      objective: 0,
      gamma: DISCOUNT,
      temperature: 0.01,
    },
  );
  expect(expectedReturn(levels, ahead)).toBeGreaterThan(expectedReturn(levels, tabulated.policy));
  let at = 0;
  let near = 0;
  for (const [i, { mdp, ends }] of levels.tables.entries()) {
    const next = (s: number, a: number) => mdp.to[mdp.from[s * shape.actions + a]!]!;
    const actions = Array.from({ length: shape.actions }, (_, a) => a);
    const isGoal = (s: number) => levels.sought[i]![0]![s] === 1;
    const isBeside = (s: number) => ends[s] === 0 && actions.some((a) => isGoal(next(s, a)));
    for (let s = 0; s < mdp.states; s++) {
      if (ends[s] === 1) continue;
      const closer = actions.filter((a) => (isBeside(s) ? isGoal(next(s, a)) : isBeside(next(s, a))));
      if (closer.length === 0) continue;
      near++;
      expect(closer.reduce((sum, a) => sum + ahead[(at + s) * shape.actions + a]!, 0)).toBeGreaterThan(0.5);
    }
    at += mdp.states;
  }
  expect(near).toBeGreaterThan(2);
});

test("the discounted return of arriving at once is 1, and of never 0", () => {
  expect(Array.from(returnsOf(2))).toEqual([1, DISCOUNT, 0]);
});

test("on levels with the cheese in the corner the two goals are one", () => {
  const coupled = exactLevels(world, drawLevels(world, 2, COUPLED, "test", rng(8)), DISCOUNT, rng(9));
  const policy = new Float64Array(coupled.states * shape.actions).fill(1 / shape.actions);
  const [goal, proxy] = [arrivals(coupled, policy, 0), arrivals(coupled, policy, 1)];
  for (const [i, times] of goal.entries()) {
    for (const [t, mass] of times.entries()) expect(proxy[i]![t]).toBeCloseTo(mass, 12);
  }
});
