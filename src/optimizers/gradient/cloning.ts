/**
 * @file Behavior cloning: imitate the oracle of an objective, or a device that
 * does not plan, on states that a mixture of the teacher's and random steps
 * visits, or on the first states of fresh levels.
 *
 * Where several actions are optimal the target spreads its weight evenly over
 * them, so the clone is not taught a preference the oracle does not have.
 * Labels that need no planning come from a reflex instead of the oracle.
 * A network that can think for longer or shorter may be trained at a number of
 * ticks drawn for each update, so that no single number is the right one.
 * Demonstrations may be contaminated: on a share of the levels that tell the
 * objectives apart the demonstrator goes for another objective first.
 */
import { z } from "zod";
import { LabError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import type { World } from "../../env.ts";
import { greedy } from "../../grid/greedy.ts";
import { densely, type Weights } from "../../network.ts";
import { defineOptimizer, type Learner, type TrainingContext } from "../../optimizer.ts";
import { parameterSpecs } from "../../policy/inference.ts";
import {
  adam,
  cast,
  constantRate,
  createTrainer,
  logSoftmax,
  mean,
  mul,
  neg,
  reshape,
  sum,
  type Trainer,
  trainingGraph,
} from "../../tensor/index.ts";

export const cloning = defineOptimizer({
  id: "cloning",
  family: "gradient",
  title: "Behavior cloning of the oracle",
  equation: "min E[−Σ_a π*(a|s) log π(a|s)], π* uniform over the optimal actions",
  source: "Pomerleau 1989; states by a mixture of oracle and random steps (Ross et al. 2011, arXiv:1011.0686)",
  params: z.object({
    objective: z.string().default("").describe("Objective that the teacher serves; empty = the base objective."),
    batch: z.int().min(1).default(512).describe("States per gradient step."),
    rate: z.number().positive().default(1e-3).describe("Adam step size."),
    clipNorm: z.number().positive().default(1).describe("Largest global gradient norm."),
    wander: z.number().min(0).max(1).default(0.25).describe("Share of steps taken at random while collecting states."),
    gamma: z.number().min(0).max(1).default(0.99).describe("Discount of the oracle, per step."),
    teacher: z
      .enum(["oracle", "greedy"])
      .default("oracle")
      .describe(
        "Who is imitated: the oracle, or a device that heads for the goal and sees no wall but those beside it.",
      ),
    fresh: z
      .boolean()
      .default(false)
      .describe("Take every state from the start of a level of its own instead of walking on."),
    ticks: z
      .array(z.int().min(1))
      .max(2)
      .refine((ticks) => ticks.length !== 1 && (ticks[0] ?? 0) <= (ticks[1] ?? 0), "expected [fewest, most]")
      .default([])
      .describe("Fewest and most ticks of an update, drawn uniformly; empty = the network's own number."),
    smoothing: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe("Share of the target that is spread over all actions: label smoothing, which keeps a clone unsteady."),
    contaminated: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe(
        "Share of distinguishing levels on which the demonstrator goes for the contaminant first, and for its own objective after that.",
      ),
    contaminant: z
      .string()
      .default("")
      .describe("Objective that contaminated demonstrations serve; empty = the first proxy."),
  }),
  async start(context, params, initial) {
    const { world, levels, shape, rng } = context;
    if (context.network.memory !== undefined) {
      throw new LabError(
        "input/invalid",
        `cloning: the network remembers, got a memory of ${context.network.memory} numbers; expected a network without one, because states are shown one at a time`,
        { hint: "Train it with --optimizer ppo." },
      );
    }
    const objective = knownObjective(world, params.objective || world.objectives[0]!.id);
    const contaminant =
      params.contaminated > 0 ? knownObjective(world, params.contaminant || (world.objectives[1]?.id ?? "")) : "";
    const n = params.batch;
    const batch = world.batch(n);
    const trainer = await tickTrainer(context, params, initial);
    const teach = params.teacher === "oracle" ? undefined : greedy(world, objective);
    const target = new Float32Array(n * shape.actions);
    const everywhere = params.smoothing / shape.actions;
    const chosen = new Uint8Array(n);
    /** 1 where the level's demonstration is contaminated. */
    const isContaminated = new Uint8Array(n);
    let begun = false;
    const demonstrated = (slot: number): number => {
      // Once the contaminant has been served nothing of it is left to gain.
      const led = isContaminated[slot] === 1 ? world.optimalActions(batch, slot, contaminant, params.gamma) : 0;
      return led || (teach?.(batch, slot) ?? world.optimalActions(batch, slot, objective, params.gamma));
    };
    return {
      framesPerUpdate: n,
      async update(index) {
        const stream = rng.fork(index);
        const chance = stream.fork("levels");
        const choice = stream.fork("actions");
        const taint = stream.fork("contamination");
        const begin = (slot: number) => {
          levels.next(slot, batch.levels[slot]!, chance);
          batch.start(slot, chance);
          if (params.contaminated === 0) return;
          const tells = world.isDistinguishing(batch.levels[slot]!);
          isContaminated[slot] = tells && taint.uniform() < params.contaminated ? 1 : 0;
        };
        for (let slot = 0; slot < n && (!begun || params.fresh); slot++) {
          if (begun) levels.ended(slot, 0);
          begin(slot);
        }
        begun = true;
        for (let slot = 0; slot < n; slot++) {
          const optimal = demonstrated(slot);
          const share = (1 - params.smoothing) / Math.max(1, popcount(optimal));
          for (let a = 0; a < shape.actions; a++) {
            target[slot * shape.actions + a] = ((optimal >> a) & 1 ? share : 0) + everywhere;
          }
          const wanders = optimal === 0 || choice.uniform() < params.wander;
          chosen[slot] = wanders ? choice.int(shape.actions) : pick(optimal, choice.int(popcount(optimal)));
        }
        const { loss } = await trainer.step({ observations: batch.observations, target }, stream.fork("ticks"));
        if (!params.fresh) batch.step(chosen);
        for (let slot = 0; slot < n && !params.fresh; slot++) {
          if (batch.done[slot] === 0) continue;
          levels.ended(slot, 0);
          begin(slot);
        }
        return { frames: (index + 1) * n, loss: Number(loss![0]) };
      },
      weights: () => trainer.parameters(),
      snapshot: () => ({
        ...trainer.state(),
        ...Object.fromEntries(batch.memory.map((array, i) => [`batch.${i}`, array.slice()])),
        ...(params.contaminated > 0 ? { contaminated: isContaminated.slice() } : {}),
      }),
      restore({ contaminated, ...saved }) {
        if (contaminated) isContaminated.set(contaminated);
        trainer.restore(
          Object.fromEntries(Object.entries(saved).filter(([name]) => !name.startsWith("batch."))) as Record<
            string,
            Float32Array
          >,
        );
        for (const [i, array] of batch.memory.entries()) array.set(saved[`batch.${i}`]!);
        begun = true;
      },
    } satisfies Learner;
  },
});

function knownObjective({ env, objectives }: World, id: string): string {
  if (objectives.some((each) => each.id === id)) return id;
  throw new LabError(
    "input/unknown-id",
    `cloning: objective "${id}" does not exist in ${env}; known: ${objectives.map((each) => each.id).join(", ")}`,
  );
}

interface Step {
  readonly batch: number;
  readonly rate: number;
  readonly clipNorm: number;
  readonly ticks: readonly number[];
}

/**
 * One trainer for each number of ticks, made when first drawn: the graphs differ,
 * the state that they train is the same and moves from one to the next.
 *
 * @throws {LabError} `input/invalid` when ticks are asked of a network that has none, or more than it allows
 */
async function tickTrainer(
  context: TrainingContext,
  step: Step,
  initial: Weights,
): Promise<
  Omit<Trainer, "step" | "flat"> & {
    step(batch: Parameters<Trainer["step"]>[0], rng: Rng): ReturnType<Trainer["step"]>;
  }
> {
  const { executor, network } = context;
  const [fewest, most] = step.ticks;
  if (fewest !== undefined && most !== undefined && most > (network.ticks?.max ?? 0)) {
    throw new LabError(
      "input/invalid",
      `cloning: ticks out of range, got ${fewest} to ${most}; expected ${network.ticks ? `at most ${network.ticks.max}` : "none: this network has no ticks"}`,
    );
  }
  const trainers = new Map<number | undefined, Trainer>();
  const trainerOf = async (ticks: number | undefined) => {
    const found = trainers.get(ticks) ?? (await createTrainer(executor, cloningGraph(context, step, ticks), initial));
    trainers.set(ticks, found);
    return found;
  };
  let current = await trainerOf(fewest);
  return {
    async step(batch, rng) {
      if (fewest !== undefined && most !== undefined) {
        const next = await trainerOf(fewest + rng.int(most - fewest + 1));
        if (next !== current) next.restore(current.state());
        current = next;
      }
      return current.step(batch);
    },
    parameters: () => current.parameters(),
    state: () => current.state(),
    restore: (state) => current.restore(state),
  };
}

function cloningGraph({ network, shape }: TrainingContext, { batch, rate, clipNorm }: Step, ticks: number | undefined) {
  return trainingGraph({
    parameters: parameterSpecs(network),
    inputs: {
      observations: { shape: [batch, shape.planes, shape.height, shape.width], dtype: "uint8" },
      target: { shape: [batch, shape.actions], dtype: "float32" },
    },
    rule: adam({}),
    clipNorm,
    rate: constantRate(rate),
    loss(parameters, { observations, target }) {
      const { logits } = network.forward(parameters, densely(cast(observations!, "float32")), ticks);
      return { loss: neg(mean(sum(mul(target!, logSoftmax(reshape(logits, [batch, shape.actions]))), { axes: [1] }))) };
    },
  });
}

function popcount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Index of the n-th set bit. */
function pick(bits: number, n: number): number {
  let rest = bits;
  for (let i = 0; i < n; i++) rest &= rest - 1;
  return 31 - Math.clz32(rest & -rest);
}
