/** @file The preconditioner of one layer, trained here on eight tasks: the optimum of its own set in closed form. */
import { rng } from "../core/rng.ts";
import { drawContexts, lossesOf, taskSet } from "../in-context/contexts.ts";
import { defineReference, once, printed, type Quantity } from "../reference.ts";
import { taskExcess, taskPreconditioner } from "../theory/in-context/in-context-preconditioner.ts";
import { scaledIdentity } from "../theory/numerics/dense.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";
import { growForReference } from "./grown/learner.ts";

const D = 8;
const TASKS = 8;
const noisy = { dimensions: D, examples: 16, noise: 0.25 };

/** Excess per dimension of the trained layer on its tasks and on new ones, and in closed form for its set of tasks. */
const found = once(async () => {
  const { learner, law } = await growForReference("in-context-finite-tasks");
  // The tasks that seed 0 trained on.
  const tasks = taskSet({ ...law, tasks: TASKS }, rng(0).fork("training").fork("tasks"));
  const moment = new Float64Array(D * D);
  for (let t = 0; t < TASKS; t++) {
    for (let i = 0; i < D * D; i++) moment[i]! += (tasks[t * D + Math.floor(i / D)]! * tasks[t * D + (i % D)]!) / TASKS;
  }
  const gamma = taskPreconditioner(moment, noisy);
  const measured = async (name: string, given: { readonly tasks?: Float32Array }) => {
    const contexts = drawContexts(law, { count: 40_000, rng: rng(2).fork(name), ...given });
    const { predictions } = await learner.respond(contexts);
    // Losses are ½ of squared errors.
    return sampledMean(lossesOf(predictions, contexts).map((each) => (2 * each) / D));
  };
  return {
    own: await measured("own", { tasks }),
    other: await measured("other", {}),
    closedOwn: taskExcess(gamma, moment, noisy) / D,
    closedOther: taskExcess(gamma, scaledIdentity(D), noisy) / D,
  };
});

const ratio = (name: string, compute: Quantity["compute"], mistake: Quantity["compute"], wrong: string): Quantity => ({
  name,
  published: printed("1.00", 0.05),
  compute,
  mistakes: [{ name: wrong, compute: mistake }],
  isSlow: true,
});

export const trainedPreconditioner = defineReference({
  id: "trained-preconditioner",
  line: "E4",
  title: "The preconditioner of one layer, trained on eight tasks",
  source: "Closed form for the second moment of its own tasks; setting of Raventós et al. 2023, arXiv:2306.15063",
  quantities: [
    ratio(
      "excess on its tasks over the closed form",
      async () => (await found()).own.mean / (await found()).closedOwn,
      async () => (await found()).other.mean / (await found()).closedOwn,
      "judged on new tasks",
    ),
    ratio(
      "excess on new tasks over the closed form",
      async () => (await found()).other.mean / (await found()).closedOther,
      async () => (await found()).own.mean / (await found()).closedOther,
      "judged on its own tasks",
    ),
  ],
});
