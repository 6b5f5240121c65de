/**
 * @file A character model at work: how probable strings are under it, what comes after a prefix, and samples.
 * Everything is exact up to the engine's rounding, about 1e-6 nats a symbol.
 */
import { LabError } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import type { Weights } from "../network.ts";
import { type Executor, type Program, type TensorData, trace } from "../tensor/index.ts";
import { BOUNDARY } from "./alphabet.ts";
import { type CharacterNetwork, characterSpecs } from "./network.ts";

/** Options of {@link CharacterModel.sample}. */
export interface SampleOptions {
  readonly rng: Rng;
  /** Scale of log-probabilities is 1/temperature; 0 takes the most probable symbol. Default 1. */
  readonly temperature?: number;
  /** Most characters to add; the context is a limit in any case. */
  readonly most?: number;
  /** Ends the continuation, which does not include it; default: only the boundary does. */
  readonly stop?: string;
}

/** A network with weights, and what can be asked of it. */
export interface CharacterModel {
  readonly network: CharacterNetwork;
  readonly weights: Weights;
  /**
   * ln P(string and then the boundary) in nats, `[n]`.
   *
   * @param given as many prefixes that are taken for granted, or none: ln P(string | prefix)
   */
  logProbabilities(strings: readonly string[], given?: readonly string[]): Promise<Float64Array>;
  /** ln P(next symbol | prefix) in nats, `[n, symbols]`. */
  next(prefixes: readonly string[]): Promise<Float64Array>;
  /** A continuation of the prefix, without the prefix. */
  sample(prefix: string, options: SampleOptions): Promise<string>;
}

/** Row counts and lengths for which programs are built; others are padded to them. */
const BATCHES = [1, 16, 128, 512] as const;
const SHORTEST = 8;

/** A model from a network and weights. */
export function characterModel(network: CharacterNetwork, weights: Weights, executor: Executor): CharacterModel {
  const { alphabet, context } = network.shape;
  const size = alphabet.size;
  const programs = new Map<string, Promise<Program>>();
  const program = (batch: number, length: number): Promise<Program> => {
    const key = `${batch}×${length}`;
    let found = programs.get(key);
    if (!found) {
      found = executor.load(scoringGraph(network, batch, length));
      programs.set(key, found);
    }
    return found;
  };

  /** Log-probabilities after every position of rows of symbols, row by row: `visit` gets `[length, symbols]`. */
  async function scan(rows: readonly Int32Array[], visit: (row: number, logs: Float32Array) => void): Promise<void> {
    for (let from = 0; from < rows.length; ) {
      const left = rows.length - from;
      const batch = BATCHES.find((each) => each >= left) ?? BATCHES.at(-1)!;
      const part = rows.slice(from, from + batch);
      const length = paddedLength(Math.max(...part.map((row) => row.length)), context);
      const symbols = new Int32Array(batch * length).fill(BOUNDARY);
      for (const [i, row] of part.entries()) symbols.set(row, i * length);
      const feeds: Record<string, TensorData> = { ...weights, symbols };
      const logs = (await (await program(batch, length)).run(feeds)).logs as Float32Array;
      for (let i = 0; i < part.length; i++) visit(from + i, logs.subarray(i * length * size, (i + 1) * length * size));
      from += batch;
    }
  }

  const opened = (text: string) => Int32Array.from([BOUNDARY, ...alphabet.encode(text)]);
  return {
    network,
    weights,
    async logProbabilities(strings, given = []) {
      const prefixes = strings.map((_, i) => opened(given[i] ?? ""));
      const rows = strings.map((text, i) => Int32Array.from([...prefixes[i]!, ...alphabet.encode(text)]));
      const out = new Float64Array(strings.length);
      await scan(rows, (i, logs) => {
        const row = rows[i]!;
        for (let t = prefixes[i]!.length; t <= row.length; t++) {
          out[i]! += logs[(t - 1) * size + (t < row.length ? row[t]! : BOUNDARY)]!;
        }
      });
      return out;
    },
    async next(prefixes) {
      const rows = prefixes.map(opened);
      const out = new Float64Array(rows.length * size);
      await scan(rows, (i, logs) => {
        const at = (rows[i]!.length - 1) * size;
        out.set(logs.subarray(at, at + size), i * size);
      });
      return out;
    },
    async sample(prefix, { rng, temperature = 1, most = Infinity, stop }) {
      let text = "";
      while (text.length < most && prefix.length + text.length + 1 < context) {
        const symbol = draw(await this.next([prefix + text]), temperature, rng);
        if (symbol === BOUNDARY) break;
        text += alphabet.decode([symbol]);
        if (stop !== undefined && text.endsWith(stop)) return text.slice(0, -stop.length);
      }
      return text;
    },
  };
}

/** Parameters and `symbols` in, `logs` out. */
const scoringGraph = (network: CharacterNetwork, batch: number, length: number) =>
  trace(
    { ...characterSpecs(network), symbols: { shape: [batch, length], dtype: "int32" } },
    ({ symbols, ...parameters }) => ({ logs: network.forward(parameters, symbols!) }),
  );

/**
 * The length that strings of so many symbols are padded to: a power of two, or the context.
 *
 * @throws {LabError} `input/invalid` beyond the context
 */
export function paddedLength(symbols: number, context: number): number {
  if (symbols > context) {
    throw new LabError(
      "input/invalid",
      `characters: a string is too long, got ${symbols} symbols with its boundary; expected at most ${context}`,
      { hint: "Build the network with a longer context, or cut the string." },
    );
  }
  let length = SHORTEST;
  while (length < symbols) length *= 2;
  return Math.min(length, context);
}

/** One symbol from log-probabilities `[symbols]`. */
function draw(logs: Float64Array, temperature: number, rng: Rng): number {
  let best = 0;
  for (let s = 1; s < logs.length; s++) if (logs[s]! > logs[best]!) best = s;
  if (temperature === 0) return best;
  const weights = logs.map((log) => Math.exp((log - logs[best]!) / temperature));
  let left = rng.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let s = 0; s < weights.length; s++) {
    left -= weights[s]!;
    if (left < 0) return s;
  }
  return best;
}
