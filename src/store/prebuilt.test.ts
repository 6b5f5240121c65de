/** @file The folder of agents that ship: read back as written, and refused where a byte differs. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashBytes } from "../core/hash.ts";
import type { OrganismRecord } from "../organism.ts";
import { type PrebuiltFiles, readPrebuilt, writePrebuilt } from "./files-prebuilt.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mesascope-prebuilt-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function agent(name: string, fill: number): PrebuiltFiles {
  const weights = new Uint8Array(1000).fill(fill);
  const record = {
    format: "mesascope-organism/1",
    run: name.replace("/", "-"),
    checkpoints: [
      { frames: 1, onnx: "0".repeat(64) },
      { frames: 2, onnx: hashBytes(weights) },
    ],
  };
  return { name, record: record as unknown as OrganismRecord, weights };
}

const two = [agent("world/a-0", 1), agent("world/b-0", 2)];

function flip(file: string, at: number): void {
  const path = join(folder, file);
  const bytes = readFileSync(path);
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}

test("what was written is read back", async () => {
  const written = await writePrebuilt(folder, two);
  const zoo = await readPrebuilt(folder);
  expect(zoo.agents.map(({ name, run }) => [name, run])).toEqual([
    ["world/a-0", "world-a-0"],
    ["world/b-0", "world-b-0"],
  ]);
  for (const [i, each] of zoo.agents.entries()) {
    expect(await zoo.record(each)).toEqual(two[i]!.record);
    expect(await zoo.weights(each)).toEqual(two[i]!.weights);
  }
  const size = ["zoo.json", "world/a-0.json", "world/a-0.onnx", "world/b-0.json", "world/b-0.onnx"]
    .map((file) => readFileSync(join(folder, file)).length)
    .reduce((sum, length) => sum + length);
  expect(written).toBe(size);
});

test("one flipped bit is refused by name, in weights and in a record; the others are read", async () => {
  await writePrebuilt(folder, two);
  flip("world/a-0.onnx", 500);
  const zoo = await readPrebuilt(folder);
  const [a, b] = zoo.agents;
  const problem = { code: "store/corrupt", message: expect.stringMatching(/do not match its hash: .*a-0\.onnx$/) };
  await expect(zoo.weights(a!)).rejects.toMatchObject(problem);
  expect((await zoo.weights(b!)).length).toBe(1000);
  flip("world/b-0.json", 30);
  await expect(zoo.record(b!)).rejects.toMatchObject({
    code: "store/corrupt",
    message: expect.stringMatching(/b-0\.json$/),
    hint: expect.stringContaining("mesascope zoo --prebuilt --write"),
  });
});

test("what is missing or is no index is said", async () => {
  await expect(readPrebuilt(join(folder, "nowhere"))).rejects.toMatchObject({ code: "store/unavailable" });
  await writePrebuilt(folder, two);
  rmSync(join(folder, "world/a-0.onnx"));
  const zoo = await readPrebuilt(folder);
  await expect(zoo.weights(zoo.agents[0]!)).rejects.toMatchObject({
    message: expect.stringContaining("it is missing"),
  });
  for (const text of ["{", '{"format":"mesascope-prebuilt/2","agents":[]}']) {
    writeFileSync(join(folder, "zoo.json"), text);
    await expect(readPrebuilt(folder)).rejects.toMatchObject({ code: "store/corrupt" });
  }
});

test("an index whose names lead out of the folder is refused, and nothing is deleted for it", async () => {
  await writePrebuilt(join(folder, "zoo"), two);
  writeFileSync(join(folder, "mine.json"), "mine");
  const index = { format: "mesascope-prebuilt/1", agents: [{ name: "../mine", run: "r", record: "0" }] };
  writeFileSync(join(folder, "zoo/zoo.json"), JSON.stringify(index));
  await expect(writePrebuilt(join(folder, "zoo"), two)).rejects.toMatchObject({ code: "store/corrupt" });
  expect(readFileSync(join(folder, "mine.json"), "utf8")).toBe("mine");
});

test("writing anew deletes the agents that are gone, and no file of anybody else's", async () => {
  await writePrebuilt(folder, two);
  writeFileSync(join(folder, "world/README.md"), "mine");
  await writePrebuilt(folder, [two[1]!]);
  expect(existsSync(join(folder, "world/a-0.onnx"))).toBe(false);
  expect(existsSync(join(folder, "world/README.md"))).toBe(true);
  expect((await readPrebuilt(folder)).agents).toHaveLength(1);
});
