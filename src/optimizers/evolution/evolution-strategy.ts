/**
 * @file Evolution of a network's weights: candidates around a parent play the same levels with the same luck, and the next
 * parent is drawn towards those that earned more. Nothing is differentiated, and nobody is told which action was good: all
 * that selection sees of a life is what it came to.
 *
 * Candidates come in mirrored pairs θ ± σε. Only the order of their returns counts, so that no scale of reward matters.
 * The value head is inherited and drifts: nothing selects for it.
 */
import { z } from "zod";
import type { Level } from "../../env.ts";
import { defineOptimizer, type Learner } from "../../optimizer.ts";
import { parameterSpecs } from "../../policy/inference.ts";
import { copyLevel } from "../../rollout.ts";
import { sampleActions } from "../../subject.ts";
import { layoutOf, type TensorData } from "../../tensor/index.ts";
import { actingGraph } from "../gradient/ppo/passes.ts";

/** Share of the candidates that leave offspring under truncation. */
const SURVIVORS = 0.25;
/** Adam's decay rates and the constant below its root. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8] as const;

export const evolutionStrategy = defineOptimizer({
  id: "evolution-strategy",
  family: "evolution",
  title: "Evolution strategy",
  equation: "θ ← θ + Adam(1/σ Σ u(rank of F(θ + σεᵢ)) εᵢ), ε in mirrored pairs, Σ u = 0, F the discounted return",
  source: "Salimans et al. 2017, arXiv:1703.03864; truncation: Rechenberg 1973, the (μ/μ, λ) strategy",
  params: z.object({
    population: z.int().min(4).multipleOf(2).default(64).describe("Candidates a generation, in mirrored pairs."),
    environments: z.int().min(1).default(32).describe("Episodes that each candidate plays, the same for all."),
    deviation: z
      .number()
      .positive()
      .default(0.05)
      .describe("σ, standard deviation of a candidate's weights from the parent's."),
    rate: z.number().positive().default(0.02).describe("Adam step size."),
    gamma: z.number().min(0).max(1).default(0.99).describe("Discount per step of the return that is selected for."),
    selection: z
      .enum(["ranks", "truncation"])
      .default("ranks")
      .describe("Who leaves offspring: all in proportion to their rank, or the best quarter alike."),
  }),
  async start(context, params, initial) {
    const { world, shape, levels, executor, network, reward, rng } = context;
    const { population, environments, deviation, gamma } = params;
    const { marks = [], horizon } = world;
    const { layout, length } = layoutOf(parameterSpecs(network));
    const planeCells = shape.height * shape.width;
    const policy = await executor.load(actingGraph(context, environments));
    const batch = world.batch(environments);
    const drawn: readonly Level[] = Array.from({ length: environments }, () => world.blank());
    const utility = utilities(population, params.selection);

    const parent = new Float64Array(length);
    for (const { name, start } of layout) parent.set(initial[name]!, start);
    const [first, second] = [new Float64Array(length), new Float64Array(length)];
    let generation = 0;

    const noise = new Float32Array((population / 2) * length);
    const candidate = new Float32Array(length);
    const gradient = new Float64Array(length);
    const chosen = new Uint8Array(environments);
    const isOver = new Uint8Array(environments);
    /** Discounted base return by episode, summed over candidates: what replay of levels compares with the oracle. */
    const earned = new Float64Array(environments);
    const sight: Record<string, TensorData> = {
      observations: batch.observations,
      parameters: candidate,
      ...Object.fromEntries(marks.map((_, k) => [`mark${k}`, new Int32Array(environments)])),
      ...(network.memory === undefined ? {} : { before: new Float32Array(environments * network.memory) }),
    };

    /** Mean discounted and undiscounted reward of the candidate over the drawn levels. */
    async function live(index: number): Promise<{ readonly discounted: number; readonly total: number }> {
      // The same luck for all: forks depend on the generation and the slot alone.
      const stream = rng.fork(index);
      const choice = stream.fork("actions");
      const begin = (slot: number) => {
        copyLevel(drawn[slot]!, batch.levels[slot]!);
        batch.start(slot, stream.fork("world").fork(slot));
      };
      for (let slot = 0; slot < environments; slot++) begin(slot);
      isOver.fill(0);
      (sight.before as Float32Array | undefined)?.fill(0);
      let [discounted, total, running, weight] = [0, 0, environments, 1];
      for (let t = 0; t < horizon && running > 0; t++) {
        for (const [k, { plane, cell }] of marks.entries()) {
          const rows = sight[`mark${k}`] as Int32Array;
          for (let slot = 0; slot < environments; slot++) rows[slot] = plane * planeCells + cell(batch, slot);
        }
        const { logits, memory } = await policy.run(sight);
        if (memory) (sight.before as Float32Array).set(memory as Float32Array);
        sampleActions(logits as Float32Array, environments, shape.actions, choice, chosen);
        batch.step(chosen);
        for (let slot = 0; slot < environments; slot++) {
          if (isOver[slot] === 0) {
            let paid = 0;
            for (let o = 0; o < reward.length; o++) paid += reward[o]! * batch.rewards[o]![slot]!;
            total += paid;
            discounted += weight * paid;
            earned[slot]! += weight * batch.rewards[0]![slot]!;
          }
          if (batch.done[slot] === 0) continue;
          if (isOver[slot] === 0) running--;
          isOver[slot] = 1;
          // An ended slot must be begun again; what it does is not counted.
          begin(slot);
        }
        weight *= gamma;
      }
      return { discounted: discounted / environments, total: total / environments };
    }

    return {
      // Episodes that end early leave their steps unused: this is the most that an update takes.
      framesPerUpdate: population * environments * horizon,
      async update(index) {
        const stream = rng.fork(index);
        const chance = stream.fork("levels");
        for (let slot = 0; slot < environments; slot++) levels.next(slot, drawn[slot]!, chance);
        const deviate = stream.fork("candidates");
        for (let i = 0; i < noise.length; i++) noise[i] = deviate.normal();
        earned.fill(0);
        const fitness = new Float64Array(population);
        let [total, mean] = [0, 0];
        for (let i = 0; i < population; i++) {
          const [from, sign] = [(i >> 1) * length, i % 2 === 0 ? deviation : -deviation];
          for (let j = 0; j < length; j++) candidate[j] = parent[j]! + sign * noise[from + j]!;
          const life = await live(index);
          fitness[i] = life.discounted;
          mean += life.discounted / population;
          total += life.total / population;
        }
        for (let slot = 0; slot < environments; slot++) levels.ended(slot, earned[slot]! / population);
        gradient.fill(0);
        const worth = valued(fitness, utility);
        for (let i = 0; i < population; i++) {
          const [from, weight] = [(i >> 1) * length, (i % 2 === 0 ? 1 : -1) * (worth[i]! / deviation)];
          if (weight !== 0) for (let j = 0; j < length; j++) gradient[j]! += weight * noise[from + j]!;
        }
        generation++;
        const scale = params.rate * (Math.sqrt(1 - BETA2 ** generation) / (1 - BETA1 ** generation));
        for (let j = 0; j < length; j++) {
          first[j] = BETA1 * first[j]! + (1 - BETA1) * gradient[j]!;
          second[j] = BETA2 * second[j]! + (1 - BETA2) * gradient[j]! ** 2;
          parent[j]! += (scale * first[j]!) / (Math.sqrt(second[j]!) + EPSILON);
        }
        return {
          frames: (index + 1) * population * environments * horizon,
          episodeReturn: total,
          loss: -mean,
        };
      },
      weights: () =>
        Object.fromEntries(
          layout.map(({ name, start }) => [
            name,
            Float32Array.from(parent.subarray(start, start + initial[name]!.length)),
          ]),
        ),
      snapshot: () => ({
        parent: parent.slice(),
        first: first.slice(),
        second: second.slice(),
        generation: Int32Array.of(generation),
        ...Object.fromEntries(Object.entries(levels.snapshot()).map(([name, array]) => [`levels.${name}`, array])),
      }),
      restore(saved) {
        parent.set(saved.parent!);
        first.set(saved.first!);
        second.set(saved.second!);
        generation = saved.generation![0]!;
        levels.restore(
          Object.fromEntries(
            Object.entries(saved)
              .filter(([name]) => name.startsWith("levels."))
              .map(([name, array]) => [name.slice("levels.".length), array]),
          ),
        );
      },
    } satisfies Learner;
  },
});

/** What each candidate counts by its rank; those that tie share alike, so that a generation without differences moves nothing. */
function valued(fitness: Float64Array, utility: Float64Array): Float64Array {
  const order = Array.from(fitness, (_, i) => i).sort((a, b) => fitness[a]! - fitness[b]!);
  const out = new Float64Array(fitness.length);
  for (let at = 0; at < order.length; ) {
    let [end, sum] = [at, 0];
    while (end < order.length && fitness[order[end]!] === fitness[order[at]!]) sum += utility[end++]!;
    for (let k = at; k < end; k++) out[order[k]!] = sum / (end - at);
    at = end;
  }
  return out;
}

/** What each rank counts, the worst first; they sum to 0. */
function utilities(population: number, selection: "ranks" | "truncation"): Float64Array {
  const survivors = Math.max(1, Math.round(SURVIVORS * population));
  return Float64Array.from({ length: population }, (_, rank) =>
    selection === "ranks"
      ? (rank / (population - 1) - 0.5) / population
      : (rank >= population - survivors ? 1 / survivors : 0) - 1 / population,
  );
}
