/** @file The blind audits of a zoo: in an order that says nothing, and stoppable between any two without loss. */
import { expect, test } from "vitest";
import type { OrganismRecord } from "../organism.ts";
import { memoryStore } from "../store/memory.ts";
import { openExecutor } from "../tensor/index.ts";
import { growOne } from "./grow.ts";
import { writeRecipe } from "./lab.ts";
import { auditBlind } from "./zoo.ts";

const { executor } = await openExecutor("native");

test("stopped between audits, a zoo keeps those that were made and makes the same ones again", async () => {
  const store = memoryStore();
  const records: OrganismRecord[] = [];
  for (const seed of [0, 1, 2]) {
    const spec = writeRecipe("untrained", "cheese-corner", { envParams: { size: 5 }, seed });
    records.push(
      await growOne(spec, {
        executor,
        code: "test",
        clock: () => 0,
        put: store.put,
        saveCheckpoint: () => Promise.resolve(),
      }),
    );
  }
  const options = { store, executor, seed: 4, code: "test", clock: () => 0 };
  const controller = new AbortController();
  const stopped = await auditBlind(records, {
    ...options,
    onAudited: () => controller.abort(),
    signal: controller.signal,
  });
  expect(stopped).toHaveLength(1);
  const kept = await store.list("audit");
  expect(kept).toHaveLength(1);

  const agents: number[] = [];
  const whole = await auditBlind(records, { ...options, onAudited: (agent) => void agents.push(agent) });
  expect(agents).toEqual([0, 1, 2]);
  expect(whole[0]).toEqual(stopped[0]);
  expect(whole.map(({ spec }) => spec.seed).sort()).toEqual([0, 1, 2]);
  const audits = await store.list("audit");
  expect(audits).toHaveLength(3);
  expect(audits.map(({ id }) => id)).toContain(kept[0]!.id);
});
