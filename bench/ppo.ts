/**
 * @file PPO end to end beside the same loop in PyTorch, in alternation: one core
 * against one core, two worker threads against two processes. Prints one JSON
 * row per measurement; the ratio is the median over rounds.
 *
 *     npm run bench -- ppo [frames] [rounds]
 */
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

interface Run {
  readonly framesPerSecond: number;
  readonly seconds: number;
  /** Mean reward of the last update's episodes: both sides must have learned the same. */
  readonly success: number;
}

const frames = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 3);
const peer = fileURLToPath(new URL("./peers/ppo_torch.py", import.meta.url));
const python = "/usr/bin/python3";
const hasPeer = spawnSync(python, ["-c", "import torch"]).status === 0;

function ours(seed: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./loops/ppo.ts", import.meta.url), { workerData: { frames, seed } });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

/** The peer at its slower speed is given a third of the frames: rates are compared, not totals. */
function theirs(seed: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [peer, String(Math.round(frames / 3)), String(seed), "1"], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk));
    child.on("close", (status) => (status === 0 ? resolve(JSON.parse(text) as Run) : reject(new Error(`peer exited with ${status}`))));
  });
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const total = (runs: readonly Run[]) => runs.reduce((sum, run) => sum + run.framesPerSecond, 0);

for (const lanes of [1, 2]) {
  const mine: number[] = [];
  const peers: number[] = [];
  let success: readonly (readonly number[])[] = [];
  for (let round = 0; round < rounds; round++) {
    const seeds = Array.from({ length: lanes }, (_, lane) => round * lanes + lane);
    const own = await Promise.all(seeds.map(ours));
    mine.push(total(own));
    const other = hasPeer ? await Promise.all(seeds.map(theirs)) : [];
    if (hasPeer) peers.push(total(other));
    success = [own.map((run) => run.success), other.map((run) => run.success)];
  }
  const row = {
    name: `ppo, ${lanes === 1 ? "one core" : "two cores"}`,
    framesPerSecond: Math.round(median(mine)),
    peer: hasPeer ? Math.round(median(peers)) : "absent: needs python3 with torch",
    ratio: hasPeer ? Number(median(mine.map((rate, i) => rate / peers[i]!)).toFixed(2)) : "unscored: the peer is absent",
    target: 2.5,
    success,
  };
  console.log(JSON.stringify(row));
}
