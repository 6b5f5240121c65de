/**
 * @file One training step of each kind of network, and one policy inference,
 * beside PyTorch on one thread: both in alternation, from equal weights on equal
 * data. Prints one JSON row each; the ratio is the median over rounds. Fails
 * where the two sides' losses part: a fast step must be the same step.
 *
 * Every row has processes of its own, as a training run has: an allocator that
 * has served other rows before makes the peer up to a fifth faster or slower.
 *
 *     npm run bench -- training-step [row] [seconds] [rounds]
 */
import { spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openExecutor, type TensorData } from "../src/tensor/index.ts";
import { draw, openRow, type Row, rows } from "./loops/steps.ts";
import { absence, type Gemm, median, startPeer, warning } from "./peers/torch.ts";

/** Steps compared before any is timed; they also warm both sides up. */
const COMPARED = 10;
/** Of their relative difference. */
const TOLERANCE = 1e-4;

const only = process.argv[2] ?? "all";
const seconds = Number(process.argv[3] ?? 1.2);
const rounds = Number(process.argv[4] ?? 7);

/** The peer process, asked one question at a time. */
async function openPeer() {
  const child = startPeer("steps_torch.py", []);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the peer ended early");
    return JSON.parse(value) as unknown;
  };
  const gemm = (await next()) as Gemm;
  const ask = (request: object, data: readonly TensorData[] = []) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    for (const { buffer, byteOffset, byteLength } of data)
      child.stdin.write(new Uint8Array(buffer, byteOffset, byteLength));
    return next();
  };
  return {
    gemm,
    open({ name, parameters, inputs }: Row, { weights, batch }: ReturnType<typeof draw>): Promise<number[]> {
      const arrays = [...Object.entries(parameters), ...Object.entries(inputs)].map(([array, { shape, dtype }]) => ({
        name: array,
        shape,
        type: dtype === "int32" ? "i4" : "f4",
        input: array in inputs,
      }));
      const data = arrays.map(({ name, input }) => (input ? batch : weights)[name]!);
      return ask({ open: name, steps: COMPARED, arrays }, data) as Promise<number[]>;
    },
    time: () => ask({ seconds }) as Promise<number>,
    close: () => child.stdin.end(),
  };
}

/** Median milliseconds of a step. */
async function time(step: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  do {
    const begun = performance.now();
    await step();
    times.push(performance.now() - begun);
  } while (performance.now() < end);
  return median(times);
}

/** The loss, or the mean square of many values. */
const number = (values: Float32Array) =>
  values.length === 1 ? values[0]! : values.reduce((total, value) => total + value * value, 0) / values.length;

if (only !== "all" && !rows.some(({ name }) => name === only)) {
  throw new Error(`training-step: no row is called "${only}"; known: all, ${rows.map(({ name }) => name).join(", ")}`);
}
if (only === "all") {
  for (const { name } of rows) {
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name, `${seconds}`, `${rounds}`], {
      stdio: "inherit",
    });
    if (status !== 0) process.exitCode = 1;
  }
  process.exit();
}
const row = rows.find(({ name }) => name === only)!;
const { executor, notice } = await openExecutor();
if (notice) console.log(`# ${notice}`);
const peer = absence === undefined ? await openPeer() : undefined;
const caution = peer && warning(peer.gemm);
if (caution) console.log(`# warning: ${caution}`);

const data = draw(row);
const step = await openRow(row, executor, data);
const losses: number[] = [];
for (let i = 0; i < COMPARED; i++) losses.push(number(await step()));
const theirs = await peer?.open(row, data);
const mine: number[] = [];
const others: number[] = [];
for (let round = 0; round < rounds; round++) {
  mine.push(await time(step));
  if (peer) others.push(await peer.time());
}
const apart = theirs && Math.max(...losses.map((loss, i) => Math.abs(loss - theirs[i]!) / Math.abs(loss)));
if (apart !== undefined && !(apart <= TOLERANCE)) {
  console.log(`# ${row.name}: losses part, got ${losses} and ${theirs}; expected equal to ${TOLERANCE}`);
  process.exitCode = 1;
}
console.log(
  JSON.stringify({
    name: `training-step/${row.name}`,
    milliseconds: Number(median(mine).toFixed(3)),
    peer: peer ? Number(median(others).toFixed(3)) : absence,
    ratio: peer
      ? Number(median(mine.map((value, i) => value / others[i]!)).toFixed(3))
      : "unscored: the peer is absent",
    target: row.target,
    ...(peer && {
      lossDifference: Number(apart!.toPrecision(2)),
      peerGflops: peer.gemm.gflops,
      peerBlas: peer.gemm.blas,
    }),
    ...(caution && { warning: caution }),
  }),
);
peer?.close();
