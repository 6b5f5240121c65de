/**
 * @file The rows of `training-step.ts`: one step of forward, backward and Adam, or
 * a forward pass alone, on the tensor engine. `peers/steps_torch.py` writes the
 * same in PyTorch, by the same names.
 */
import { rng } from "../../src/core/rng.ts";
import {
  adam,
  add,
  attention,
  clip,
  constantRate,
  conv2d,
  createTrainer,
  crossEntropy,
  cut,
  type Executor,
  exp,
  gather,
  layerNorm,
  linear,
  logSoftmax,
  matmul,
  mean,
  min,
  mul,
  neg,
  relu,
  reshape,
  type Spec,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  type TensorData,
  takeLast,
  trace,
  trainingGraph,
  transpose,
} from "../../src/tensor/index.ts";

type Specs = Readonly<Record<string, Spec>>;
type Tensors = Readonly<Record<string, Tensor>>;

/** One row: what is computed, and the largest ratio to PyTorch's time that is aimed at. */
export interface Row {
  readonly name: string;
  readonly target: number;
  readonly parameters: Specs;
  readonly inputs: Specs;
  /** `loss` to train on, or `logits` and `value` to infer. */
  forward(p: Tensors, inputs: Tensors): Tensors;
}

const floats = (...shape: number[]): Spec => ({ shape, dtype: "float32" });
const integers = (...shape: number[]): Spec => ({ shape, dtype: "int32" });
const dense = (name: string, into: number, out: number): Specs => ({
  [`${name}.w`]: floats(into, out),
  [`${name}.b`]: floats(out),
});
const affine = (p: Tensors, name: string, x: Tensor) => linear(x, p[`${name}.w`]!, p[`${name}.b`]!);

const rollout = (...batch: number[]): Specs => ({
  action: integers(...batch),
  old: floats(...batch),
  advantage: floats(...batch),
  target: floats(...batch),
});

function ppoLoss(logits: Tensor, value: Tensor, { action, old, advantage, target }: Tensors): Tensors {
  const logp = logSoftmax(logits);
  const ratio = exp(sub(takeLast(logp, action!), old!));
  const policy = neg(mean(min(mul(ratio, advantage!), mul(clip(ratio, 0.8, 1.2), advantage!))));
  const entropy = neg(mean(sum(mul(exp(logp), logp), { axes: -1 })));
  return { loss: add(sub(policy, mul(entropy, 0.01)), mul(mean(square(sub(value, target!))), 0.5)) };
}

const perceptron = {
  ...dense("l1", 147, 128),
  ...dense("l2", 128, 128),
  ...dense("policy", 128, 5),
  ...dense("value", 128, 1),
};
function actorCritic(p: Tensors, x: Tensor) {
  const h = relu(affine(p, "l2", relu(affine(p, "l1", x))));
  return { logits: affine(p, "policy", h), value: reshape(affine(p, "value", h), [x.shape[0]!]) };
}

/** A dense layer for each of 64 models. */
const dense64 = (name: string, into: number, out: number): Specs => ({
  [`${name}.w`]: floats(64, into, out),
  [`${name}.b`]: floats(64, 1, out),
});

const blocks = ["0", "1"];
const norm = (p: Tensors, name: string, x: Tensor) => layerNorm(x, p[`${name}.gain`]!, p[`${name}.bias`]!);
const gainAndBias = (name: string): Specs => ({ [`${name}.gain`]: floats(64), [`${name}.bias`]: floats(64) });

export const rows: readonly Row[] = [
  {
    name: "mlp",
    target: 0.6,
    parameters: perceptron,
    inputs: { x: floats(512, 147), ...rollout(512) },
    forward(p, inputs) {
      const { logits, value } = actorCritic(p, inputs.x!);
      return ppoLoss(logits, value, inputs);
    },
  },
  {
    name: "conv",
    target: 1,
    parameters: {
      "c1.w": floats(16, 3, 3, 3),
      "c1.b": floats(16, 1, 1),
      "c2.w": floats(32, 16, 3, 3),
      "c2.b": floats(32, 1, 1),
      ...dense("l1", 5408, 128),
      ...dense("policy", 128, 5),
      ...dense("value", 128, 1),
    },
    inputs: { x: floats(256, 3, 13, 13), ...rollout(256) },
    forward(p, inputs) {
      const convolve = (x: Tensor, name: string) =>
        relu(add(conv2d(x, p[`${name}.w`]!, { padding: 1 }), p[`${name}.b`]!));
      const planes = convolve(convolve(inputs.x!, "c1"), "c2");
      const h = relu(affine(p, "l1", reshape(planes, [256, 5408])));
      return ppoLoss(affine(p, "policy", h), reshape(affine(p, "value", h), [256]), inputs);
    },
  },
  {
    name: "decoder",
    target: 0.75,
    parameters: {
      embedding: floats(64, 64),
      positions: floats(64, 64),
      unembedding: floats(64, 64),
      ...gainAndBias("n"),
      ...Object.assign(
        {},
        ...blocks.map((l) => ({
          ...gainAndBias(`n1.${l}`),
          ...gainAndBias(`n2.${l}`),
          ...decoderDense(l),
        })),
      ),
    },
    inputs: { tokens: integers(32, 64), targets: integers(32, 64) },
    forward(p, { tokens, targets }) {
      let x = add(gather(p.embedding!, tokens!), p.positions!);
      for (const l of blocks) {
        const qkv = affine(p, `qkv.${l}`, norm(p, `n1.${l}`, x));
        const [q, k, v] = [0, 64, 128].map((start) =>
          transpose(reshape(slice(qkv, { axis: 2, start, end: start + 64 }), [32, 64, 4, 16]), [0, 2, 1, 3]),
        );
        const mixed = transpose(attention(q!, k!, v!, { causal: true }), [0, 2, 1, 3]);
        x = add(x, affine(p, `out.${l}`, reshape(mixed, [32, 64, 64])));
        x = add(x, affine(p, `down.${l}`, relu(affine(p, `up.${l}`, norm(p, `n2.${l}`, x)))));
      }
      return { loss: crossEntropy(matmul(norm(p, "n", x), p.unembedding!), targets!) };
    },
  },
  {
    name: "linear-attention",
    target: 0.25,
    parameters: { q: floats(11, 11), k: floats(11, 11), v: floats(11, 11), p: floats(11, 11) },
    inputs: { e: floats(2048, 11, 11), y: floats(2048) },
    forward({ q, k, v, p }, { e, y }) {
      const scores = matmul(matmul(e!, q!), matmul(e!, k!), { transposeB: true });
      const out = add(e!, matmul(matmul(scores, matmul(e!, v!)), p!));
      return { loss: mean(square(sub(reshape(cut(out, [0, 10, 10], [2048, 11, 11]), [2048]), y!))) };
    },
  },
  {
    name: "64-models",
    target: 1,
    parameters: {
      ...dense64("l1", 147, 128),
      ...dense64("l2", 128, 128),
      ...dense64("policy", 128, 5),
      ...dense64("value", 128, 1),
    },
    inputs: { x: floats(64, 64, 147), ...rollout(64, 64) },
    forward(p, inputs) {
      const layer = (x: Tensor, name: string) => add(matmul(x, p[`${name}.w`]!), p[`${name}.b`]!);
      const h = relu(layer(relu(layer(inputs.x!, "l1")), "l2"));
      return ppoLoss(layer(h, "policy"), reshape(layer(h, "value"), [64, 64]), inputs);
    },
  },
  {
    name: "inference",
    target: 0.6,
    parameters: perceptron,
    inputs: { x: floats(4096, 147) },
    forward: (p, { x }) => actorCritic(p, x!),
  },
];

function decoderDense(l: string): Specs {
  const layers = { qkv: [64, 192], out: [64, 64], up: [64, 256], down: [256, 64] } as const;
  return Object.assign({}, ...Object.entries(layers).map(([name, [into, out]]) => dense(`${name}.${l}`, into, out)));
}

const sizeOf = ({ shape }: Spec) => shape.reduce((a, b) => a * b, 1);

/** Weights of deviation 0.05, gains around 1, and a batch that fits the row. */
export function draw({ parameters, inputs }: Row) {
  const random = rng(1);
  const normal = (spec: Spec, scale: number, center = 0) =>
    Float32Array.from({ length: sizeOf(spec) }, () => center + scale * random.normal());
  const input = (name: string, spec: Spec): TensorData => {
    if (spec.dtype === "int32")
      return Int32Array.from({ length: sizeOf(spec) }, () => random.int(name === "action" ? 5 : 64));
    // Old log-probabilities near the uniform −ln 5, so that some ratios are clipped and some are not.
    return name === "old" ? normal(spec, 0.1, -Math.log(5)) : normal(spec, 1);
  };
  const map = <T>(specs: Specs, value: (name: string, spec: Spec) => T) =>
    Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, value(name, spec)] as const));
  return {
    weights: map(parameters, (name, spec) => normal(spec, 0.05, name.endsWith(".gain") ? 1 : 0)),
    batch: map(inputs, input),
  };
}

/** A function that takes one step, and answers with the loss before it, or with the mean square of the logits. */
export async function openRow(row: Row, executor: Executor, { weights, batch }: ReturnType<typeof draw>) {
  const { parameters, inputs } = row;
  if (row.name === "inference") {
    const split = (all: Tensors, names: Specs) =>
      Object.fromEntries(Object.keys(names).map((name) => [name, all[name]!]));
    const build = (all: Tensors) => row.forward(split(all, parameters), split(all, inputs));
    const program = await executor.load(trace({ ...parameters, ...inputs }, build));
    const feeds = { ...weights, ...batch };
    return async () => (await program.run(feeds)).logits as Float32Array;
  }
  const loss = (p: Tensors, given: Tensors) => ({ loss: row.forward(p, given).loss! });
  const rule = adam({ epsilon: 1e-5 });
  const graph = trainingGraph({ parameters, inputs, loss, rule, rate: constantRate(3e-4) });
  const trainer = await createTrainer(executor, graph, weights);
  return async () => (await trainer.step(batch)).loss as Float32Array;
}
