/** @file A store that is full, read-only or damaged: told in words, nothing lost that was whole, and the same commands mend it. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rng } from "../src/core/rng.ts";
import { commandLine, SHORT_RUN, until } from "./command.ts";

const { folder, home, ask, run, start } = commandLine("damaged-store");
const grow = ["grow", ...SHORT_RUN, "--json"];

let id: string;
let weights: string;
beforeAll(async () => {
  const [record] = JSON.parse((await run(...grow)).out);
  ({ run: id, weightsHash: weights } = record);
});

const disk = join(folder, "disk");
mkdirSync(disk);
const mount = (...options: readonly string[]) =>
  execFileSync("mount", [...options, "tmpfs", disk], { stdio: "ignore" });
const isMounted = (() => {
  try {
    mount("-t", "tmpfs", "-o", "size=1m");
    return true;
  } catch {
    return false;
  }
})();
afterAll(() => {
  if (isMounted) execFileSync("umount", ["-l", disk]);
});

/** Leave not a single block; returns a function that gives them back. */
function fill(): () => void {
  const ballast = join(disk, "ballast");
  mkdirSync(ballast);
  for (let size = 1 << 16; size >= 1; size >>= 1) {
    try {
      for (let i = 0; ; i++) writeFileSync(join(ballast, `${size}-${i}`), new Uint8Array(size));
    } catch (failure) {
      expect(failure).toMatchObject({ code: "ENOSPC" });
    }
  }
  return () => rmSync(ballast, { recursive: true });
}

test.skipIf(!isMounted)("a disk that fills up in training [needs root, to mount a small tmpfs]", async () => {
  const there = join(disk, "home");
  const { child, ended } = start(...grow, "--home", there);
  await until(() => existsSync(join(there, "runs", id, "checkpoint.bin")) || child.exitCode !== null);
  child.kill("SIGKILL");
  expect((await ended).code).toBe(-1);
  const empty = fill();
  for (let i = 0; i < 2; i++) {
    const failed = await run(...grow, "--home", there);
    expect(failed.err).toMatch(/^error: store: .* failed, no space left on the disk: .*\nhint: Free some space/m);
    expect(failed.err).toContain("continues after");
    expect(failed.code).toBe(2);
  }
  // What was saved can be read on the full disk too.
  expect(await ask("verify", "--home", there)).toMatchObject({ code: 0 });
  expect(await ask("list", "runs", "--home", there)).toMatchObject({ code: 0 });
  empty();
  expect(await ask("verify", "--home", there)).toMatchObject({ code: 0 });
  const { code, out, err } = await run(...grow, "--home", there);
  expect(code, err).toBe(0);
  expect(err).toContain("continues after");
  expect(JSON.parse(out)[0].weightsHash).toBe(weights);
});

const isRoot = process.getuid?.() === 0;
test.skipIf(isRoot && !isMounted)("a folder that nobody may write to [as root this needs a tmpfs]", async () => {
  const there = join(isRoot ? disk : folder, "read-only");
  cpSync(home, there, { recursive: true });
  if (isRoot) mount("-o", "remount,ro");
  else for (const name of [there, ...folders(there)]) chmodSync(name, 0o555);
  try {
    const shown = await ask("show", id, "--home", there);
    expect([shown.code, shown.out], shown.err).toEqual([0, expect.stringContaining(weights)]);
    expect(await ask("verify", "--home", there)).toMatchObject({ code: 0 });
    const refused = await run("grow", ...SHORT_RUN, "--seed", "1", "--home", there);
    expect(refused.err).toMatch(
      /^error: store: .* failed, no permission to write: .*\nhint: Make the folder writable/m,
    );
    expect(refused.code).toBe(2);
  } finally {
    if (isRoot) mount("-o", "remount,rw");
    else for (const name of [there, ...folders(there)]) chmodSync(name, 0o755);
  }
});

const folders = (at: string) =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));

describe("a database that is", () => {
  const damages: Readonly<Record<string, (path: string) => void>> = {
    "a text": (path) => writeFileSync(path, "this used to be a database"),
    "random bytes": (path) => {
      const random = rng(1);
      writeFileSync(
        path,
        Uint8Array.from({ length: 20_000 }, () => random.int(256)),
      );
    },
    "cut in half": (path) => truncateSync(path, readFileSync(path).length >> 1),
    "without its header": (path) => writeFileSync(path, readFileSync(path).fill(0, 0, 100)),
  };
  test.each(Object.entries(damages))("%s: named, set aside, made again", async (name, damage) => {
    const there = join(folder, name);
    cpSync(home, there, { recursive: true });
    const database = join(there, "mesascope.db");
    damage(database);
    for (const command of [["list", "runs"], ["show", id], ["audit", id.slice(0, 8)], grow]) {
      const { code, err } = await ask(...command, "--home", there);
      expect(err, command.join(" ")).toMatch(
        /^error: store: .* the database is damaged .*\nhint: Run "mesascope verify --set-aside"/m,
      );
      expect(code).toBe(2);
    }
    const found = await ask("verify", "--home", there, "--json");
    expect(found.code).toBe(3);
    expect(JSON.parse(found.out).damage[0]).toMatchObject({ what: "database", name: database });
    expect(await ask("verify", "--set-aside", "--home", there)).toMatchObject({ code: 3 });
    expect(await ask("verify", "--home", there)).toMatchObject({ code: 0 });
    expect(readdirSync(join(there, "damaged")).some((file) => file.endsWith("mesascope.db"))).toBe(true);
    if (name !== "cut in half") return;
    const again = await run(...grow, "--home", there);
    expect([again.code, JSON.parse(again.out)[0].weightsHash], again.err).toEqual([0, weights]);
  });
});
