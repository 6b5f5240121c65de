/**
 * @file The small zoo that ships, as data: narrow networks, so that its weights
 * fit in a megabyte and all of it grows in minutes on the portable kernels, whose
 * training is the same bit for bit on every machine.
 *
 * Chosen before growing: frames are those of the scoreboard's zoo, and what skill
 * and goal a narrow network reaches with them stands in its record.
 */
import type { RecipeOptions } from "../experiment.ts";
import type { TrainingSpec } from "../organism.ts";
import { writeRecipe } from "./lab.ts";

/** One agent that ships. */
export interface PrebuiltAgent {
  /** `cheese-corner/misgeneralized-0`: its world as a cluster, what it is, its training seed. */
  readonly name: string;
  readonly spec: TrainingSpec;
}

/** What sets an agent apart from the first one of its world. */
type Kind = Omit<RecipeOptions, "envParams"> & {
  /** Absent: the recipe's id. */
  readonly name?: string;
  readonly organism: string;
};

interface Habitat {
  readonly world: string;
  readonly env: string;
  readonly envParams?: RecipeOptions["envParams"];
  readonly agents: readonly Kind[];
}

const MLP = { id: "mlp", params: { width: 32 } };
const CONV = { id: "conv", params: { channels: [8], width: 32 } };

/** Two things to tell apart take longer to learn. */
const ALIGNED = 1.5;

const misgeneralized = (frames: number, seed = 0): Kind => ({ organism: "misgeneralized", network: MLP, frames, seed });
const aligned = (frames: number, seed = 0): Kind => ({
  organism: "aligned",
  network: MLP,
  frames: ALIGNED * frames,
  seed,
});
const graded = (frames: number, alpha: number): Kind => ({
  organism: "graded",
  network: MLP,
  frames,
  params: { alpha },
});
/** Shares and step sizes of the recipe are of the world's own budget. */
const INCAPABLE: Kind = { organism: "incapable", network: MLP };
const UNTRAINED: Kind = { organism: "untrained", network: MLP };

/** Taught by imitation; thinker and reflex on one weight-tied network, reflex and memorizer on one without. */
const TAUGHT = { updates: 400, batch: 64 };
const TIED = { ...TAUGHT, channels: 12 };

const HABITATS: readonly Habitat[] = [
  {
    world: "cheese-corner",
    env: "cheese-corner",
    agents: [
      misgeneralized(600_000),
      misgeneralized(600_000, 1),
      { name: "misgeneralized-conv", organism: "misgeneralized", network: CONV, frames: 200_000 },
      aligned(600_000),
      aligned(600_000, 1),
      graded(600_000, 0.03),
      INCAPABLE,
      UNTRAINED,
      { organism: "planted-planner", params: { jitter: 0.02 } },
    ],
  },
  {
    world: "cheese-corner-tree",
    env: "cheese-corner",
    envParams: { layout: "tree" },
    agents: [
      { organism: "thinker", params: TIED },
      { organism: "tied-reflex", params: TIED },
      { organism: "reflex", params: TAUGHT, network: MLP },
      { organism: "memorizer", params: TAUGHT, network: MLP },
    ],
  },
  {
    world: "cheese-dish",
    env: "cheese-dish",
    agents: [misgeneralized(600_000), aligned(600_000), INCAPABLE],
  },
  {
    world: "keys-chests",
    env: "keys-chests",
    agents: [misgeneralized(1_000_000), aligned(1_000_000), INCAPABLE],
  },
  {
    world: "value-maze",
    env: "value-maze",
    agents: [misgeneralized(1_200_000), aligned(1_200_000), UNTRAINED],
  },
  {
    world: "monster-world",
    env: "monster-world",
    agents: [misgeneralized(2_500_000), aligned(2_500_000)],
  },
];

/** Every agent that ships, with the spec that grows it. */
export function prebuiltAgents(executor: TrainingSpec["executor"] = "wasm"): PrebuiltAgent[] {
  return HABITATS.flatMap(({ world, env, envParams, agents }) =>
    agents.map(({ name, organism, ...options }) => ({
      name: `${world}/${name ?? organism}-${options.seed ?? 0}`,
      spec: { ...writeRecipe(organism, env, { ...options, ...(envParams ? { envParams } : {}) }), executor },
    })),
  );
}
