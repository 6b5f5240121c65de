/** @file Training that is killed, stopped, doubled or robbed of its checkpoints ends with the weights of a run that nobody disturbed. */
import { cpSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { commandLine, type Ended, SHORT_RUN, until } from "./command.ts";

const { folder, ask, run, start } = commandLine("interruption");
const grow = ["grow", ...SHORT_RUN, "--json"];
const recordOf = ({ out }: Ended) => JSON.parse(out)[0] as { readonly run: string; readonly weightsHash: string };

let id: string;
let weights: string;
beforeAll(async () => {
  ({ run: id, weightsHash: weights } = recordOf(await run(...grow, "--home", join(folder, "undisturbed"))));
});

/** Train in a home of its own until two checkpoints are on the disk, then end it by a signal. */
async function disturbed(name: string, signal: "SIGINT" | "SIGKILL") {
  const home = join(folder, name);
  const { child, ended } = start(...grow, "--home", home);
  await until(() => checkpointsIn(home).every((path) => existsSync(path)) || child.exitCode !== null);
  child.kill(signal);
  return { home, ended: await ended };
}

const checkpointsIn = (home: string) =>
  ["checkpoint", "previous"].map((copy) => join(home, "runs", id, `${copy}.bin`)) as [string, string];

/** Frames after which a run said that it continues; 0 where it started over. */
const continuedAt = ({ err }: Ended) => Number(/continues after (\d+) of 50000 frames/.exec(err)?.[1] ?? 0);
/** A checkpoint is saved every 32 updates of 16 environments and 16 steps. */
const FRAMES_BETWEEN = 32 * 16 * 16;

test("Ctrl-C in training: nothing is lost, and the same command continues to the same weights", async () => {
  const { home, ended } = await disturbed("interrupted", "SIGINT");
  expect(ended.code, ended.err).toBe(130);
  expect(ended.err).toMatch(
    /^stopped: train: stopped after \d+ of 50000 frames; nothing is lost\nhint: Run the same command again to continue/m,
  );
  expect(JSON.parse(ended.out)).toMatchObject({ error: { code: "run/interrupted" } });
  const again = await run(...grow, "--home", home);
  // It was told to stop, so it saved where it stopped, and not at the last checkpoint that was due.
  expect(continuedAt(again), again.err).toBe(Number(/stopped after (\d+)/.exec(ended.err)![1]));
  expect(recordOf(again).weightsHash).toBe(weights);
});

test("kill -9 in training, also with damaged checkpoints: the same weights in the end", async () => {
  const { home, ended } = await disturbed("killed", "SIGKILL");
  expect(ended.code, ended.err).toBe(-1);
  expect(await ask("verify", "--home", home)).toMatchObject({ code: 0 });
  const [latest, previous] = [join(folder, "latest damaged"), join(folder, "both damaged")];
  for (const copy of [latest, previous]) cpSync(home, copy, { recursive: true });

  const again = await run(...grow, "--home", home);
  expect(continuedAt(again), again.err).toBeGreaterThanOrEqual(2 * FRAMES_BETWEEN);
  expect(recordOf(again).weightsHash).toBe(weights);
  expect(checkpointsIn(home).some((path) => existsSync(path))).toBe(false);

  truncateSync(checkpointsIn(latest)[0], 1000);
  const found = await ask("verify", "--home", latest, "--json");
  expect([found.code, JSON.parse(found.out).damage]).toEqual([
    3,
    [expect.objectContaining({ what: "checkpoint", paths: [checkpointsIn(latest)[0]] })],
  ]);
  const fromPrevious = await run(...grow, "--home", latest);
  expect(continuedAt(fromPrevious)).toBe(continuedAt(again) - FRAMES_BETWEEN);
  expect(recordOf(fromPrevious).weightsHash).toBe(weights);

  truncateSync(checkpointsIn(previous)[0], 0);
  const bytes = readFileSync(checkpointsIn(previous)[1]);
  bytes[bytes.length >> 1]! ^= 8;
  writeFileSync(checkpointsIn(previous)[1], bytes);
  const refused = await ask(...grow, "--home", previous);
  expect(refused.err).toMatch(
    /^error: run \w+: no checkpoint matches its hash: .*\nhint: Run "mesascope verify --set-aside"/m,
  );
  expect(refused.code).toBe(2);
  expect(await ask("verify", "--set-aside", "--home", previous)).toMatchObject({ code: 3 });
  expect(await ask("verify", "--home", previous)).toMatchObject({ code: 0 });
  const anew = await run(...grow, "--home", previous);
  expect([continuedAt(anew), recordOf(anew).weightsHash]).toEqual([0, weights]);
});

test("two processes grow the same organism at once: both end with the same weights, the store is whole", async () => {
  const home = join(folder, "twice");
  const both = await Promise.all([run(...grow, "--home", home), run(...grow, "--home", home)]);
  expect(
    both.map(({ code }) => code),
    both.map(({ err }) => err).join(),
  ).toEqual([0, 0]);
  expect(both.map((ended) => recordOf(ended).weightsHash)).toEqual([weights, weights]);
  const { out } = await ask("verify", "--home", home, "--json");
  expect(JSON.parse(out)).toMatchObject({ isIntact: true, records: 1, artifacts: 4, checkpoints: 0 });
});
