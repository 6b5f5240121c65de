/**
 * @file Learners that are grown for a reference value, in memory. A run that stalls in the saddle of one coordinate is
 * averaged with nothing: the first seed from 0 whose run emerges is taken.
 */
import { rng } from "../../core/rng.ts";
import { drawContexts } from "../../in-context/contexts.ts";
import { growLearner, inContextSpec } from "../../in-context/grow.ts";
import { openLearner } from "../../in-context/learner.ts";
import { lawOf, learnerParams } from "../../in-context/recipe.ts";
import type { Answers, Contexts, InContextLearner, TaskLaw } from "../../in-context.ts";
import { openExecutor } from "../../tensor/index.ts";

/** A learner with contexts that it has never seen, and what it answers. */
export interface GrownLearner {
  readonly learner: InContextLearner;
  /** New tasks of its own law. */
  readonly law: TaskLaw;
  readonly contexts: Contexts;
  readonly answers: Answers;
}

/** Contexts that learners are judged on, as many as in the source. */
const JUDGED = 10_000;
/** Seeds that are tried. */
const MOST_SEEDS = 6;

/**
 * Grow a recipe.
 *
 * @throws when no seed emerges
 */
export async function growForReference(recipe: string): Promise<GrownLearner> {
  const { executor } = await openExecutor();
  for (let seed = 0; seed < MOST_SEEDS; seed++) {
    const files: Uint8Array[] = [];
    const record = await growLearner(inContextSpec(recipe, { seed, executor: "native" }), {
      executor,
      put: async (bytes) => `${files.push(bytes)}`,
      clock: () => 0,
      code: "reference",
    });
    if (record.status === "stalled") continue;
    const learner = openLearner(files[0]!, executor);
    const law = { ...lawOf(learnerParams.parse(record.spec.recipe.params)), tasks: 0 };
    const contexts = drawContexts(law, { count: JUDGED, rng: rng(seed).fork("reference") });
    return { learner, law, contexts, answers: await learner.respond(contexts) };
  }
  throw new Error(`${recipe}: none of ${MOST_SEEDS} seeds emerged`);
}
