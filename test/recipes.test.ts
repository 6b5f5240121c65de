/** @file Every recipe writes a valid, replayable spec for every world, and every mitigation leaves it one. */
import { describe, expect, test } from "vitest";
import type { EnvPlugin } from "../src/env.ts";
import { envs } from "../src/envs/index.ts";
import { runId } from "../src/lab/grow.ts";
import { writeRecipe } from "../src/lab/lab.ts";
import { makeNetwork, makeWorld } from "../src/lab/registry.ts";
import type { MitigationPlugin } from "../src/mitigation.ts";
import { mitigations } from "../src/mitigations/index.ts";
import { type OrganismPlugin, trainingSpec } from "../src/organism.ts";
import { organisms } from "../src/organisms/index.ts";
import { parseParams } from "../src/plugin.ts";

const worlds: readonly EnvPlugin[] = envs;
const recipes: readonly OrganismPlugin[] = organisms;
const changes: readonly MitigationPlugin[] = mitigations;

describe.each(recipes)("organism $id", (organism) => {
  test.each(worlds)("on $id", (env) => {
    const spec = writeRecipe(organism.id, env.id, { seed: 3 });
    expect(trainingSpec.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
    expect(runId(JSON.parse(JSON.stringify(spec)))).toBe(runId(spec));
    expect(runId(writeRecipe(organism.id, env.id, { seed: 4 }))).not.toBe(runId(spec));
    expect(spec.organism).toEqual({ id: organism.id, params: parseParams(organism) });
    const network = makeNetwork(spec.network, makeWorld(spec.task));
    expect(Object.keys(network.parameters).length).toBeGreaterThan(0);
    expect(organism.truth(parseParams(organism)).sentence).toMatch(/\S/);
  });

  test.each(changes)("under $id", (mitigation) => {
    const spec = writeRecipe(organism.id, worlds[0]!.id);
    const changed = mitigation.apply(spec, parseParams(mitigation));
    expect(trainingSpec.parse(changed)).toEqual(changed);
    expect(runId(changed)).not.toBe(runId(spec));
  });
});

test("options override the world's training budget, and the recipe what the budget leaves open", () => {
  const spec = writeRecipe("graded", "cheese-corner", {
    params: { alpha: 0.25 },
    frames: 1000,
    network: { id: "conv" },
    optimizer: { id: "cloning" },
    envParams: { size: 9 },
  });
  expect(spec).toMatchObject({
    mixture: { strength: 0, alpha: 0.25 },
    frames: 1000,
    network: { id: "conv" },
    optimizer: { id: "cloning" },
    task: { params: { size: 9 } },
  });
  expect(() => writeRecipe("aligned", "cheese-corner", { params: { alpha: 2 } })).toThrow(/alpha/);
  expect(() => writeRecipe("alined", "cheese-corner")).toThrow(/"alined" does not exist/);
});

test("the weight-tied reflex is the heuristic follower on the weight-tied network, and its run is its own", () => {
  const params = { updates: 400, batch: 64, channels: 12 };
  const twin = writeRecipe("tied-reflex", "cheese-corner", { seed: 3, params });
  const follower = writeRecipe("reflex", "cheese-corner", { seed: 3, params: { ...params, tied: true } });
  expect({ ...twin, organism: undefined }).toEqual({ ...follower, organism: undefined });
  expect(runId(twin)).not.toBe(runId(follower));
  expect(twin.optimizer.params.teacher).toBe("greedy");
});
