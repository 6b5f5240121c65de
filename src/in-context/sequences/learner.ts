/** @file An attention stack that continues sequences, as something that answers: run by the project's own engine. */
import { LabError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import type { AttentionShape, InContextLearner, Sequences } from "../../in-context.ts";
import { type Executor, type Program, reshape, type Spec, slice, trace } from "../../tensor/index.ts";
import { initialWeights } from "../attention.ts";
import { causalStack, guessOf, sequenceTokens, sequenceWeightSpecs, widened } from "./attention.ts";

/** Shapes of sequences as graph inputs. */
export const sequenceSpecs = ({
  count,
  length,
  dimensions,
}: Pick<Sequences, "count" | "length" | "dimensions">): Record<"tokens", Spec> => ({
  tokens: { shape: [count, length + 1, dimensions], dtype: "float32" },
});

/** Variance of the starting weights of the untrained twin: the default of the recipes. */
const TWIN_INIT = 0.02;

/** An attention stack as something that continues sequences. */
export function sequenceLearner(
  id: string,
  shape: AttentionShape,
  weights: Readonly<Record<string, Float32Array>>,
  executor: Executor,
): InContextLearner {
  const programs = new Map<string, Promise<Program>>();
  const program = (sequences: Sequences): Promise<Program> => {
    const key = `${sequences.count} ${sequences.length}`;
    const known = programs.get(key) ?? executor.load(answerGraph(shape, sequences));
    programs.set(key, known);
    return known;
  };
  return {
    id,
    respond: () =>
      Promise.reject(
        new LabError("input/invalid", "in-context: this learner continues sequences, and answers no regressions"),
      ),
    sequences: {
      shape,
      async respond(sequences) {
        const out = await (await program(sequences)).run({ ...weights, tokens: sequences.tokens });
        return {
          predictions: out.predictions as Float32Array,
          activations: Array.from({ length: shape.layers + 1 }, (_, k) => out[`after${k}`] as Float32Array),
        };
      },
      untrained: (rng: Rng) =>
        sequenceLearner(
          `${id} untrained`,
          shape,
          initialWeights(widened(shape), { init: TWIN_INIT, silent: false }, rng),
          executor,
        ),
    },
  };
}

/** Predictions at every position, and the last token's activations. */
function answerGraph(shape: AttentionShape, sequences: Sequences) {
  const { count, length, dimensions: d } = sequences;
  return trace({ ...sequenceWeightSpecs(shape), ...sequenceSpecs(sequences) }, (inputs) => {
    const stack = causalStack(inputs, shape, sequenceTokens(inputs.tokens!));
    const last = stack.map((tokens, k) => [
      `after${k}`,
      reshape(slice(tokens, { axis: 1, start: length - 1, end: length }), [count, 3 * d]),
    ]);
    return { predictions: guessOf(stack.at(-1)!), ...Object.fromEntries(last) };
  });
}
