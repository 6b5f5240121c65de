/**
 * @file Proximal policy optimization: collect a rollout with the present policy,
 * estimate advantages, take a few epochs of clipped steps on shuffled
 * minibatches.
 *
 * An episode cut off by the time limit counts as ended: the limit is part of
 * the task, and every published number compared with here was made that way.
 */
import { z } from "zod";
import { estimateAdvantages } from "../../advantage.ts";
import { LabError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import type { World } from "../../env.ts";
import { densely, type Observed, type PolicyShape } from "../../network.ts";
import { defineOptimizer, type Learner, type Snapshot, type TrainingContext } from "../../optimizer.ts";
import { parameterSpecs } from "../../policy/inference.ts";
import { sampleActions } from "../../subject.ts";
import {
  adam,
  add,
  cast,
  clip,
  concat,
  constant,
  constantRate,
  createTrainer,
  exp,
  type Graph,
  gather,
  layoutOf,
  linearRate,
  logSoftmax,
  matmul,
  mean,
  min,
  mul,
  neg,
  reshape,
  type Spec,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  type TensorData,
  trace,
  trainingGraph,
  unpack,
} from "../../tensor/index.ts";

export const ppo = defineOptimizer({
  id: "ppo",
  family: "gradient",
  title: "Proximal policy optimization",
  equation: "max E[min(r·A, clip(r, 1±ε)·A)] − c_v·E[(V − R)²] + c_e·E[H(π)], r = π/π_old",
  source: "Schulman et al. 2017, arXiv:1707.06347; GAE: Schulman et al. 2016, arXiv:1506.02438",
  params: z.object({
    environments: z.int().min(1).default(256).describe("Episodes stepped together."),
    steps: z.int().min(1).default(32).describe("Steps per environment between updates."),
    epochs: z.int().min(1).default(3).describe("Passes over each rollout."),
    minibatch: z.int().min(1).default(2048).describe("Frames per gradient step; must divide environments × steps."),
    rate: z.number().positive().default(1e-3).describe("Adam step size."),
    anneal: z.boolean().default(false).describe("Let the step size fall linearly to zero over the run."),
    gamma: z.number().min(0).max(1).default(0.99).describe("Discount per step."),
    lambda: z.number().min(0).max(1).default(0.95).describe("Advantage estimation: 0 = one step, 1 = whole return."),
    clip: z.number().positive().default(0.2).describe("Range of the probability ratio around 1."),
    entropy: z.number().min(0).default(0.01).describe("Weight of the entropy bonus, per nat."),
    valueWeight: z.number().min(0).default(0.5).describe("Weight of the squared error of the values."),
    normalize: z
      .boolean()
      .default(true)
      .describe("Scale the advantages of each minibatch to mean 0 and deviation 1; mutes what is rare and large."),
    clipNorm: z.number().positive().default(0.5).describe("Largest global gradient norm."),
  }),

  async start(context, params, initial) {
    const { world, shape, levels, executor, reward, rng } = context;
    const { environments, steps, gamma, epochs, minibatch } = params;
    const frames = environments * steps;
    if (frames % minibatch !== 0) {
      throw new LabError(
        "input/invalid",
        `ppo: minibatch does not divide the rollout, got ${minibatch}; expected a divisor of environments × steps = ${frames}`,
      );
    }
    const cells = shape.planes * shape.height * shape.width;
    const batch = world.batch(environments);
    const { marks = [] } = world;
    const policy = await executor.load(actingGraph(context, environments));
    const trainer = await createTrainer(executor, ppoGraph(context, params), initial);

    const rollout = {
      observations: new Uint8Array(frames * cells),
      actions: new Uint8Array(frames),
      /** For each of {@link World.marks} the row of its weights: `plane · cells + cell`. */
      marks: marks.map(() => new Int32Array(frames)),
      oldLogProb: new Float32Array(frames),
      advantage: new Float32Array(frames),
      target: new Float32Array(frames),
    };
    /** What a gradient step takes in; overwritten for each. */
    const feeds: Feeds = {
      observations: rollout.observations,
      rows: new Int32Array(minibatch),
      ...Object.fromEntries(marks.map((_, k) => [`mark${k}`, new Int32Array(minibatch)])),
      taken: new Float32Array(minibatch * shape.actions),
      oldLogProb: new Float32Array(minibatch),
      advantage: new Float32Array(minibatch),
      target: new Float32Array(minibatch),
    };
    /** What the policy sees of the present step. */
    const sight: Record<string, TensorData> = {
      observations: batch.observations,
      ...Object.fromEntries(marks.map((_, k) => [`mark${k}`, new Int32Array(environments)])),
    };
    const rewards = new Float32Array(frames);
    const values = new Float32Array(frames);
    const ends = new Uint8Array(frames);
    const order = Int32Array.from({ length: frames }, (_, i) => i);
    const chosen = new Uint8Array(environments);
    /** Discounted return so far and present discount of each running episode. */
    const earned = new Float64Array(environments);
    const discount = new Float64Array(environments);
    let begun = false;

    const begin = (slot: number, stream: Rng) => {
      levels.next(slot, batch.levels[slot]!, stream);
      batch.start(slot, stream);
      earned[slot] = 0;
      discount[slot] = 1;
    };
    const infer = async () => {
      for (const [k, { plane, cell }] of marks.entries()) {
        const rows = sight[`mark${k}`] as Int32Array;
        const first = (plane * cells) / shape.planes;
        for (let slot = 0; slot < environments; slot++) rows[slot] = first + cell(batch, slot);
      }
      sight.parameters = trainer.flat();
      const { logits, value } = await policy.run(sight);
      return { logits: logits as Float32Array, value: value as Float32Array };
    };

    /** Fill the rollout buffers; returns the mean reward of the episodes that ended. */
    async function collect(choice: Rng, chance: Rng): Promise<number | undefined> {
      let total = 0;
      let episodes = 0;
      for (let t = 0; t < steps; t++) {
        const at = t * environments;
        rollout.observations.set(batch.observations, at * cells);
        const { logits, value } = await infer();
        for (const [k, rows] of rollout.marks.entries()) rows.set(sight[`mark${k}`] as Int32Array, at);
        values.set(value, at);
        const logProb = rollout.oldLogProb.subarray(at, at + environments);
        sampleActions(logits, environments, shape.actions, choice, chosen, logProb);
        rollout.actions.set(chosen, at);
        batch.step(chosen);
        for (let slot = 0; slot < environments; slot++) {
          let paid = 0;
          for (let o = 0; o < reward.length; o++) paid += reward[o]! * batch.rewards[o]![slot]!;
          rewards[at + slot] = paid;
          // Replay compares with the oracle of the base objective, whatever training pays.
          earned[slot]! += discount[slot]! * batch.rewards[0]![slot]!;
          discount[slot]! *= gamma;
          total += paid;
          const ended = batch.done[slot] !== 0;
          ends[at + slot] = ended ? 1 : 0;
          if (!ended) continue;
          episodes++;
          levels.ended(slot, earned[slot]!);
          begin(slot, chance);
        }
      }
      return episodes === 0 ? undefined : total / episodes;
    }

    /** The rows of one minibatch. Observations, the bulk, are gathered inside the graph. */
    function fill(rows: Int32Array): void {
      feeds.rows.set(rows);
      for (const [k, all] of rollout.marks.entries()) {
        const picked = feeds[`mark${k}`] as Int32Array;
        for (let i = 0; i < minibatch; i++) picked[i] = all[rows[i]!]!;
      }
      feeds.taken.fill(0);
      for (let i = 0; i < minibatch; i++) {
        const row = rows[i]!;
        feeds.taken[i * shape.actions + rollout.actions[row]!] = 1;
        feeds.oldLogProb[i] = rollout.oldLogProb[row]!;
        feeds.advantage[i] = rollout.advantage[row]!;
        feeds.target[i] = rollout.target[row]!;
      }
      if (params.normalize) standardize(feeds.advantage);
    }

    return {
      framesPerUpdate: frames,
      async update(index) {
        const stream = rng.fork(index);
        const chance = stream.fork("levels");
        if (!begun) for (let slot = 0; slot < environments; slot++) begin(slot, chance);
        begun = true;
        const episodeReturn = await collect(stream.fork("actions"), chance);
        const lastValues = (await infer()).value;
        estimateAdvantages(
          { environments, steps, rewards, values, ends, lastValues },
          params,
          rollout.advantage,
          rollout.target,
        );
        let loss = 0;
        let entropyNats = 0;
        const shuffling = stream.fork("minibatches");
        for (let i = 0; i < frames; i++) order[i] = i;
        for (let epoch = 0; epoch < epochs; epoch++) {
          shuffling.shuffle(order);
          for (let from = 0; from < frames; from += minibatch) {
            fill(order.subarray(from, from + minibatch));
            const metrics = await trainer.step(feeds);
            loss += Number(metrics.loss![0]);
            entropyNats += Number(metrics.entropy![0]);
          }
        }
        const gradientSteps = (epochs * frames) / minibatch;
        return {
          frames: (index + 1) * frames,
          ...(episodeReturn === undefined ? {} : { episodeReturn }),
          loss: loss / gradientSteps,
          entropyNats: entropyNats / gradientSteps,
        };
      },
      weights: () => trainer.parameters(),
      snapshot: () => ({
        ...prefixed("trainer", trainer.state()),
        ...prefixed("levels", levels.snapshot()),
        ...prefixed("batch", Object.fromEntries(batch.memory.map((array, i) => [i, array.slice()]))),
        earned: earned.slice(),
        discount: discount.slice(),
      }),
      restore(saved) {
        trainer.restore(unprefixed("trainer", saved) as Record<string, Float32Array>);
        levels.restore(unprefixed("levels", saved));
        for (const [i, array] of batch.memory.entries()) array.set(saved[`batch.${i}`]!);
        earned.set(saved.earned!);
        discount.set(saved.discount!);
        begun = true;
      },
    } satisfies Learner;
  },
});

type Params = z.output<typeof ppo.params>;

interface Feeds extends Record<string, TensorData> {
  readonly rows: Int32Array;
  readonly taken: Float32Array;
  readonly oldLogProb: Float32Array;
  readonly advantage: Float32Array;
  readonly target: Float32Array;
}

/** Which row of the first weight each of the world's single marks picks, as inputs. */
const markSpecs = ({ marks = [] }: World, rows: number): Record<string, Spec> =>
  Object.fromEntries(marks.map((_, k) => [`mark${k}`, { shape: [rows], dtype: "int32" }]));

const looked = ({ marks = [] }: World, given: Readonly<Record<string, Tensor>>) =>
  marks.map(({ plane }, k) => ({ plane, row: given[`mark${k}`]! }));

/** The policy on a rollout's present step. Its parameters come as one vector: each input has its price at every run. */
function actingGraph({ network, shape, world }: TrainingContext, environments: number): Graph {
  const { layout, length } = layoutOf(parameterSpecs(network));
  const specs: Record<string, Spec> = {
    parameters: { shape: [length], dtype: "float32" },
    observations: { shape: [environments, shape.planes * shape.height * shape.width], dtype: "uint8" },
    ...markSpecs(world, environments),
  };
  return trace(specs, ({ parameters, observations, ...given }) => {
    const { logits, value } = network.forward(
      unpack(parameters!, layout),
      observed(observations!, shape, looked(world, given)),
    );
    return { logits, value };
  });
}

/** One clipped step on the rows of a rollout; the rows are gathered inside the graph. */
function ppoGraph({ network, shape, world, frames: total }: TrainingContext, params: Params) {
  const { environments, steps, minibatch, epochs, clip: range, entropy: entropyWeight, valueWeight } = params;
  const frames = environments * steps;
  const gradientSteps = Math.max(1, Math.floor(total / frames)) * epochs * (frames / minibatch);
  return trainingGraph({
    parameters: parameterSpecs(network),
    inputs: {
      observations: { shape: [frames, shape.planes * shape.height * shape.width], dtype: "uint8" },
      rows: { shape: [minibatch], dtype: "int32" },
      ...markSpecs(world, minibatch),
      // 1 at the action taken: a product is cheaper to run, and to differentiate, than a lookup.
      taken: { shape: [minibatch, shape.actions], dtype: "float32" },
      oldLogProb: { shape: [minibatch], dtype: "float32" },
      advantage: { shape: [minibatch], dtype: "float32" },
      target: { shape: [minibatch], dtype: "float32" },
    },
    rule: adam({ epsilon: 1e-5 }),
    clipNorm: params.clipNorm,
    rate: params.anneal ? linearRate({ from: params.rate, to: 0, steps: gradientSteps }) : constantRate(params.rate),
    loss(parameters, { observations, rows, taken, oldLogProb, advantage, target, ...given }) {
      const seen = observed(gather(observations!, rows!), shape, looked(world, given));
      const { logits, value } = network.forward(parameters, seen);
      const logProbs = logSoftmax(logits);
      // Rows are added up by a product with ones, whose gradient is a product too and not a slow broadcast.
      const logProb = reshape(matmul(mul(logProbs, taken!), constant(1, [shape.actions, 1])), [minibatch]);
      const ratio = exp(sub(logProb, oldLogProb!));
      const surrogate = min(mul(ratio, advantage!), mul(clip(ratio, 1 - range, 1 + range), advantage!));
      const valueLoss = mean(square(sub(value, target!)));
      const entropy = mul(sum(mul(exp(logProbs), logProbs)), -1 / minibatch);
      const loss = sub(add(neg(mean(surrogate)), mul(valueLoss, valueWeight)), mul(entropy, entropyWeight));
      return { loss, metrics: { entropy } };
    },
  });
}

/**
 * Flat uint8 observations as a network takes them. Planes with a single mark are
 * not multiplied: the mark's row of the weight is looked up and added.
 */
function observed(
  flat: Tensor,
  { planes, height, width }: PolicyShape,
  marks: readonly { readonly plane: number; readonly row: Tensor }[],
): Observed {
  const [batch = 1] = flat.shape;
  const cells = height * width;
  const whole = densely(reshape(cast(flat, "float32"), [batch, planes, height, width]));
  const dense = Array.from({ length: planes }, (_, plane) => plane).filter((p) =>
    marks.every(({ plane }) => plane !== p),
  );
  if (marks.length === 0 || dense.length === 0) return whole;
  const part = (x: Tensor, axis: number) => {
    const parts = dense.map((plane) => slice(x, { axis, start: plane * cells, end: (plane + 1) * cells }));
    return parts.length === 1 ? parts[0]! : concat(parts, axis);
  };
  return {
    planes: whole.planes,
    affine(weight, bias) {
      const [first, ...others] = marks;
      // The bias joins the small table that is looked up, not the rows that come out.
      const looked = gather(add(weight, bias), first!.row);
      const product = matmul(cast(part(flat, 1), "float32"), part(weight, 0));
      return others.reduce((sum, { row }) => add(sum, gather(weight, row)), add(product, looked));
    },
  };
}

/** (x − mean) / (standard deviation + 1e-8), in place. */
function standardize(x: Float32Array): void {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  const mean = sum / x.length;
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i]! - mean) ** 2;
  const scale = 1 / (Math.sqrt(squares / x.length) + 1e-8);
  for (let i = 0; i < x.length; i++) x[i] = (x[i]! - mean) * scale;
}

function prefixed(prefix: string, arrays: Snapshot): Snapshot {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${prefix}.${name}`, array]));
}

function unprefixed(prefix: string, arrays: Snapshot): Snapshot {
  return Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(`${prefix}.`))
      .map(([name, array]) => [name.slice(prefix.length + 1), array]),
  );
}
