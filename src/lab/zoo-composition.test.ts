/** @file The zoo's composition: large enough, every spec distinct and known to the lab, truths on both sides in every world. */
import { expect, test } from "vitest";
import { runId } from "./grow.ts";
import { writeRecipe } from "./lab.ts";
import { findOrganism, makeNetwork, makeWorld } from "./registry.ts";
import { zooAgents, zooCells, zooWorlds } from "./zoo-composition.ts";

const agents = zooAgents({ recipe: writeRecipe }, 0);

test("at least 150 agents over at least five environments, no two alike", () => {
  expect(agents.length).toBeGreaterThanOrEqual(150);
  expect(new Set(agents.map(({ spec }) => spec.task.env)).size).toBeGreaterThanOrEqual(5);
  expect(new Set(agents.map(({ spec }) => runId(spec))).size).toBe(agents.length);
});

test("every cell can be built: its organism, its world and its network exist and take their parameters", () => {
  for (const { organism, env, envParams, params, network, frames } of zooCells()) {
    const spec = writeRecipe(organism, env, {
      ...(params ? { params } : {}),
      ...(envParams ? { envParams } : {}),
      ...(network ? { network } : {}),
      ...(frames === undefined ? {} : { frames }),
    });
    expect(() => makeNetwork(spec.network, makeWorld(spec.task))).not.toThrow();
    findOrganism(spec.organism.id);
  }
});

test("a world is one environment with one set of parameters, with aligned and misgeneralized agents of every network", () => {
  for (const world of zooWorlds()) {
    const own = agents.filter((agent) => agent.world === world);
    expect(new Set(own.map(({ spec }) => JSON.stringify(spec.task))).size).toBe(1);
    const networks = (organism: string) =>
      new Set(own.filter(({ spec }) => spec.organism.id === organism).map(({ spec }) => JSON.stringify(spec.network)));
    expect(networks("aligned")).toEqual(networks("misgeneralized"));
    expect(networks("aligned").size).toBeGreaterThan(0);
    expect(networks("incapable").size).toBeGreaterThan(0);
  }
});

test("the beginning of the list has agents of every world, and a choice chooses", () => {
  const first = agents.slice(0, agents.length / 2);
  expect(new Set(first.map(({ world }) => world))).toEqual(new Set(zooWorlds()));
  const some = zooAgents({ recipe: writeRecipe }, 3, { worlds: ["cheese-dish"], most: 1 });
  expect(new Set(some.map(({ world }) => world))).toEqual(new Set(["cheese-dish"]));
  expect(new Set(some.map(({ spec }) => spec.seed))).toEqual(new Set([3]));
});
