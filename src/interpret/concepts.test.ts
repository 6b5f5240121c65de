/** @file Labels of concepts against brute force, and the trial on a network whose algorithm is known. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { initialize } from "../network.ts";
import { valueIteration } from "../networks/value-iteration.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import { drawLevels } from "../rollout.ts";
import { openExecutor } from "../tensor/index.ts";
import { conceptsOf, directions, mapStates } from "./concepts.ts";
import { exchangeDistances, findTrials, runTrials } from "./plan-writes.ts";
import { listSites } from "./sites.ts";

const world = cheeseCorner.make(cheeseCorner.params.parse({ size: 7, layout: "tree" }));
const { executor } = await openExecutor("native");
const shape = policyShape(world);
const network = valueIteration.build(shape, parseParams(valueIteration, { ticks: 24 }));
const subject = networkSubject(network, initialize(network, rng(1)), shape, executor);
const mapped = await mapStates({
  world,
  levels: drawLevels(world, 60, { strength: 1, alpha: 0 }, "test", rng(2)),
  act: subject.act.bind(subject),
  share: 0.2,
  rng: rng(3),
});
const cells = world.height * world.width;
const deltas = [-world.width, -1, world.width, 1];

describe("labels", () => {
  const concepts = conceptsOf(world, mapped);
  const labels = (id: string) => concepts.find((concept) => concept.id === id)!.target.labels;

  test("the planner is known by its actions to go for the cheese", () => {
    expect(mapped.objective).toBe(0);
    expect(mapped.agreement[0]).toBe(1);
  });

  test("on a tree following the directions from anywhere ends at the cheese, in as many steps as the distance", () => {
    const direction = labels("direction");
    const distance = labels("distance");
    for (let state = 0; state < mapped.states.n; state++) {
      const goal = mapped.levels[mapped.states.level[state]!]!.items[1]!;
      for (let start = 0; start < cells; start++) {
        if (direction[state * cells + start]! < 0) continue;
        let [cell, steps] = [start, 0];
        for (; cell !== goal && steps < cells; steps++) cell += deltas[direction[state * cells + cell]!]!;
        expect([cell, steps]).toEqual([goal, distance[state * cells + start]]);
      }
    }
  });

  test("its own path is a chain from where it stands to where it ends, and never elsewhere", () => {
    const path = labels("own-path");
    for (let state = 0; state < mapped.states.n; state++) {
      const own = path.slice(state * cells, (state + 1) * cells);
      const walked = mapped.states.episodes.paths[mapped.states.level[state]!]!.slice(mapped.states.time[state]!);
      let cell = mapped.states.position[state]!;
      for (const next of walked.slice(1)) {
        cell += deltas[own[cell]!]!;
        expect(cell).toBe(next);
      }
      const { walls } = mapped.levels[mapped.states.level[state]!]!;
      const off = [...own.keys()].filter((each) => !walked.includes(each));
      for (const each of off) expect(own[each]).toBe(walls[each] === 1 ? -1 : 4);
    }
  });

  test("what is labeled on fewer layouts than a probe can be split by is left out", async () => {
    const few = async (levels: number) => {
      const own = await mapStates({
        world,
        levels: drawLevels(world, levels, { strength: 1, alpha: 0 }, "test", rng(2)),
        act: subject.act.bind(subject),
        share: 1,
        rng: rng(3),
      });
      return conceptsOf(world, own).map(({ id }) => id);
    };
    expect(await few(9)).toEqual([]);
    expect(await few(12)).toEqual(["direction", "distance", "value", "own-path"]);
  });

  test("with one thing to go for there is no next one to tell", () => {
    expect(concepts.map(({ id }) => id)).not.toContain("subgoal");
  });
});

test("exchanged distances turn value iteration at every fork; elsewhere, or with nothing written, at none", async () => {
  const trials = findTrials(world, mapped, directions(world, mapped));
  const grids = listSites(subject.inside!, shape).filter(({ site }) => /^tick.*state$/.test(site));
  const { outcome } = await runTrials({
    subject,
    world,
    mapped,
    trials: trials.slice(0, 40),
    exchange: exchangeDistances(mapped, "distance"),
    sites: grids.slice(Math.floor(grids.length / 2)),
    draws: 2,
    rng: rng(4),
  });
  expect(outcome.written.length).toBeGreaterThan(15);
  expect(outcome.written.every((turned) => turned === 1)).toBe(true);
  expect(outcome.nothing.every((turned) => turned === 0)).toBe(true);
  expect(outcome.wrongPlace.filter((turned) => turned === 1).length).toBeLessThan(outcome.written.length / 4);
});
