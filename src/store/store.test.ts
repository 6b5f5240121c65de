/** @file Both stores behave alike; the one on disk survives full disks, flipped bits, kills and rivals. */
import { execFile, execFileSync, spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import type { OrganismRecord } from "../organism.ts";
import { type HomeStore, homeStore } from "./disk.ts";
import { memoryStore } from "./memory.ts";
import type { Store } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "mesascope-store-"));
const small = join(folder, "small");
const isMounted = mountSmallDisk(small);
afterAll(() => {
  if (isMounted) execFileSync("umount", ["-l", small]);
  rmSync(folder, { recursive: true, force: true });
});
let homes = 0;
const freshHome = () => join(folder, `home-${homes++}`);
let clock = 1000;
const open = (home = freshHome()): HomeStore => homeStore(home, { now: () => clock++ });

const estimate = { mean: 0.5, low: 0.4, high: 0.6, n: 8, unit: "levels" } as const;
const organism = (run: string, name = "aligned", onnx: readonly string[] = []): OrganismRecord => ({
  format: "mesascope-organism/1",
  run,
  spec: {
    organism: { id: name, params: {} },
    task: { env: "cheese-corner", params: {} },
    mixture: { strength: 0, alpha: 0 },
    reward: {},
    network: { id: "mlp", params: {} },
    optimizer: { id: "ppo", params: {} },
    levels: { kind: "fresh" },
    frames: 1,
    seed: 1,
    executor: "native",
  },
  constructed: { kind: "aligned", sentence: "wants cheese" },
  realized: { goal: "cheese", shares: { cheese: estimate }, skill: estimate, skillOfUntrained: estimate },
  code: "test",
  executor: "native",
  weightsHash: "0",
  checkpoints: onnx.map((hash) => ({ frames: 1, onnx: hash })),
  curve: [{ frames: 1, loss: 0.5 }],
  trainingMs: 1,
});
const bytes = (text: string) => new TextEncoder().encode(text);

describe.each([
  ["memory", () => memoryStore(() => clock++)],
  ["home", () => open()],
] as const)("%s store", (_, make) => {
  test("artifacts come back by their hash", async () => {
    const store = make();
    const hash = await store.put(bytes("abc"));
    expect(hash).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); // FIPS 180-2, appendix B.1
    expect(await store.put(bytes("abc"))).toBe(hash);
    expect(new TextDecoder().decode(await store.get(hash))).toBe("abc");
    expect([await store.has(hash), await store.has("0".repeat(64))]).toEqual([true, false]);
    await expect(store.get("0".repeat(64))).rejects.toMatchObject({ code: "store/corrupt" });
    await store.close();
  });

  test("records are replaced, filtered and listed, the latest first", async () => {
    const store = make();
    expect(await store.list()).toEqual([]);
    expect(await store.load("organism", "a1")).toBeUndefined();
    await store.save("organism", "a1", organism("a1"));
    await store.save("organism", "a2", organism("a2", "misgeneralized"));
    await store.save("organism", "b1", organism("b1"));
    await store.save("organism", "a1", organism("a1", "untrained"));
    expect((await store.load("organism", "a1"))?.spec.organism.id).toBe("untrained");
    const ids = async (...filter: Parameters<Store["list"]>) => (await store.list(...filter)).map(({ id }) => id);
    expect(await ids("organism")).toEqual(["a1", "b1", "a2"]);
    expect(await ids("organism", { prefix: "a" })).toEqual(["a1", "a2"]);
    expect(await ids("organism", { where: { "spec.organism.id": "aligned" } })).toEqual(["b1"]);
    expect(await ids("organism", { limit: 1 })).toEqual(["a1"]);
    expect(await ids("audit")).toEqual([]);
    expect(await store.verify()).toMatchObject({ records: 3, damage: [] });
    await store.close();
  });

  test("a record of the wrong format, or with a number that JSON cannot hold, is refused", async () => {
    const store = make();
    const wrong = { ...organism("x"), format: "mesascope-organism/0" } as unknown as OrganismRecord;
    await expect(store.save("organism", "x", wrong)).rejects.toMatchObject({ code: "input/invalid" });
    await expect(store.save("organism", "x", { ...organism("x"), trainingMs: Number.NaN })).rejects.toMatchObject({
      code: "input/invalid",
    });
    expect(await store.list()).toEqual([]);
    await store.close();
  });

  test("the latest checkpoint of a run, until it is dropped", async () => {
    const store = make();
    expect(await store.loadCheckpoint("r")).toBeUndefined();
    await store.saveCheckpoint("r", bytes("one"));
    await store.saveCheckpoint("r", bytes("two"));
    expect(new TextDecoder().decode(await store.loadCheckpoint("r"))).toBe("two");
    await store.dropCheckpoint("r");
    expect(await store.loadCheckpoint("r")).toBeUndefined();
    await store.close();
  });

  test("a record whose artifact is missing is reported", async () => {
    const store = make();
    await store.save("organism", "a1", organism("a1", "aligned", ["1".repeat(64)]));
    expect((await store.verify()).damage).toMatchObject([{ what: "artifact", name: "1".repeat(64) }]);
    await store.close();
  });
});

const flip = (path: string, at: number) => {
  const content = readFileSync(path);
  content[at]! ^= 1;
  writeFileSync(path, content);
};

describe("on disk", () => {
  test("a flipped bit in an artifact is found, refused, and repaired by writing it again", async () => {
    const home = freshHome();
    const store = open(home);
    const hash = await store.put(bytes("weights"));
    flip(join(home, "artifacts", hash.slice(0, 2), hash.slice(2)), 3);
    await expect(store.get(hash)).rejects.toMatchObject({ code: "store/corrupt" });
    expect((await store.verify()).damage).toMatchObject([{ what: "artifact", name: hash }]);
    await store.put(bytes("weights"));
    expect((await store.verify()).damage).toEqual([]);
  });

  test("a damaged checkpoint falls back to the one before, and is found", async () => {
    const home = freshHome();
    const store = open(home);
    await store.saveCheckpoint("r", bytes("one"));
    await store.saveCheckpoint("r", bytes("two"));
    flip(join(home, "runs", "r", "checkpoint.bin"), 33);
    expect(new TextDecoder().decode(await store.loadCheckpoint("r"))).toBe("one");
    expect((await store.verify()).damage).toMatchObject([{ what: "checkpoint", name: "run r" }]);
    flip(join(home, "runs", "r", "previous.bin"), 0);
    await expect(store.loadCheckpoint("r")).rejects.toMatchObject({ code: "store/corrupt" });
  });

  test("of two processes at the same run, one may end it while the other saves", async () => {
    const home = freshHome();
    const [one, two] = [open(home), open(home)];
    let isDone = false;
    const saving = Promise.all(
      [one, two].map(async (store) => {
        for (let i = 0; i < 100; i++) await store.saveCheckpoint("r", bytes(`checkpoint ${i}`));
      }),
    ).finally(() => {
      isDone = true;
    });
    let drops = 0;
    const dropping = (async () => {
      for (; !isDone; drops++) {
        await one.dropCheckpoint("r");
        const loaded = await two.loadCheckpoint("r");
        if (loaded) expect(new TextDecoder().decode(loaded)).toMatch(/^checkpoint \d+$/);
      }
    })();
    await Promise.all([saving, dropping]);
    expect(drops).toBeGreaterThan(1);
    expect(await one.verify()).toMatchObject({ damage: [], unfinished: 0 });
  });

  test("a flipped bit anywhere in the database is found", async () => {
    const home = freshHome();
    const path = join(home, "mesascope.db");
    const writer = open(home);
    for (const run of ["a1", "a2", "a3"]) await writer.save("organism", run, organism(run));
    await writer.close();
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at += 127) {
      flip(path, at);
      const store = open(home);
      const { damage } = await store.verify();
      expect(damage, `byte ${at}`).not.toEqual([]);
      await store.close();
      writeFileSync(path, whole);
    }
    const store = open(home);
    expect((await store.verify()).damage).toEqual([]);
  });

  test("without its seal, what passes verification reads exactly as it was written", async () => {
    const home = freshHome();
    const path = join(home, "mesascope.db");
    const writer = open(home);
    for (const run of ["a1", "a2", "a3"]) await writer.save("organism", run, organism(run));
    const listed = await writer.list();
    await writer.close();
    const whole = readFileSync(path);
    let [found, harmless] = [0, 0];
    for (let at = 0; at < whole.length; at += 127) {
      rmSync(`${path}.sha256`, { force: true });
      flip(path, at);
      const store = open(home);
      if ((await store.verify()).damage.length > 0) found++;
      else {
        expect(await store.list(), `byte ${at}`).toEqual(listed);
        for (const { id } of listed) expect(await store.load("organism", id)).toEqual(organism(id));
        harmless++;
      }
      await store.close();
      writeFileSync(path, whole);
    }
    expect(found).toBeGreaterThan(10);
    expect(harmless).toBeGreaterThan(0);
  });

  test("damage set aside can be made again, and loses nothing else", async () => {
    const home = freshHome();
    const store = open(home);
    const onnx = await store.put(bytes("weights"));
    await store.save("organism", "a1", organism("a1", "aligned", [onnx]));
    await store.save("organism", "a2", organism("a2"));
    flip(join(home, "artifacts", onnx.slice(0, 2), onnx.slice(2)), 0);
    const { damage } = await store.verify();
    expect(damage).toMatchObject([{ what: "artifact", records: [{ kind: "organism", id: "a1" }] }]);
    await store.setAside(damage);
    expect((await store.list()).map(({ id }) => id)).toEqual(["a2"]);
    expect((await store.verify()).damage).toEqual([]);
    expect(readdirSync(join(home, "damaged"))).toHaveLength(1);
    await store.close();
  });

  test("a database whose tables are not ours is found, also when it is sound in itself", async () => {
    const home = freshHome();
    const writer = open(home);
    await writer.save("organism", "a1", organism("a1"));
    await writer.close();
    const path = join(home, "mesascope.db");
    const database = new DatabaseSync(path);
    database.exec("drop index record_by_time");
    database.close();
    rmSync(`${path}.sha256`);
    const store = open(home);
    expect((await store.verify()).damage).toMatchObject([
      { what: "database", problem: expect.stringMatching(/tables/) },
    ]);
    await store.close();
  });

  test("leftovers of interrupted writes are counted, and swept once nobody can be writing them", async () => {
    const home = freshHome();
    const store = homeStore(home, { now: () => Date.now() });
    await store.put(bytes("x"));
    for (const [name, age] of [
      ["old", 7200],
      ["young", 0],
    ] as const) {
      writeFileSync(join(home, "tmp", name), "half");
      const time = Date.now() / 1000 - age;
      utimesSync(join(home, "tmp", name), time, time);
    }
    expect(await store.verify()).toMatchObject({ damage: [], unfinished: 2 });
    expect(await store.setAside([])).toEqual(["deleted 1 leftovers of interrupted writes"]);
    expect(readdirSync(join(home, "tmp"))).toEqual(["young"]);
  });

  test("of a database with a ruined page, every other record is kept", async () => {
    const home = freshHome();
    const writer = open(home);
    const long = Array.from({ length: 400 }, (_, i) => ({ frames: i, loss: i }));
    for (let i = 0; i < 20; i++) await writer.save("organism", `r${i}`, { ...organism(`r${i}`), curve: long });
    await writer.close();
    const path = join(home, "mesascope.db");
    const content = readFileSync(path);
    content.fill(0xff, 25 * 4096, 26 * 4096);
    writeFileSync(path, content);
    const store = open(home);
    const { damage } = await store.verify();
    expect(damage.some(({ what }) => what === "database")).toBe(true);
    await store.setAside(damage);
    expect((await store.verify()).damage).toEqual([]);
    const kept = await store.list();
    expect(kept.length).toBeGreaterThanOrEqual(18);
    expect(kept.length).toBeLessThan(20);
    for (const { id } of kept) expect((await store.load("organism", id))?.run).toBe(id);
    await store.close();
  });

  test("a file that is no database is named, and left alone", async () => {
    const home = freshHome();
    mkdirSync(home);
    writeFileSync(join(home, "mesascope.db"), "this is not a database, it is a sentence that somebody put here");
    const store = open(home);
    await expect(store.list()).rejects.toMatchObject({ code: "store/corrupt" });
    await expect(store.save("organism", "x", organism("x"))).rejects.toMatchObject({ code: "store/corrupt" });
    expect((await store.verify()).damage).toMatchObject([{ what: "database" }]);
    expect(readFileSync(join(home, "mesascope.db"), "utf8")).toContain("a sentence");
  });

  test("a home that is a file is refused", async () => {
    const home = freshHome();
    writeFileSync(home, "");
    await expect(open(home).put(bytes("x"))).rejects.toMatchObject({ code: "store/unavailable" });
    await expect(open(home).save("organism", "x", organism("x"))).rejects.toMatchObject({ code: "store/unavailable" });
  });

  test("two processes write at once and nothing is lost", async () => {
    const home = freshHome();
    const run = (name: string) =>
      promisify(execFile)(process.execPath, ["-e", writerScript(home, name, 25)], { cwd: import.meta.dirname });
    await Promise.all([run("a"), run("b")]);
    const store = open(home);
    expect(await store.list("organism")).toHaveLength(50);
    expect((await store.verify()).damage).toEqual([]);
    await store.close();
  });

  test("killed in the middle of writing, the store stays readable and whole", async () => {
    const home = freshHome();
    const child = spawn(process.execPath, ["-e", writerScript(home, "k", 100_000)], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let saved = 0;
    for await (const chunk of child.stdout) {
      saved += String(chunk).split("\n").length - 1;
      if (saved >= 20) break;
    }
    child.kill("SIGKILL");
    const store = open(home);
    const records = await store.list("organism");
    expect(records.length).toBeGreaterThanOrEqual(20);
    expect((await store.verify()).damage).toEqual([]);
    expect(await store.loadCheckpoint("run-k")).toBeDefined();
    await store.close();
  });

  test.skipIf(!isMounted)("a full disk loses nothing [needs root, to mount a small tmpfs]", async () => {
    const home = join(small, "home");
    const store = open(home);
    const hash = await store.put(bytes("kept"));
    await store.save("organism", "kept", organism("kept"));
    await store.saveCheckpoint("r", bytes("kept"));
    const big = new Uint8Array(100_000).fill(7);
    const fill = async () => {
      for (let i = 0; i < 100; i++) await store.put(big.map((_, j) => i + j));
    };
    await expect(fill()).rejects.toMatchObject({ code: "store/full" });
    await expect(store.saveCheckpoint("r", big)).rejects.toMatchObject({ code: "store/full" });
    const long = { ...organism("long"), curve: Array.from({ length: 20_000 }, (_, i) => ({ frames: i, loss: i })) };
    await expect(store.save("organism", "long", long)).rejects.toMatchObject({ code: "store/full" });
    await store.close();
    // Not a single block left, and still everything can be read.
    for (let size = 65536; size >= 1; size >>= 1) {
      try {
        for (let i = 0; ; i++) writeFileSync(join(small, `filler-${size}-${i}`), new Uint8Array(size));
      } catch (failure) {
        expect(failure).toMatchObject({ code: "ENOSPC" });
      }
    }
    const reader = open(home);
    expect((await reader.load("organism", "kept"))?.run).toBe("kept");
    expect(new TextDecoder().decode(await reader.get(hash))).toBe("kept");
    expect(new TextDecoder().decode(await reader.loadCheckpoint("r"))).toBe("kept");
    expect(await reader.verify()).toMatchObject({ damage: [], unfinished: 0 });
    await expect(reader.save("organism", "long", long)).rejects.toMatchObject({ code: "store/full" });
    await reader.close();
    for (const name of readdirSync(small)) if (name.startsWith("filler")) rmSync(join(small, name));
    const healed = open(home);
    await healed.save("organism", "next", organism("next"));
    expect(await healed.list()).toHaveLength(2);
    await healed.close();
  });
});

/** A process that saves records, artifacts and checkpoints, one line of output for each record that is safe. */
function writerScript(home: string, name: string, count: number): string {
  return `
    const { homeStore } = await import(${JSON.stringify(join(import.meta.dirname, "disk.ts"))});
    const store = homeStore(${JSON.stringify(home)}, { now: () => 0 });
    for (let i = 0; i < ${count}; i++) {
      const onnx = await store.put(new Uint8Array(5000).fill(i % 250));
      await store.saveCheckpoint("run-${name}", new Uint8Array(20000).fill(i));
      await store.save("organism", "${name}" + i, { ...${JSON.stringify(organism("x"))}, checkpoints: [{ frames: 1, onnx }] });
      console.log(i);
    }
    await store.close();`;
}

function mountSmallDisk(at: string): boolean {
  mkdirSync(at);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", at], { stdio: "ignore" });
    return statSync(at).isDirectory();
  } catch {
    return false;
  }
}
