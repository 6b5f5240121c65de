/**
 * @file Running the PyTorch peers: found or absent, held to one thread each, and
 * with a warning where their matrix products are too slow for a fair ratio.
 * Set PYTHON to an interpreter that has torch if /usr/bin/python3 does not.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

/** What `gemm.py` found. */
export interface Gemm {
  readonly torch: string;
  readonly blas: string;
  /** Best GFLOP/s of 256×256 products on one thread. */
  readonly gflops: number;
}

const python = process.env.PYTHON ?? "/usr/bin/python3";

/** Below this a vectorized BLAS is missing: an optimized one reaches 25 to 150 on a core, the reference one 2 to 5. */
const SLOW = 20;

/** Why there is nothing to compare with, or undefined where there is. */
export const absence =
  spawnSync(python, ["-c", "import torch"]).status === 0 ? undefined : `absent: needs ${python} with torch`;

/** Start a script of this folder on one thread; its errors go to this terminal. */
export function startPeer(script: string, args: readonly string[]): ChildProcessByStdio<Writable, Readable, null> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  // -B: no __pycache__ in the tree.
  return spawn(python, ["-B", path, ...args], { stdio: ["pipe", "pipe", "inherit"], env });
}

/** The warning that a ratio against this peer must carry, or undefined when the peer is fair. */
export function warning({ blas, gflops }: Gemm): string | undefined {
  if (gflops >= SLOW) return;
  return `do not quote: the peer's 256×256 products run at ${gflops} GFLOP/s on ${blas}, below ${SLOW}; on Debian install libopenblas0-pthread`;
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
