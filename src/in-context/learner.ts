/**
 * @file A learner as a file, and as something that answers: safetensors with the architecture in its metadata, run by
 * the project's own engine. Nothing in the file says how the weights came about.
 */
import { assert, LabError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import type { Answers, AttentionShape, Contexts, InContextLearner } from "../in-context.ts";
import {
  add,
  type Executor,
  grad,
  mul,
  type Program,
  pad,
  readSafetensors,
  reshape,
  type Spec,
  slice,
  sum,
  trace,
  writeSafetensors,
} from "../tensor/index.ts";
import { attend, attentionSpecs, layerUpdate, tokensOf } from "./attention.ts";
import { mesaLayer } from "./mesa-layer.ts";
import { sequenceWeightSpecs } from "./sequences/attention.ts";
import { sequenceLearner } from "./sequences/learner.ts";

/** What a file holds: an attention stack with its weights, for regressions or sequences, or a mesa-layer with its λ. */
export type LearnerFile =
  | {
      readonly kind: "attention" | "sequences";
      readonly shape: AttentionShape;
      readonly weights: Readonly<Record<string, Float32Array>>;
    }
  | { readonly kind: "mesa-layer"; readonly lambda: number };

const KEY = "mesascope-in-context";

/** The bytes of a learner. */
export function encodeLearner(file: LearnerFile): Uint8Array {
  if (file.kind === "mesa-layer") {
    const lambda = { dtype: "F32", shape: [1], data: Float32Array.of(file.lambda) } as const;
    return writeSafetensors({ tensors: { lambda }, metadata: { [KEY]: JSON.stringify({ kind: file.kind }) } });
  }
  const specs = file.kind === "sequences" ? sequenceWeightSpecs(file.shape) : attentionSpecs(file.shape);
  return writeSafetensors({
    tensors: Object.fromEntries(
      Object.entries(file.weights).map(([name, data]) => [name, { dtype: "F32", shape: specs[name]!.shape, data }]),
    ),
    metadata: { [KEY]: JSON.stringify({ kind: file.kind, shape: file.shape }) },
  });
}

/**
 * A learner from its file.
 *
 * @throws {LabError} `input/invalid` when the file says nothing of an in-context learner
 */
export function openLearner(bytes: Uint8Array, executor: Executor): InContextLearner {
  const { tensors, metadata } = readSafetensors(bytes);
  const text = metadata[KEY];
  if (text === undefined) {
    throw new LabError("input/invalid", `in-context: the file has no "${KEY}" in its metadata; expected a learner`);
  }
  const about = JSON.parse(text) as { readonly kind: string; readonly shape: AttentionShape };
  const id = hashBytes(bytes);
  if (about.kind === "mesa-layer") {
    const lambda = (tensors.lambda?.data as Float32Array | undefined)?.[0];
    assert(lambda !== undefined, "a mesa-layer has a λ");
    return { id, respond: async (contexts) => mesaLayer(contexts, lambda) };
  }
  const weights = Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array] as const),
  );
  const open = about.kind === "sequences" ? sequenceLearner : attentionLearner;
  return open(id, about.shape, weights, executor);
}

/** An attention stack as something that answers. */
export function attentionLearner(
  id: string,
  shape: AttentionShape,
  weights: Readonly<Record<string, Float32Array>>,
  executor: Executor,
): InContextLearner {
  const answer = cached((contexts) => executor.load(answerGraph(shape, contexts)));
  const step = cached((contexts) => executor.load(stepGraph(shape, contexts)));
  return {
    id,
    async respond(contexts): Promise<Answers> {
      const { x, y, query } = contexts;
      const out = await (await answer(contexts)).run({ ...weights, x, y, query });
      return {
        predictions: Float64Array.from(out.predictions as Float32Array),
        sensitivities: Float64Array.from(out.sensitivities as Float32Array),
      };
    },
    inside: {
      shape,
      weights,
      ...(shape.layers === 1
        ? {
            async iterate(contexts: Contexts, applications: number, damping: number) {
              const { x, query, count } = contexts;
              const program = await step(contexts);
              let y = contexts.y;
              let asked = new Float32Array(count);
              const predictions: Float64Array[] = [];
              for (let k = 0; k < applications; k++) {
                const out = await program.run({ ...weights, x, y, query, asked, damping: Float32Array.of(damping) });
                y = out.nextTargets as Float32Array<ArrayBuffer>;
                asked = out.nextAsked as Float32Array<ArrayBuffer>;
                predictions.push(Float64Array.from(asked, (each) => -each));
              }
              return predictions;
            },
          }
        : {}),
    },
  };
}

/** One program for each number and size of contexts. */
function cached(load: (contexts: Contexts) => Promise<Program>): (contexts: Contexts) => Promise<Program> {
  const programs = new Map<string, Promise<Program>>();
  return (contexts) => {
    const key = `${contexts.count} ${contexts.examples}`;
    const program = programs.get(key) ?? load(contexts);
    programs.set(key, program);
    return program;
  };
}

/** Shapes of contexts as graph inputs. */
export function contextSpecs({
  count,
  examples,
  dimensions,
}: Pick<Contexts, "count" | "examples" | "dimensions">): Record<"x" | "y" | "query", Spec> {
  const floats = (...shape: number[]): Spec => ({ shape, dtype: "float32" });
  return { x: floats(count, examples, dimensions), y: floats(count, examples), query: floats(count, dimensions) };
}

/** Predictions, and their gradients by the query. */
function answerGraph(shape: AttentionShape, contexts: Contexts) {
  return trace({ ...attentionSpecs(shape), ...contextSpecs(contexts) }, (inputs) => {
    const { x, y, query } = inputs;
    const predictions = attend(inputs, shape, tokensOf(x!, y!, query!));
    return { predictions, sensitivities: grad(sum(predictions), [query!])[0]! };
  });
}

/** One application of the layer to the targets of all tokens, damped. */
function stepGraph(shape: AttentionShape, contexts: Contexts) {
  const { count, examples, dimensions: d } = contexts;
  const extra = {
    asked: { shape: [count], dtype: "float32" as const },
    damping: { shape: [1], dtype: "float32" as const },
  };
  return trace({ ...attentionSpecs(shape), ...contextSpecs(contexts), ...extra }, (inputs) => {
    const { x, y, query, asked, damping } = inputs;
    const { context, query: blank } = tokensOf(x!, y!, query!);
    const tokens = add(blank, pad(reshape(asked!, [count, 1, 1]), [0, 0, d], [0, 0, 0]));
    const targetOf = (token: Parameters<typeof slice>[0]) => slice(token, { axis: 2, start: d, end: d + 1 });
    const change = targetOf(layerUpdate(inputs, shape, { layer: 0, tokens: context, context }));
    const changeAsked = targetOf(layerUpdate(inputs, shape, { layer: 0, tokens, context }));
    return {
      nextTargets: add(y!, mul(reshape(change, [count, examples]), damping!)),
      nextAsked: add(asked!, mul(reshape(changeAsked, [count]), damping!)),
    };
  });
}
