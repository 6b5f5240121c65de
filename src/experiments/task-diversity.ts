/**
 * @file From memorizing to an algorithm: the preconditioner of one attention layer, trained on a set of M noisy tasks,
 * against its closed form. What is learned is read from the weights, and its excess error is exact: nothing is sampled
 * but tasks and training.
 *
 * Excess **MSE without the half**, per dimension, as in the source.
 */
import { z } from "zod";
import { overSeeds } from "../core/intervals.ts";
import { defineExperiment, type Row } from "../experiment.ts";
import { tasksOf } from "../in-context/grow.ts";
import { productsOf } from "../in-context/products.ts";
import { lawOf } from "../in-context/recipe.ts";
import { findInContextRecipe } from "../in-context/recipes.ts";
import { parseParams } from "../plugin.ts";
import { taskExcess, taskPreconditioner } from "../theory/in-context/in-context-preconditioner.ts";
import { scaledIdentity } from "../theory/numerics/dense.ts";

const RECIPE = "in-context-finite-tasks";

export const taskDiversity = defineExperiment({
  id: "task-diversity",
  title: "From memorizing tasks to an algorithm",
  source: "Raventós et al. 2023, arXiv:2306.15063; Lu et al. 2025 for linear attention",
  question: "How many tasks must a layer be trained on before it learns an algorithm instead of the tasks?",
  hypothesis:
    "The error on trained tasks rises and that on new tasks falls with M, both meeting at .3663; the transition sits where M passes d = 8 (.290 trained, .534 new at M = 8), and training lands on the closed form of its own set of tasks within .01.",
  params: z.object({
    tasks: z.array(z.int().min(1)).default([1, 2, 4, 8, 16, 32, 128, 1024]).describe("M, sizes of the set of tasks."),
    seeds: z.int().min(2).default(5).describe("Training seeds a size, each with a set of its own."),
    steps: z.int().min(0).default(0).describe("Updates of every training; 0 = those of the recipe."),
  }),
  budgets: { smoke: { tasks: [1, 8, 128], seeds: 2, steps: 600 }, full: {} },
  async *run(lab, { tasks, seeds, steps }, seed) {
    for (const count of tasks) {
      const records = await lab.growLearners(
        Array.from({ length: seeds }, (_, i) =>
          lab.learnerRecipe(RECIPE, { seed: seed + i, params: { tasks: count, ...(steps > 0 ? { steps } : {}) } }),
        ),
      );
      const perSeed: Record<"trained" | "new" | "exactTrained" | "exactNew", number[]> = {
        trained: [],
        new: [],
        exactTrained: [],
        exactNew: [],
      };
      for (const record of records) {
        const law = lawOf(parseParams(findInContextRecipe(RECIPE), record.spec.recipe.params));
        const d = law.dimensions;
        const set = tasksOf(record.spec);
        const moment = new Float64Array(d * d);
        for (let t = 0; t < set.length; t += d) {
          for (let i = 0; i < d; i++)
            for (let j = 0; j < d; j++) moment[i * d + j]! += (set[t + i]! * set[t + j]! * d) / set.length;
        }
        const { inside } = await lab.learner(record);
        const learned = preconditionerOf(inside!.weights, d, law.examples);
        const best = taskPreconditioner(moment, law);
        const every = scaledIdentity(d);
        perSeed.trained.push(taskExcess(learned, moment, law) / d);
        perSeed.new.push(taskExcess(learned, every, law) / d);
        perSeed.exactTrained.push(taskExcess(best, moment, law) / d);
        perSeed.exactNew.push(taskExcess(best, every, law) / d);
      }
      const off = perSeed.trained.map((each, i) =>
        Math.max(Math.abs(each - perSeed.exactTrained[i]!), Math.abs(perSeed.new[i]! - perSeed.exactNew[i]!)),
      );
      const all: Record<string, readonly number[]> = { ...perSeed, off };
      const row: Row = {
        condition: `${count} ${count === 1 ? "task" : "tasks"}`,
        x: count,
        perSeed: all,
        quantities: Object.fromEntries(Object.entries(all).map(([name, values]) => [name, overSeeds(values)])),
      };
      yield row;
    }
  },
  figures: (rows) => [
    {
      kind: "curve",
      title: "Excess error of a layer trained on M tasks",
      x: { title: "tasks in training", scale: "log" },
      y: { title: "excess MSE per dimension", range: [0, 1] },
      lines: [
        ["on its own tasks", "trained"],
        ["on its own tasks, closed form", "exactTrained"],
        ["on new tasks", "new"],
        ["on new tasks, closed form", "exactNew"],
      ].map(([label, name]) => ({
        label: label!,
        points: rows.flatMap(({ x, quantities }) => {
          const y = quantities[name!];
          return x !== undefined && y ? [{ x, y }] : [];
        }),
      })),
    },
  ],
});

/** Γ of ŷ = hᵀΓx_q with h = (1/N) Σ yᵢxᵢ, from the products of a layer whose other entries are 0, `[d, d]`. */
function preconditionerOf(weights: Readonly<Record<string, Float32Array>>, d: number, examples: number): Float64Array {
  const { qk, vp } = productsOf(weights, d);
  const width = d + 1;
  const step = -examples * vp[width * width - 1]!;
  // ŷ = −x_qᵀ QK Σ xᵢyᵢ · VP_yy, so that Γ is the transpose of the inputs' block.
  return Float64Array.from({ length: d * d }, (_, at) => step * qk[(at % d) * width + Math.floor(at / d)]!);
}
