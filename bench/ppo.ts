/**
 * @file PPO end to end beside the same loop in PyTorch, in alternation: one core
 * against one core, two worker threads against two processes. Prints one JSON
 * row per measurement; the ratio is the median over rounds.
 *
 *     npm run bench -- ppo [frames] [rounds]
 */
import { Worker } from "node:worker_threads";
import { absence, type Gemm, median, startPeer, warning } from "./peers/torch.ts";

interface Run {
  readonly framesPerSecond: number;
  readonly seconds: number;
  /** Mean reward of the last update's episodes: both sides must have learned the same. */
  readonly success: number;
}

interface PeerRun extends Run {
  readonly gemm: Gemm;
}

const frames = Number(process.argv[2] ?? 4_000_000);
const rounds = Number(process.argv[3] ?? 3);
const hasPeer = absence === undefined;

function ours(seed: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./loops/ppo.ts", import.meta.url), { workerData: { frames, seed } });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

/** The peer at its slower speed is given a third of the frames, and one update at least: rates are compared, not totals. */
function theirs(seed: number): Promise<PeerRun> {
  return new Promise((resolve, reject) => {
    const child = startPeer("ppo_torch.py", [String(Math.max(8192, Math.round(frames / 3))), String(seed), "1"]);
    child.stdin.end();
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk));
    child.on("close", (status) =>
      status === 0 ? resolve(JSON.parse(text) as PeerRun) : reject(new Error(`peer exited with ${status}`)),
    );
  });
}

const total = (runs: readonly Run[]) => runs.reduce((sum, run) => sum + run.framesPerSecond, 0);

for (const lanes of [1, 2]) {
  const mine: number[] = [];
  const peers: number[] = [];
  let gemm: Gemm | undefined;
  let success: readonly (readonly number[])[] = [];
  for (let round = 0; round < rounds; round++) {
    const seeds = Array.from({ length: lanes }, (_, lane) => round * lanes + lane);
    const own = await Promise.all(seeds.map(ours));
    mine.push(total(own));
    const other = hasPeer ? await Promise.all(seeds.map(theirs)) : [];
    if (hasPeer) peers.push(total(other));
    // The best of all runs: what the library can do, whatever else the machine was doing.
    for (const run of other) if (gemm === undefined || run.gemm.gflops > gemm.gflops) gemm = run.gemm;
    success = [own.map((run) => run.success), other.map((run) => run.success)];
  }
  const caution = gemm && warning(gemm);
  if (caution) console.log(`# warning: ${caution}`);
  const row = {
    name: `ppo, ${lanes === 1 ? "one core" : "two cores"}`,
    framesPerSecond: Math.round(median(mine)),
    peer: hasPeer ? Math.round(median(peers)) : absence,
    ratio: hasPeer
      ? Number(median(mine.map((rate, i) => rate / peers[i]!)).toFixed(2))
      : "unscored: the peer is absent",
    target: 2.5,
    success,
    ...(gemm && { peerGflops: gemm.gflops, peerBlas: gemm.blas }),
    ...(caution && { warning: caution }),
  };
  console.log(JSON.stringify(row));
}
