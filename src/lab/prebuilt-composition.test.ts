/** @file The composition of what ships: every kind of truth over five worlds, grown on the portable kernels. */
import { expect, test } from "vitest";
import { parseParams } from "../plugin.ts";
import { runId } from "./grow.ts";
import { prebuiltAgents } from "./prebuilt-composition.ts";
import { findOrganism, makeNetwork, makeWorld } from "./registry.ts";

const agents = prebuiltAgents();

test("sixteen to twenty-four agents over five environments, none twice, all on the portable kernels", () => {
  expect(agents.length).toBeGreaterThanOrEqual(16);
  expect(agents.length).toBeLessThanOrEqual(24);
  expect(new Set(agents.map(({ name }) => name)).size).toBe(agents.length);
  expect(new Set(agents.map(({ spec }) => runId(spec))).size).toBe(agents.length);
  expect(new Set(agents.map(({ spec }) => spec.task.env)).size).toBeGreaterThanOrEqual(5);
  expect(agents.every(({ spec }) => spec.executor === "wasm")).toBe(true);
  expect(prebuiltAgents("native").every(({ spec }) => spec.executor === "native")).toBe(true);
});

test("every kind of truth is there, and every network can be built", () => {
  const kinds = agents.map(({ spec: { organism } }) => {
    const plugin = findOrganism(organism.id);
    return plugin.truth(parseParams(plugin, organism.params)).kind;
  });
  const wanted = ["aligned", "misgeneralized", "graded", "incapable", "untrained", "planner", "reflex", "memorizer"];
  expect(new Set(kinds)).toEqual(new Set(wanted));
  for (const { spec } of agents) expect(() => makeNetwork(spec.network, makeWorld(spec.task))).not.toThrow();
});

test("planner and reflex are of one architecture, trained as long on as many states", () => {
  const [thinker, reflex] = ["thinker", "tied-reflex"].map(
    (organism) => agents.find(({ spec }) => spec.organism.id === organism)!.spec,
  );
  expect(reflex!.network).toEqual(thinker!.network);
  expect([reflex!.task, reflex!.frames]).toEqual([thinker!.task, thinker!.frames]);
});
