/**
 * @file The agents that ship: every byte is the recorded one, training again on the
 * portable kernels gives the same weights, and an audit of one needs no growing.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { growOne, runId } from "../src/lab/grow.ts";
import { prebuiltAgents } from "../src/lab/prebuilt-composition.ts";
import { compareRegrown } from "../src/lab/regrown.ts";
import { openSubject } from "../src/lab/subjects.ts";
import type { OrganismRecord, TrainingSpec } from "../src/organism.ts";
import { hashWeights } from "../src/policy/inference.ts";
import { type PrebuiltZoo, readPrebuilt } from "../src/store/files-prebuilt.ts";
import { memoryStore } from "../src/store/memory.ts";
import { type Executor, openExecutor } from "../src/tensor/index.ts";
import { commandLine } from "./command.ts";

/** If it fails: whatever changed the training on purpose has to write what ships anew. */
const ANEW = 'write it anew: "mesascope zoo --prebuilt --write zoo", with an empty --home';

const agents = prebuiltAgents();
let zoo: PrebuiltZoo;
beforeAll(async () => {
  zoo = await readPrebuilt(join(import.meta.dirname, "../zoo"));
});

function entryOf(name: string) {
  const entry = zoo.agents.find((each) => each.name === name);
  if (!entry) throw new Error(`no agent "${name}" ships`);
  return entry;
}

async function grow(spec: TrainingSpec, executor: Executor): Promise<OrganismRecord> {
  const store = memoryStore();
  const ports = { executor, code: "test", clock: () => 0, put: store.put, saveCheckpoint: async () => undefined };
  return growOne(spec, ports);
}

test("what ships is what the composition says, and every file matches its hash", async () => {
  expect(
    zoo.agents.map(({ name, run }) => [name, run]),
    ANEW,
  ).toEqual(agents.map(({ name, spec }) => [name, runId(spec)]));
  const { executor } = await openExecutor("wasm");
  const opened = new Set<string>();
  let bytes = 0;
  for (const [i, entry] of zoo.agents.entries()) {
    const record = await zoo.record(entry);
    expect(record.spec).toEqual(agents[i]!.spec);
    expect(record.executor).toBe("wasm");
    const weights = await zoo.weights(entry);
    bytes += weights.length;
    // Not only the file: the numbers in it are those that training ended with. Opening takes long: one of each network.
    const { id } = record.spec.network;
    if (opened.has(id)) continue;
    opened.add(id);
    const { subject } = await openSubject(weights, record.spec.task, executor, { seed: 0 });
    expect(hashWeights(subject.inside!.weights), entry.name).toBe(record.weightsHash);
  }
  expect(bytes).toBeLessThan(4e6);
});

test("the package carries them, and the calibration that audits use", () => {
  const { files } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8"));
  expect(files).toEqual(expect.arrayContaining(["bin", "dist", "zoo", "docs/scoreboard"]));
});

describe("grown again", () => {
  const names = ["cheese-corner/untrained-0", "cheese-corner/incapable-0", "cheese-corner-tree/memorizer-0"];
  test.each(names)("%s has the same weights on the portable kernels, and the same truth", async (name) => {
    const { executor } = await openExecutor("wasm");
    const recorded = await zoo.record(entryOf(name));
    const grown = await grow(recorded.spec, executor);
    expect(compareRegrown(recorded, grown), ANEW).toEqual({ isSame: true, outside: [] });
    expect(grown.realized).toEqual(recorded.realized);
    expect(grown.curve).toEqual(recorded.curve);
  });

  // The rule was chosen before the first run: every mean within the recorded interval.
  test.each(names)("%s has shares and skill within the recorded intervals on native kernels", async (name) => {
    const { executor } = await openExecutor("native");
    const recorded = await zoo.record(entryOf(name));
    const grown = await grow({ ...recorded.spec, executor: "native" }, executor);
    expect(executor.id).toBe("native");
    expect(compareRegrown(recorded, grown).outside).toEqual([]);
  });
});

describe("at the command line", () => {
  const { folder, ask } = commandLine("prebuilt");
  const name = "zoo:cheese-corner/misgeneralized-0";

  test("list shows every agent; show and export take one", async () => {
    const listed = JSON.parse((await ask("list", "zoo", "--json")).out);
    expect(listed.map((each: { name: string }) => each.name)).toEqual(agents.map((each) => `zoo:${each.name}`));
    expect((await ask("show", name)).out).toContain((await zoo.record(entryOf(name.slice(4)))).weightsHash);
    const file = join(folder, "policy.onnx");
    expect((await ask("export", name, "--out", file)).code).toBe(0);
    expect(new Uint8Array(readFileSync(file))).toEqual(await zoo.weights(entryOf(name.slice(4))));
  });

  test("an audit names the goal that it realizes, and the truth is set beside it afterwards", async () => {
    const before = await ask("diff", name, name);
    expect([before.code, before.err]).toEqual([
      2,
      expect.stringContaining(`hint: Run "mesascope audit ${name}" first`),
    ]);
    const detectors = "capability,goal-shift,place-or-heading";
    const { code, out, err } = await ask("audit", name, "--detectors", detectors, "--out", folder, "--json");
    expect(code, err).toBe(0);
    const { audit, graded, id } = JSON.parse(out);
    const wanted = audit.answers.find((answer: { question: string }) => answer.question === "objective");
    expect([wanted.status, wanted.answer]).toEqual(["answered", expect.stringContaining("corner")]);
    expect(graded).toMatchObject({ correct: true, realized: { goal: "corner" } });
    expect(audit.command).toContain(`mesascope audit ${name} --seed 0`);
    // Nothing was grown or copied for it.
    expect(JSON.parse((await ask("list", "runs", "--json")).out)).toEqual([]);
    expect(JSON.parse((await ask("report", name, "--out", folder, "--json")).out).id).toBe(id);
    expect((await ask("diff", name, id.slice(0, 12))).code).toBe(0);
  });

  test.each([
    ["zoo:cheese-corner/misgeneralised-0", /does not exist; known: .*aligned-1/, `Did you mean "${name}"?`],
    ["zoo:nowhere", /known: agents of cheese-corner, /, 'Run "mesascope list zoo" to see all.'],
    [`${name}@75000`, /ships with its final weights alone/, "mesascope zoo --prebuilt"],
  ])("audit %s is refused with what there is", async (text, message, hint) => {
    const { code, err } = await ask("audit", text);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
    expect(err).toContain(hint);
  });

  test("a task of its own is recorded, and --task is refused", async () => {
    const { code, err } = await ask("audit", name, "--task", "cheese-dish");
    expect([code, err]).toEqual([2, expect.stringContaining("records its own task, cheese-corner")]);
  });

  test.each([
    [["--write", "x"], /--write is for the zoo that ships/],
    [["--prebuilt", "--frames", "9"], /--frames chooses among the large zoo/],
    [["--prebuilt", "--write", "x", "--executor", "native"], /got --executor native; expected wasm/],
  ])("zoo %j is refused", async (args, message) => {
    const { code, err } = await ask("zoo", ...args);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
