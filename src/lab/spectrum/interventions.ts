/**
 * @file Every intervention at every level: what is grown instead, what that
 * costs, and how much of the process it touches. An intervention that finds
 * nothing to act on at a level leaves the agent as it is, at no cost; that too is
 * a result, by identity and not by measurement.
 */
import type { Lab } from "../../experiment.ts";
import type { TrainingSpec } from "../../organism.ts";
import {
  BENCHMARK_EPISODES,
  levelSpec,
  SPECTRUM_WORLDS,
  type SpectrumAgent,
  type SpectrumBudget,
  type SpectrumLevel,
  type SpectrumWorld,
  zooSpecs,
} from "./agents.ts";
import { actArithmetic, trainingArithmetic } from "./arithmetic.ts";

/** The ten interventions, each applied at every level. */
export const INTERVENTIONS = [
  "drop-data",
  "correct-specification",
  "add-distinguishing",
  "fine-tune",
  "train-longer",
  "other-architecture",
  "edit-activations",
  "reselect",
  "select-by-intent",
  "no-selection",
] as const;
export type Intervention = (typeof INTERVENTIONS)[number];

/** Smaller and larger doses of two of them, which only the smallest sufficient change looks at. */
export const DOSES = {
  /** Share of what is wrong in the specification that is corrected. */
  "correct-specification": [0.5, 0.75],
  /** Length of fine-tuning, in lengths of the training. */
  "fine-tune": [0.03, 0.3],
} as const;
const FINE_TUNE = 0.1;
const FINE_TUNE_ALPHA = 0.5;

/** Shares of the process that are touched, each in [0, 1]. */
export interface Touched {
  /** Training states that are others than before. */
  readonly data: number;
  /** Training states whose label or pay is another. */
  readonly specification: number;
  /** Arithmetic of training that is done again or added, against that of the level; at most 1. */
  readonly compute: number;
  /** Stages of five (data, objective, optimizer, architecture, selection) that are changed or added. */
  readonly pipeline: number;
}

/** One stage of five. */
const STAGE = 0.2;
const NOTHING: Touched = { data: 0, specification: 0, compute: 0, pipeline: 0 };

/** What an intervention asks for. `cost` in operations beyond the level's own. */
export type Plan = { readonly touched: Touched; readonly cost: number } & (
  | { readonly kind: "identity" }
  /** Another run instead of the agent's. */
  | { readonly kind: "regrow"; readonly spec: TrainingSpec }
  /** Another zoo, and the pick from it by the level's own benchmark. */
  | { readonly kind: "zoo"; readonly specs: readonly TrainingSpec[] }
  | { readonly kind: "edit" }
  /** Another pick from the same pool, or a random member of it. */
  | { readonly kind: "pick"; readonly by: "fresh" | "intent" | "chance" }
);

/** Members of the pool from which levels without a zoo are re-selected. */
export const POOL = 4;

export interface PlanOptions {
  readonly intervention: Intervention;
  /** See {@link DOSES}; absent = the usual dose. */
  readonly dose?: number;
  readonly budget: SpectrumBudget;
}

/** What an intervention does to an unwanted agent. */
export function planIntervention(lab: Lab, agent: SpectrumAgent, options: PlanOptions): Plan {
  const { intervention, dose, budget } = options;
  const own: SpectrumWorld = SPECTRUM_WORLDS[agent.world];
  const { level } = agent;
  const { spec } = agent.record;
  const total = levelArithmetic(lab, agent);
  const identity: Plan = { kind: "identity", touched: NOTHING, cost: 0 };
  const regrow = (next: TrainingSpec, touched: Partial<Touched>): Plan => {
    const cost = trainingArithmetic(next);
    return {
      kind: "regrow",
      spec: next,
      cost,
      touched: { ...NOTHING, compute: Math.min(1, cost / total), ...touched },
    };
  };
  const regrowAll = (change: (spec: TrainingSpec) => TrainingSpec, touched: Partial<Touched>): Plan => {
    if (level !== "selection") return regrow(change(spec), touched);
    const specs = zooSpecs(lab, agent.world, agent.seed, budget).map(change);
    const cost = specs.reduce((sum, each) => sum + trainingArithmetic(each), 0) + benchmarkArithmetic(lab, specs);
    return { kind: "zoo", specs, cost, touched: { ...NOTHING, compute: 1, ...touched } };
  };
  const wrong = wrongShare(level, own);

  switch (intervention) {
    case "drop-data": {
      if (wrong === 0) return identity;
      const clean = levelSpec(
        lab,
        agent.world,
        level as "data" | "goal",
        level === "data" ? "clean" : "unwanted",
        agent.seed,
        budget.scale,
      );
      const { keep: _, ...kept } = clean;
      return regrow({ ...kept, ...dosed(clean, own.alpha - wrong) }, { data: wrong, pipeline: STAGE });
    }
    case "correct-specification": {
      if (wrong === 0) return identity;
      return regrow(corrected(lab, agent, dose ?? 1, budget), { specification: wrong * (dose ?? 1), pipeline: STAGE });
    }
    case "add-distinguishing": {
      const before = spec.mixture.alpha;
      // The contaminated demonstrations stay as many as they were: what is added is clean.
      const thinned = (each: TrainingSpec): TrainingSpec =>
        level === "data" ? contaminatedBy(each, (own.contaminated * before) / FINE_TUNE_ALPHA) : each;
      const change = (each: TrainingSpec) => thinned({ ...unkept(each), ...dosed(each, FINE_TUNE_ALPHA) });
      return regrowAll(change, { data: FINE_TUNE_ALPHA - before, pipeline: STAGE });
    }
    case "fine-tune": {
      const share = dose ?? FINE_TUNE;
      const length = Math.max(1, Math.round(spec.frames * share));
      const tuned: TrainingSpec = {
        ...unkept(spec),
        mixture: { ...spec.mixture, alpha: FINE_TUNE_ALPHA },
        reward: {},
        optimizer: spec.optimizer.id === "cloning" ? withParams(spec, { contaminated: 0 }) : spec.optimizer,
        organism: { id: "graded", params: { alpha: FINE_TUNE_ALPHA } },
        frames: length,
        from: agent.record.run,
      };
      const ofLevel = trainingArithmetic(spec) / total;
      return regrow(tuned, {
        data: share * ofLevel,
        specification: wrong > 0 ? share * ofLevel : 0,
        pipeline: STAGE,
      });
    }
    case "train-longer":
      return regrow({ ...unkept(spec), from: agent.record.run }, {});
    case "other-architecture":
      return level === "mesa"
        ? regrow(levelSpec(lab, agent.world, "mesa", "reflex", agent.seed, budget.scale), { pipeline: STAGE })
        : regrowAll((each) => ({ ...unkept(each), network: CONVOLUTIONAL }), { pipeline: STAGE });
    case "edit-activations": {
      const cost = EDIT_DECISIONS(lab, agent) * 3 * actArithmetic(spec);
      return { kind: "edit", cost, touched: { ...NOTHING, compute: Math.min(1, cost / total), pipeline: STAGE } };
    }
    case "reselect":
    case "select-by-intent": {
      const size = level === "selection" ? budget.zoo : POOL;
      const grown = level === "selection" ? 0 : (size - 1) * total;
      const cost =
        grown +
        benchmarkArithmetic(
          lab,
          Array.from({ length: size }, () => spec),
        );
      const by = intervention === "reselect" ? "fresh" : "intent";
      return { kind: "pick", by, cost, touched: { ...NOTHING, compute: Math.min(1, cost / total), pipeline: STAGE } };
    }
    case "no-selection":
      return level === "selection"
        ? { kind: "pick", by: "chance", cost: 0, touched: { ...NOTHING, pipeline: STAGE } }
        : identity;
  }
}

/** The network that a perceptron is exchanged for. */
const CONVOLUTIONAL = { id: "conv", params: { channels: [8], width: 32 } };

/** Share of the training states whose label or pay departs from the intent. */
function wrongShare(level: SpectrumLevel, { alpha, contaminated }: SpectrumWorld): number {
  return level === "data" ? alpha * contaminated : level === "goal" ? alpha : 0;
}

/** The level's agent with a share of what is wrong in its labels or its pay put right; all of it is the clean arm. */
function corrected(lab: Lab, agent: SpectrumAgent, share: number, { scale }: SpectrumBudget): TrainingSpec {
  const level = agent.level as "data" | "goal";
  const own: SpectrumWorld = SPECTRUM_WORLDS[agent.world];
  if (share === 1) return levelSpec(lab, agent.world, level, "clean", agent.seed, scale);
  const spec = unkept(agent.record.spec);
  if (level === "data") return contaminatedBy(spec, own.contaminated * (1 - share));
  const weights = { ...spec.reward, [own.proxy]: own.weight * (1 - share) };
  return { ...spec, reward: weights, organism: { ...spec.organism, params: { ...spec.organism.params, weights } } };
}

/** Another share of distinguishing levels, told by the recipe too. */
function dosed({ mixture, organism }: TrainingSpec, share: number): Pick<TrainingSpec, "mixture" | "organism"> {
  const alpha = Math.max(0, Number(share.toFixed(6)));
  return {
    mixture: { ...mixture, alpha },
    organism:
      organism.id === "misgeneralized"
        ? { id: "graded", params: { alpha } }
        : { ...organism, params: { ...organism.params, alpha } },
  };
}

/** Another share of contaminated demonstrations, told by the recipe too. */
const contaminatedBy = (spec: TrainingSpec, share: number): TrainingSpec => ({
  ...spec,
  optimizer: withParams(spec, { contaminated: share }),
  organism: { ...spec.organism, params: { ...spec.organism.params, share } },
});

const withParams = ({ optimizer }: TrainingSpec, params: Readonly<Record<string, unknown>>) => ({
  ...optimizer,
  params: { ...optimizer.params, ...params },
});

/** Nothing is put away along the training of what is grown after an intervention. */
const unkept = ({ keep: _, ...spec }: TrainingSpec): TrainingSpec => spec;

/** Operations of all training that stands behind an agent: its own, or its zoo's with the benchmark. */
export function levelArithmetic(lab: Lab, { record, zoo }: SpectrumAgent): number {
  if (!zoo) return trainingArithmetic(record.spec);
  const specs = zoo.members.map(({ spec }) => spec);
  return specs.reduce((sum, spec) => sum + trainingArithmetic(spec), 0) + benchmarkArithmetic(lab, specs);
}

/** Operations of asking a benchmark about models, at most: every episode to its time limit. */
export function benchmarkArithmetic(lab: Lab, specs: readonly TrainingSpec[]): number {
  return specs.reduce((sum, spec) => sum + BENCHMARK_EPISODES * lab.world(spec.task).horizon * actArithmetic(spec), 0);
}

/** Levels of each kind on which the strength of an edit is chosen, and the strengths. */
export const EDIT_LEVELS = 128;
export const EDIT_STRENGTHS = [1, 2, 4] as const;

/** Decisions while the strength is chosen, at most. */
const EDIT_DECISIONS = (lab: Lab, { record }: SpectrumAgent): number =>
  2 * EDIT_LEVELS * (EDIT_STRENGTHS.length + 1) * lab.world(record.spec.task).horizon;
