/**
 * @file Gradient descent on strings: the mean negative log-probability of their symbols, closing boundaries included, one
 * batch a step.
 */
import type { Weights } from "../network.ts";
import {
  adam,
  constantRate,
  createTrainer,
  div,
  type Executor,
  mul,
  neg,
  type Schedule,
  sum,
  takeLast,
  trainingGraph,
  type UpdateRule,
} from "../tensor/index.ts";
import { BOUNDARY } from "./alphabet.ts";
import { paddedLength } from "./model.ts";
import { type CharacterNetwork, characterSpecs } from "./network.ts";

export interface CharacterTraining {
  readonly network: CharacterNetwork;
  /** Where training starts; see `randomCharacters`. */
  readonly initial: Weights;
  readonly executor: Executor;
  readonly steps: number;
  /** Strings of step `step`; always as many, and none longer than {@link CharacterTraining.longest}. */
  batch(step: number): readonly string[];
  /** Most characters of a string. */
  readonly longest: number;
  /** How many characters of a string are taken for granted: they are read, and do not count. Default: none. */
  readonly given?: (text: string) => number;
  readonly rate: Schedule | number;
  /** Default: Adam. */
  readonly rule?: UpdateRule;
  /** Longest gradient; default 1. */
  readonly clipNorm?: number;
  /** Awaited before every step and once after the last, with the weights as they are then. */
  readonly onStep?: (step: number, weights: () => Weights) => Promise<void> | undefined;
}

/** What training came to. */
export interface TrainedCharacters {
  readonly weights: Weights;
  /** Mean loss a symbol in nats of each step's batch, before the step, `[steps]`. */
  readonly losses: Float64Array;
}

/**
 * Train a character network.
 *
 * @throws {LabError} `input/invalid` for a string that is too long or has an unknown character
 */
export async function trainCharacters(training: CharacterTraining): Promise<TrainedCharacters> {
  const { network, initial, executor, steps, batch, longest, rate, rule = adam(), clipNorm = 1 } = training;
  const { given = () => 0, onStep } = training;
  const { alphabet, context } = network.shape;
  const length = paddedLength(longest + 1, context);
  const fill = (strings: readonly string[]) => {
    const symbols = new Int32Array(strings.length * length).fill(BOUNDARY);
    const targets = new Int32Array(strings.length * length).fill(BOUNDARY);
    const weight = new Float32Array(strings.length * length);
    for (const [i, text] of strings.entries()) {
      const codes = alphabet.encode(text);
      paddedLength(codes.length + 1, length);
      symbols.set(codes.subarray(0, length - 1), i * length + 1);
      targets.set(codes, i * length);
      weight.fill(1, i * length + given(text), i * length + codes.length + 1);
    }
    return { symbols, targets, weight };
  };
  const first = steps > 0 ? batch(0) : [];
  const rows = Math.max(1, first.length);
  const trainer = await createTrainer(
    executor,
    trainingGraph({
      parameters: characterSpecs(network),
      inputs: {
        symbols: { shape: [rows, length], dtype: "int32" },
        targets: { shape: [rows, length], dtype: "int32" },
        weight: { shape: [rows, length], dtype: "float32" },
      },
      loss(parameters, { symbols, targets, weight }) {
        const logs = takeLast(network.forward(parameters, symbols!), targets!);
        return { loss: neg(div(sum(mul(logs, weight!)), sum(weight!))) };
      },
      rule,
      rate: typeof rate === "number" ? constantRate(rate) : rate,
      clipNorm,
    }),
    initial,
  );
  const losses = new Float64Array(steps);
  for (let step = 0; step < steps; step++) {
    await onStep?.(step, () => trainer.parameters());
    const { loss } = await trainer.step(fill(step === 0 ? first : batch(step)));
    losses[step] = loss![0] as number;
  }
  await onStep?.(steps, () => trainer.parameters());
  return { weights: trainer.parameters(), losses };
}
