/**
 * @file From a network and its weights to something that acts: the inference
 * graph, and the subject that runs it.
 */
import { LabError } from "../core/errors.ts";
import { bytesOf, hashBytes } from "../core/hash.ts";
import type { World } from "../env.ts";
import { densely, type Network, type PolicyShape, type Weights } from "../network.ts";
import { type Access, type Subject, sampleActions } from "../subject.ts";
import { cast, type Executor, type Graph, type Program, type Spec, type TensorData, trace } from "../tensor/index.ts";
import { type Recalled, rememberingSubject } from "./remembering.ts";

/** The shape of a policy that plays in a world. */
export function policyShape(world: World): PolicyShape {
  return { planes: world.planes.length, height: world.height, width: world.width, actions: world.actions.length };
}

/** Graph inputs for a network's parameters. */
export function parameterSpecs(network: Network): Record<string, Spec> {
  return Object.fromEntries(
    Object.entries(network.parameters).map(([name, { shape }]) => [name, { shape, dtype: "float32" as const }]),
  );
}

/**
 * Inference: parameters and `observations` (uint8 planes `[batch, planes,
 * height, width]`) in, `logits` `[batch, actions]` and `value` `[batch]` out;
 * for a network that remembers, `memory` `[batch, memory]` in and out too.
 */
function policyGraph(network: Network, shape: PolicyShape, batch: number, ticks?: number): Graph {
  const specs: Record<string, Spec> = {
    ...parameterSpecs(network),
    observations: { shape: [batch, shape.planes, shape.height, shape.width], dtype: "uint8" },
    ...(network.memory === undefined ? {} : { before: { shape: [batch, network.memory], dtype: "float32" } }),
  };
  return trace(specs, ({ observations, before, ...parameters }) => {
    const { logits, value, memory } = network.forward(
      parameters,
      densely(cast(observations!, "float32")),
      ticks,
      before,
    );
    return { logits, value, ...(memory === undefined ? {} : { memory }) };
  });
}

/** SHA-256 of weights in name order: equal hash, bit-identical weights. */
export function hashWeights(weights: Weights): string {
  const names = Object.keys(weights).sort();
  const parts = names.map((name) => `${name}:${hashBytes(bytesOf(weights[name]!))}`);
  return hashBytes(new TextEncoder().encode(parts.join("\n")));
}

/** Row counts for which programs are built; other counts are made of these, so that no odd size costs a session. */
const BATCHES = [1, 16, 64, 256, 512, 1024, 4096] as const;

/**
 * The program to run next for `n` rows: the smallest that takes them all, unless more than a third of it would be
 * padding; then the largest that they fill, and the rest is asked again.
 */
function nextBatch(n: number): number {
  const over = BATCHES.find((size) => size >= n);
  const under = BATCHES.findLast((size) => size <= n);
  return over !== undefined && (under === undefined || over * 2 <= n * 3) ? over : under!;
}

/** Runs a network on any number of observations, in programs of a few fixed sizes. */
export interface Inference {
  readonly shape: PolicyShape;
  /** @returns logits `[n, actions]`, valid until the next call */
  logits(observations: Uint8Array, n: number): Promise<Float32Array>;
}

/** The programs of a network: one step of `n` rows, of which a program of `batch` rows is given the first. */
function programs(network: Network, weights: Weights, shape: PolicyShape, executor: Executor, ticks?: number) {
  const loaded = new Map<number, Promise<Program>>();
  const program = (batch: number) => {
    let found = loaded.get(batch);
    if (!found) {
      found = executor.load(policyGraph(network, shape, batch, ticks));
      loaded.set(batch, found);
    }
    return found;
  };
  const cells = shape.planes * shape.height * shape.width;
  const feeds: Record<string, TensorData> = { ...weights };
  return async (observations: Uint8Array, n: number, batch: number, before?: Float32Array) => {
    let rows = observations.subarray(0, n * cells);
    if (n < batch) {
      rows = new Uint8Array(batch * cells);
      rows.set(observations.subarray(0, n * cells));
    }
    feeds.observations = rows;
    if (before) {
      feeds.before = new Float32Array((batch * before.length) / n);
      (feeds.before as Float32Array).set(before);
    }
    return (await program(batch)).run(feeds);
  };
}

function inference(
  network: Network,
  weights: Weights,
  shape: PolicyShape,
  executor: Executor,
  ticks?: number,
): Inference {
  const pass = programs(network, weights, shape, executor, ticks);
  const cells = shape.planes * shape.height * shape.width;
  const run = async (observations: Uint8Array, n: number, batch: number) =>
    (await pass(observations, n, batch)).logits as Float32Array;
  return {
    shape,
    async logits(observations, n) {
      const first = nextBatch(n);
      if (first >= n) return run(observations, n, first);
      const all = new Float32Array(n * shape.actions);
      for (let from = 0; from < n; ) {
        const left = n - from;
        const batch = nextBatch(left);
        const count = Math.min(batch, left);
        const part = await run(observations.subarray(from * cells, (from + count) * cells), count, batch);
        all.set(part.subarray(0, count * shape.actions), from * shape.actions);
        from += count;
      }
      return all;
    },
  };
}

/** One step of a network that remembers, in the same programs as those of others. */
function recalling(network: Network, weights: Weights, shape: PolicyShape, executor: Executor, size: number) {
  const pass = programs(network, weights, shape, executor);
  const cells = shape.planes * shape.height * shape.width;
  return async (observations: Uint8Array, n: number, before: Float32Array): Promise<Recalled> => {
    const all = { logits: new Float32Array(n * shape.actions), memory: new Float32Array(n * size) };
    for (let from = 0; from < n; ) {
      const batch = nextBatch(n - from);
      const to = Math.min(from + batch, n);
      const part = await pass(
        observations.subarray(from * cells, to * cells),
        to - from,
        batch,
        before.subarray(from * size, to * size),
      );
      all.logits.set((part.logits as Float32Array).subarray(0, (to - from) * shape.actions), from * shape.actions);
      all.memory.set((part.memory as Float32Array).subarray(0, (to - from) * size), from * size);
      from = to;
    }
    return all;
  };
}

/** A subject with logits: it acts by sampling from them. */
export function logitsSubject(id: string, { shape, logits }: Inference, access: Iterable<Access>): Subject {
  return {
    id,
    shape,
    access: new Set<Access>(["act", "logits", ...access]),
    async act(observations, n, rng, actions) {
      sampleActions(await logits(observations, n), n, shape.actions, rng, actions);
    },
    logits,
  };
}

/**
 * The subject that a network with known weights is. One that remembers can only act: its weights and activations mean
 * something along an episode alone.
 *
 * @param id where it is known under another one than the hash of its weights
 */
export function networkSubject(
  network: Network,
  weights: Weights,
  shape: PolicyShape,
  executor: Executor,
  id = hashWeights(weights),
): Subject {
  const { memory } = network;
  if (memory !== undefined) {
    return rememberingSubject(id, shape, memory, recalling(network, weights, shape, executor, memory));
  }
  const at = (own: string, thought?: number): Subject => ({
    ...logitsSubject(own, inference(network, weights, shape, executor, thought), [
      "activations",
      "gradients",
      "weights",
    ]),
    inside: {
      weights,
      specs: parameterSpecs(network),
      executor,
      forward: (parameters, planes, ticks = thought) => network.forward(parameters, densely(planes), ticks),
    },
  });
  const knob = network.ticks;
  if (!knob) return at(id);
  const thinking = (ticks: number): Subject => {
    if (!Number.isInteger(ticks) || ticks < 1 || ticks > knob.max) {
      throw new LabError("input/invalid", `thinking: ticks out of range, got ${ticks}; expected 1 to ${knob.max}`);
    }
    return { ...at(`${id}#ticks=${ticks}`, ticks), ticks: knob, thinking };
  };
  return { ...at(id), ticks: knob, thinking };
}
