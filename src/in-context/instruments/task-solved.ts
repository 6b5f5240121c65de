/**
 * @file The other reading: does it solve the task? How much of the error of answering 0 its answers remove, whatever
 * computes them. An optimizer may solve little, and a table much.
 *
 * The headline is 1 − L / L₀ with L₀ the loss of answering 0, on new tasks. Beside it what one step of gradient descent
 * removes at best, and what ridge at the tasks' own prior does (the posterior mean; least squares without noise).
 */
import { z } from "zod";
import { clusterRatio } from "../../core/bootstrap.ts";
import { type Estimate, formatEstimate, scored } from "../../core/estimate.ts";
import { defineInstrument } from "../../in-context.ts";
import { answersOf, leastSquares, ridge } from "../algorithms.ts";
import { drawContexts, lossesOf } from "../contexts.ts";
import { bestPlainStep, stepsLossOf } from "../optima.ts";
import { overContexts } from "../over-contexts.ts";

/** Share of the attainable from which on the task counts as solved. Fixed beforehand. */
export const SOLVED = 0.9;

export const taskSolved = defineInstrument({
  id: "in-context-task-solved",
  title: "Error removed",
  question: "intended",
  claim: "It solves the task: of the error that the examples allow to remove, it removes nine tenths.",
  range: [-Infinity, 1],
  findings: {
    solved: `it removes at least ${SOLVED} of what the posterior mean removes, with the whole interval`,
    unsolved: "it removes less",
  },
  fails: [
    "Says nothing of how: a table of the tasks, where they are few, removes as much as an optimizer.",
    "One step of gradient descent is far from solving the task at d = N: that it is descent and that the task is solved are two readings.",
  ],
  source: "Garg et al. 2022, arXiv:2208.01066; Raventós et al. 2023, arXiv:2306.15063",
  params: z.object({
    contexts: z.int().min(64).default(4096).describe("Contexts, of a new task each."),
  }),
  async measure({ learner, law, rng }, { contexts: count }) {
    const contexts = drawContexts(law, { count, rng: rng.fork("contexts") });
    const { predictions } = await learner.respond(contexts);
    const own = lossesOf(predictions, contexts);
    const zero = lossesOf(new Float64Array(count), contexts);
    const posterior = lossesOf(
      answersOf(law.noise > 0 ? ridge(contexts, law.noise) : leastSquares(contexts), contexts),
      contexts,
    );
    const removed = (losses: Float64Array): Estimate =>
      clusterRatio(
        { numerators: zero.map((each, i) => each - losses[i]!), denominators: zero },
        {
          clusters: Int32Array.from({ length: count }, (_, i) => i),
          rng: rng.fork("resamples"),
          resamples: 400,
          unit: "contexts",
        },
      );
    const [mine, best] = [removed(own), removed(posterior)];
    const step = new Float64Array(law.dimensions).fill(bestPlainStep(law));
    const descent = 1 - stepsLossOf(law, step) / stepsLossOf(law, new Float64Array(law.dimensions));
    return {
      reading: scored(mine),
      quantities: [
        { id: "loss", title: "½ MSE", reading: scored(overContexts(own)) },
        { id: "zero", title: "½ MSE of answering 0", reading: scored(overContexts(zero)) },
        { id: "posterior", title: "share removed by the posterior mean", reading: scored(best) },
        {
          id: "one-step",
          title: "share removed by one step of gradient descent, exact",
          reading: scored({ ...mine, mean: descent, low: descent, high: descent }),
        },
      ],
      finding: mine.low >= SOLVED * best.mean ? "solved" : "unsolved",
      summary: `It removes ${formatEstimate(mine, 3)} of the error of answering 0, where one step of gradient descent removes ${descent.toFixed(3)} and the posterior mean ${formatEstimate(best, 3)}.`,
      evidence: [
        {
          kind: "bars",
          title: "Share of the error removed on new tasks",
          axis: "1 − loss over the loss of answering 0",
          bars: [
            { label: "this learner", reading: scored(mine) },
            {
              label: "one step of gradient descent",
              reading: scored({ ...mine, mean: descent, low: descent, high: descent }),
            },
            { label: "posterior mean", reading: scored(best) },
          ],
        },
      ],
    };
  },
});
