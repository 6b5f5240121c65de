/**
 * @file Agents of tree mazes by condition: a thinker and its controls, of about
 * equal size, shown as many states as often. Experiments that compare them write
 * the same specs, so that what one has grown another finds in the store.
 */
import type { Lab } from "../experiment.ts";
import type { TrainingSpec } from "../organism.ts";

/** What the agents of all conditions share. */
export interface MazeBudget {
  /** Cells a side. */
  readonly size: number;
  /** Gradient steps, and states of each. */
  readonly updates: number;
  readonly batch: number;
  /** Channels of the weight-tied network. */
  readonly channels: number;
  /** Fewest and most ticks of training. */
  readonly ticks: readonly [number, number];
  /** Levels that the memorizer is shown. */
  readonly known: number;
}

export type MazeCondition = "thinker" | "tied-reflex" | "memorizer" | "glance" | "untrained";

/** Equal in parameters within a tenth: 11,861 for the thinker at 24 channels, 11,093 for nine layers of 12. */
const GLANCE = { depth: 9 };

/**
 * The spec of one agent.
 *
 * @throws {LabError} as recipes do
 */
export function mazeAgent(lab: Lab, condition: MazeCondition, budget: MazeBudget, seed: number): TrainingSpec {
  const { size, updates, batch, channels, known, ticks } = budget;
  const [fewest, most] = ticks;
  const envParams = { size, layout: "tree", blocking: true };
  const steps = { updates, batch, rate: 2e-3 };
  switch (condition) {
    case "glance":
      return lab.recipe("graded", "cheese-corner", {
        seed,
        envParams,
        params: { strength: 1, alpha: 0 },
        frames: updates * batch,
        network: { id: "untied", params: { ...GLANCE, channels: Math.ceil(channels / 2) } },
        optimizer: { id: "cloning", params: { batch, rate: steps.rate, fresh: true } },
      });
    case "memorizer":
      return lab.recipe("memorizer", "cheese-corner", {
        seed,
        envParams,
        params: { ...steps, levels: known, tied: true },
      });
    case "untrained": {
      const { network } = mazeAgent(lab, "thinker", budget, seed);
      return lab.recipe("untrained", "cheese-corner", { seed, envParams, network });
    }
    case "thinker":
    case "tied-reflex":
      return lab.recipe(condition, "cheese-corner", { seed, envParams, params: { ...steps, channels, fewest, most } });
  }
}
