/**
 * @file Runs a training graph step by step: what one step puts out, the next one takes in.
 */
import { LabError } from "../core/errors.ts";
import type { TrainingGraph } from "./optim.ts";
import type { Executor, TensorData } from "./runtime/executor.ts";
import { sizeOf } from "./shape.ts";

/** Named arrays: `parameters` flat, the rule's slots flat, and `step` of length 1. */
export type TrainerState = Readonly<Record<string, Float32Array>>;

export interface Trainer {
  /**
   * One update.
   *
   * @param batch the training graph's inputs by name
   * @returns loss and metrics of the parameters before the update
   */
  step(batch: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>>;
  /** Current parameters by name. */
  parameters(): Record<string, Float32Array>;
  /** The same as one vector, laid out as the training graph says; the step after the next one overwrites it. */
  flat(): Float32Array;
  /** Everything that training changes: enough to continue bit for bit. */
  state(): TrainerState;
  /** @throws {LabError} `run/mismatch` when an array is absent or of another length */
  restore(state: TrainerState): void;
}

/**
 * Load a training graph and start from `initial` parameters, slots at zero.
 *
 * @throws {LabError} `run/mismatch` when a parameter is absent or of another length
 */
export async function createTrainer(
  executor: Executor,
  { graph, layout, state: lengths, metrics }: TrainingGraph,
  initial: Readonly<Record<string, Float32Array>>,
): Promise<Trainer> {
  const program = await executor.load(graph);
  // Kept for all steps and overwritten in place. The state has two homes, and each step moves it to the
  // other one: fresh pages for megabytes of weights and moments cost more than the update itself.
  const feeds: Record<string, TensorData> = {};
  const spare: Record<string, TensorData> = {};

  const restore = (state: TrainerState): void => {
    for (const [name, length] of Object.entries(lengths)) {
      feeds[`state/${name}`] = checkLength(`state "${name}"`, state[name], length).slice();
    }
  };
  const flat = new Float32Array(lengths.parameters!);
  for (const { name, shape, start } of layout) {
    flat.set(checkLength(`parameter "${name}"`, initial[name], sizeOf(shape)), start);
  }
  const zeros = Object.entries(lengths).map(([name, length]) => [name, new Float32Array(length)] as const);
  restore({ ...Object.fromEntries(zeros), parameters: flat });

  return {
    restore,
    async step(batch) {
      for (const name in batch) feeds[name] = batch[name]!;
      const outputs = await program.run(feeds, spare);
      const reported: Record<string, TensorData> = {};
      for (const name in lengths) {
        spare[`next/${name}`] = feeds[`state/${name}`]!;
        feeds[`state/${name}`] = outputs[`next/${name}`]!;
      }
      for (const name of metrics) reported[name] = outputs[name]!;
      return reported;
    },
    parameters() {
      const current = feeds["state/parameters"] as Float32Array;
      return Object.fromEntries(
        layout.map(({ name, shape, start }) => [name, current.slice(start, start + sizeOf(shape))]),
      );
    },
    flat: () => feeds["state/parameters"] as Float32Array,
    state: () =>
      Object.fromEntries(Object.keys(lengths).map((name) => [name, (feeds[`state/${name}`] as Float32Array).slice()])),
  };
}

function checkLength(what: string, data: Float32Array | undefined, length: number): Float32Array {
  if (data?.length === length) return data;
  const got = data ? `${data.length} values` : "nothing";
  throw new LabError("run/mismatch", `trainer: ${what} does not fit the graph, got ${got}; expected ${length} values`);
}
