/**
 * @file Proximal policy optimization: collect a rollout with the present policy,
 * estimate advantages, take a few epochs of clipped steps on shuffled
 * minibatches: of steps, or, where the network remembers, of whole environments,
 * unrolled over the rollout.
 *
 * An episode cut off by the time limit counts as ended: the limit is part of
 * the task, and every published number compared with here was made that way.
 */
import { z } from "zod";
import { estimateAdvantages } from "../../advantage.ts";
import { LabError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { defineOptimizer, type Learner, type Snapshot, type TrainingContext } from "../../optimizer.ts";
import { parameterSpecs } from "../../policy/inference.ts";
import { sampleActions } from "../../subject.ts";
import {
  adam,
  add,
  clip,
  constant,
  constantRate,
  createTrainer,
  exp,
  linearRate,
  logSoftmax,
  matmul,
  mean,
  min,
  mul,
  neg,
  reshape,
  square,
  sub,
  sum,
  type TensorData,
  trainingGraph,
} from "../../tensor/index.ts";
import { actingGraph, minibatchPass, minibatchSpecs } from "./ppo/passes.ts";

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
    const memorySize = context.network.memory ?? 0;
    if (memorySize > 0 && minibatch % steps !== 0) {
      throw new LabError(
        "input/invalid",
        `ppo: minibatch cuts an environment in two, got ${minibatch}; expected a multiple of steps = ${steps}, because the network remembers`,
      );
    }
    /** Rows that stay together when a rollout is divided: all of an environment's where the network remembers. */
    const span = memorySize > 0 ? steps : 1;
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
      /** 0 where the row is the first of its episode, else 1; what each environment remembers at the first row. */
      ...(memorySize > 0 ? { goesOn: new Float32Array(frames) } : {}),
      memory: new Float32Array(environments * memorySize),
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
      ...(memorySize > 0
        ? { goesOn: new Float32Array(minibatch), memory: new Float32Array((minibatch / steps) * memorySize) }
        : {}),
    };
    /** What the policy sees of the present step. */
    const sight: Record<string, TensorData> = {
      observations: batch.observations,
      ...Object.fromEntries(marks.map((_, k) => [`mark${k}`, new Int32Array(environments)])),
      ...(memorySize > 0 ? { before: new Float32Array(environments * memorySize) } : {}),
    };
    /** What each environment remembers, zeros on the first step of an episode: what the next step begins with. */
    const remembered = sight.before as Float32Array | undefined;
    const rewards = new Float32Array(frames);
    const values = new Float32Array(frames);
    const ends = new Uint8Array(frames);
    const order = Int32Array.from({ length: frames / span }, (_, i) => i);
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
      remembered?.fill(0, slot * memorySize, (slot + 1) * memorySize);
    };
    const infer = async () => {
      for (const [k, { plane, cell }] of marks.entries()) {
        const rows = sight[`mark${k}`] as Int32Array;
        const first = (plane * cells) / shape.planes;
        for (let slot = 0; slot < environments; slot++) rows[slot] = first + cell(batch, slot);
      }
      sight.parameters = trainer.flat();
      const { logits, value, memory } = await policy.run(sight);
      return {
        logits: logits as Float32Array,
        value: value as Float32Array,
        memory: memory as Float32Array | undefined,
      };
    };

    /** Fill the rollout buffers; returns the mean reward of the episodes that ended. */
    async function collect(choice: Rng, chance: Rng): Promise<number | undefined> {
      let total = 0;
      let episodes = 0;
      if (remembered) rollout.memory.set(remembered);
      for (let t = 0; t < steps; t++) {
        const at = t * environments;
        rollout.observations.set(batch.observations, at * cells);
        for (let slot = 0; rollout.goesOn && slot < environments; slot++) {
          rollout.goesOn[at + slot] = batch.time[slot] === 0 ? 0 : 1;
        }
        const { logits, value, memory } = await infer();
        if (memory) remembered!.set(memory);
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

    /** What a gradient step takes in beside the rows, where the network remembers. */
    function recall(slots: Int32Array): void {
      const { rows } = feeds;
      for (const [i, slot] of slots.entries()) {
        const own = rollout.memory.subarray(slot * memorySize, (slot + 1) * memorySize);
        (feeds.memory as Float32Array).set(own, i * memorySize);
        for (let t = 0; t < steps; t++) rows[t * slots.length + i] = t * environments + slot;
      }
      for (let i = 0; i < minibatch; i++) (feeds.goesOn as Float32Array)[i] = rollout.goesOn![rows[i]!]!;
    }

    /** One minibatch: rows of the rollout, or environments. Observations, the bulk, are gathered inside the graph. */
    function fill(chosen: Int32Array): void {
      const { rows } = feeds;
      if (remembered) recall(chosen);
      else rows.set(chosen);
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
        for (let i = 0; i < order.length; i++) order[i] = i;
        for (let epoch = 0; epoch < epochs; epoch++) {
          shuffling.shuffle(order);
          for (let from = 0; from < order.length; from += minibatch / span) {
            fill(order.subarray(from, from + minibatch / span));
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
        ...(remembered ? { memory: remembered.slice() } : {}),
      }),
      restore(saved) {
        trainer.restore(unprefixed("trainer", saved) as Record<string, Float32Array>);
        levels.restore(unprefixed("levels", saved));
        for (const [i, array] of batch.memory.entries()) array.set(saved[`batch.${i}`]!);
        earned.set(saved.earned!);
        discount.set(saved.discount!);
        remembered?.set(saved.memory!);
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

/** One clipped step on the rows of a rollout. */
function ppoGraph(context: TrainingContext, params: Params) {
  const { network, shape, frames: total } = context;
  const { environments, steps, minibatch, epochs, clip: range, entropy: entropyWeight, valueWeight } = params;
  const frames = environments * steps;
  const gradientSteps = Math.max(1, Math.floor(total / frames)) * epochs * (frames / minibatch);
  return trainingGraph({
    parameters: parameterSpecs(network),
    inputs: {
      ...minibatchSpecs(context, params),
      // 1 at the action taken: a product is cheaper to run, and to differentiate, than a lookup.
      taken: { shape: [minibatch, shape.actions], dtype: "float32" },
      oldLogProb: { shape: [minibatch], dtype: "float32" },
      advantage: { shape: [minibatch], dtype: "float32" },
      target: { shape: [minibatch], dtype: "float32" },
    },
    rule: adam({ epsilon: 1e-5 }),
    clipNorm: params.clipNorm,
    rate: params.anneal ? linearRate({ from: params.rate, to: 0, steps: gradientSteps }) : constantRate(params.rate),
    loss(parameters, { taken, oldLogProb, advantage, target, ...given }) {
      const { logits, value } = minibatchPass(context, params, parameters, given);
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
