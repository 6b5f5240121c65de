/** @file `mesascope grow` of in-context learners: their recipes, their settings, one learner a seed. */
import { LabError } from "../core/errors.ts";
import { findInContextRecipe, inContextRecipes } from "../in-context/recipes.ts";
import { parseSettings } from "./catalog.ts";
import type { RecipeFlags } from "./commands/grow.ts";
import type { Context } from "./context.ts";
import { openLaboratory } from "./laboratory.ts";
import { learnerTable } from "./learners.ts";

/** Is it the recipe of an in-context learner? */
export const isInContext = (id: string): boolean => inContextRecipes.some((recipe) => recipe.id === id);

/** Flags of `grow` that mean nothing to a learner without a world. */
const OF_AGENTS = ["frames", "envSet", "network", "networkSet", "optimizer", "optimizerSet", "threads"] as const;

/** `mesascope grow in-context-…`. @throws {LabError} `input/invalid` for options of agents */
export async function growLearnersCommand(context: Context, id: string, flags: RecipeFlags): Promise<void> {
  const given = OF_AGENTS.find((name) => flags[name] !== undefined);
  if (given !== undefined) {
    const option = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new LabError("input/invalid", `grow: ${id} answers regressions and has no world; --${option} is for agents`, {
      hint: `Its settings are set with --set key=value; "mesascope show ${id}" lists them.`,
    });
  }
  const params = parseSettings(findInContextRecipe(id), "--set", flags.set);
  const { lab, progress } = await openLaboratory(context, flags);
  const records = await lab.growLearners(
    Array.from({ length: flags.seeds }, (_, i) => lab.learnerRecipe(id, { seed: context.seed + i, params })),
  );
  progress.close();
  context.print(records, () => learnerTable(records, context.out));
}
