/** @file The other goal of a fork against brute force, and the write on a network whose algorithm is known. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { initialize } from "../network.ts";
import { valueIteration } from "../networks/value-iteration.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import { drawLevels } from "../rollout.ts";
import { openExecutor } from "../tensor/index.ts";
import { directions, mapStates } from "./concepts.ts";
import { fieldLabels, fieldTrials, writeFields } from "./field-writes.ts";
import { findTrials } from "./plan-writes.ts";
import { gridSequence, listSites } from "./sites.ts";

const world = cheeseCorner.make(cheeseCorner.params.parse({ size: 7, layout: "tree" }));
const { executor } = await openExecutor("native");
const shape = policyShape(world);
const network = valueIteration.build(shape, parseParams(valueIteration, { ticks: 24 }));
const planner = networkSubject(network, initialize(network, rng(1)), shape, executor);
const mapped = await mapStates({
  world,
  levels: drawLevels(world, 60, { strength: 1, alpha: 0 }, "test", rng(2)),
  act: planner.act.bind(planner),
  share: 0.2,
  rng: rng(3),
});
const forks = findTrials(world, mapped, directions(world, mapped));
const cells = world.height * world.width;
const deltas = [-world.width, -1, world.width, 1];

test("the other goal lies beyond the other neighbor, and the written field leads there from every cell", () => {
  const labels = fieldLabels(world, mapped, "direction");
  const trials = fieldTrials(world, mapped, forks, "direction", labels);
  expect(trials.length).toBeGreaterThan(10);
  for (const { state, agent, other, goal, changes } of trials) {
    const field = labels.slice(state * cells, (state + 1) * cells);
    for (const { cell, from, to } of changes) {
      expect(field[cell]).toBe(from);
      field[cell] = to;
    }
    expect(changes.map(({ cell }) => cell)).not.toContain(agent);
    const cheese = mapped.levels[mapped.states.level[state]!]!.items[1]!;
    let last = -1;
    let [cell, steps] = [other.cell, 0];
    for (; cell !== goal && steps < cells; steps++) {
      last = cell;
      cell += deltas[field[cell]!]!;
    }
    expect(cell, `from ${last}`).toBe(goal);
    // From elsewhere too, but for ways through the cells whose label is not a written one.
    for (const start of changes.map((change) => change.cell)) {
      let at = start;
      for (let t = 0; t < cells && ![goal, agent, cheese].includes(at); t++) at += deltas[field[at]!]!;
      expect([goal, agent, cheese]).toContain(at);
    }
  }
});

test("value iteration goes where its field is written to, and nowhere else by noise, by nothing or by another level's field", async () => {
  const labels = fieldLabels(world, mapped, "distance");
  const sites = gridSequence(listSites(planner.inside!, shape));
  const { trials, outcome } = await writeFields({
    subject: planner,
    mapped,
    labels,
    trials: fieldTrials(world, mapped, forks, "distance", labels),
    sites: sites.slice(Math.floor(sites.length / 2)),
    most: 40,
    draws: 5,
    rng: rng(4),
  });
  const share = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / trials.length;
  expect(trials.length).toBeGreaterThan(20);
  expect(share(outcome.written)).toBeGreaterThan(0.9);
  expect(share(outcome.nothing)).toBe(0);
  expect(share(outcome.random)).toBeLessThan(0.5);
  expect(share(outcome.wrongPlace)).toBeLessThan(0.5);
});
