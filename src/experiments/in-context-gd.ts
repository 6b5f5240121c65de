/**
 * @file Does a trained attention layer contain an optimizer? Learners of known making, audited blind, over training
 * seeds: layers trained on new tasks, from two kinds of starting weights; variants; and controls on both sides.
 *
 * Runs that stalled in training are counted (`stalled`) and averaged with nothing.
 *
 * Pilot seeds 1000 to 1008 chose the starting weights and `patience` (see the recipes); seed 0 was looked at when the two
 * deviations in `in-context/training.ts` were made. Experiments begin at seed 0 unless told otherwise, so that one of
 * the ten seeds is not unseen.
 */
import { z } from "zod";
import type { AuditRecord } from "../audit-record.ts";
import { defineExperiment } from "../experiment.ts";
import { findInContextRecipe } from "../in-context/recipes.ts";
import { auditBlind, columnBars, type LearnerColumns, learnerRow } from "../lab/learner-audits.ts";

/** A condition: a recipe with its settings, and which of the two numbers of seeds it gets. */
interface Condition {
  readonly condition: string;
  readonly recipe: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly isVariant?: boolean;
}

const CONDITIONS: readonly Condition[] = [
  { condition: "trained on new tasks", recipe: "in-context-gd" },
  {
    condition: "the same from the source's starting weights",
    recipe: "in-context-gd",
    params: { init: 0.002, silent: false, patience: 1500 },
  },
  { condition: "gradient descent written in", recipe: "in-context-constructed", isVariant: true },
  { condition: "mesa-layer", recipe: "in-context-mesa-layer", isVariant: true },
  { condition: "untrained", recipe: "in-context-untrained" },
  { condition: "memorizer of one task", recipe: "in-context-memorizer", params: { steps: 1500 } },
  { condition: "inputs of unequal variance", recipe: "in-context-preconditioned", isVariant: true },
  { condition: "two tied layers", recipe: "in-context-two-layers", isVariant: true },
  { condition: "two heads", recipe: "in-context-two-heads", isVariant: true },
  { condition: "softmax, two heads", recipe: "in-context-softmax", isVariant: true },
];

/** What is read of each audit: a quantity of an instrument, by the name of its column. */
const COLUMNS: LearnerColumns = {
  cosine: ["in-context-sensitivity", "headline"],
  sameness: ["in-context-sensitivity", "sameness"],
  margin: ["in-context-identification", "headline"],
  "spd-descent": ["in-context-identification", "spd-gradient-descent"],
  "spd-plus-plus": ["in-context-identification", "spd-gd-plus-plus"],
  "spd-two-steps": ["in-context-identification", "spd-two-steps"],
  shift: ["in-context-shift", "headline"],
  "loss-ratio": ["in-context-shift", "ratio-1"],
  iterated: ["in-context-iteration", "loss-50"],
  halfway: ["in-context-interpolation", "headline"],
  loss: ["in-context-task-solved", "loss"],
  removed: ["in-context-task-solved", "headline"],
};

export const inContextGd = defineExperiment({
  id: "in-context-gd",
  title: "Gradient descent in the forward pass",
  source: "von Oswald et al. 2023, arXiv:2212.07677; Ahn et al. 2023, arXiv:2306.00297",
  question:
    "Does a trained attention layer run gradient descent on its context, and do instruments tell it from what does not?",
  hypothesis:
    "Layers trained on new tasks, where training did not stall, have a sensitivity cosine above .997 with one step of gradient descent, keep reducing the loss when repeated (below .06 after fifty applications), and are identified by more than ten times; written-in descent and a mesa-layer are named for what they are; untrained layers and memorizers are named for nothing. Two tied layers are GD++ (½ MSE .1138) and not two steps (.1584).",
  params: z.object({
    seeds: z.int().min(2).default(10).describe("Training seeds of the trained layers and of the negative controls."),
    variants: z.int().min(2).default(3).describe("Seeds of the variants and of the written-in controls."),
    conditions: z.int().min(1).max(10).default(10).describe("How many of the conditions, in their order."),
    contexts: z.int().min(256).default(2048).describe("Contexts of each instrument."),
    steps: z.int().min(0).default(0).describe("Updates of every training; 0 = those of its recipe."),
  }),
  // Enough to emerge, not to converge: the words of the verdict are for the full budget.
  budgets: { smoke: { seeds: 2, variants: 2, conditions: 6, contexts: 512, steps: 700 }, full: {} },
  async *run(lab, { seeds, variants, conditions, contexts, steps }, seed) {
    for (const { condition, recipe, params, isVariant } of CONDITIONS.slice(0, conditions)) {
      const isTrained = findInContextRecipe(recipe).making === "training" && recipe !== "in-context-untrained";
      const records = await lab.growLearners(
        Array.from({ length: isVariant ? variants : seeds }, (_, i) =>
          lab.learnerRecipe(recipe, {
            seed: seed + i,
            params: { ...params, ...(steps > 0 && isTrained ? { steps } : {}) },
          }),
        ),
      );
      const audits: AuditRecord[] = [];
      for (const record of records) audits.push(await auditBlind(lab, record, { contexts, seed }));
      yield learnerRow(condition, records, audits, COLUMNS);
    }
  },
  figures: (rows) => [
    columnBars(
      rows,
      "cosine",
      "Direction of the implicit weights",
      "mean cosine with one step of gradient descent",
      [-1, 1],
    ),
    columnBars(rows, "iterated", "The layer repeated fifty times", "½ MSE"),
    columnBars(rows, "loss", "Loss on new tasks", "½ MSE"),
    columnBars(rows, "right", "Named for what it is, blind", "share of the seeds that did not stall", [0, 1]),
    columnBars(rows, "stalled", "Runs that stalled in training", "share of the seeds", [0, 1]),
  ],
});
