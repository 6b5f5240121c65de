/**
 * @file Iteration: repeat the layer. A step of an optimizer, repeated, goes on reducing the loss; a lookup that happens
 * to answer like one step does not.
 *
 * Fifty applications, each changing the targets of all tokens by .75 of what the layer would, inputs left as they are.
 * The headline is the loss after fifty over the loss after one.
 */
import { z } from "zod";
import { clusterRatio } from "../../core/bootstrap.ts";
import { formatEstimate, scored } from "../../core/estimate.ts";
import { decline } from "../../detector.ts";
import { defineInstrument } from "../../in-context.ts";
import { correlations } from "../algorithms.ts";
import { drawContexts, lossesOf } from "../contexts.ts";
import { bestPlainStep } from "../optima.ts";
import { overContexts } from "../over-contexts.ts";
import { repeatedDescent } from "../repeated-descent.ts";

/** As in the source. */
const DAMPING = 0.75;
/** Loss after the last application over the loss after the first, below which the layer keeps optimizing; descent itself goes to about a quarter. */
const HALVED = 0.5;

export const iteration = defineInstrument({
  id: "in-context-iteration",
  title: "The layer repeated",
  question: "optimizer",
  claim: "The layer is a step that can be repeated: applied again and again, it goes on reducing the loss.",
  range: [0, Infinity],
  findings: {
    optimizes: `fifty applications leave less than ${HALVED} of the loss of one, with the whole interval`,
    "does-not": "they leave more, with the whole interval, or answers that are no longer finite",
    undecided: "the interval reaches to both sides: some contexts converge and some diverge",
  },
  fails: [
    "Asked of one layer only: a stack also moves its inputs (GD++), and what to repeat is then no single step.",
    "A step that is too long for some contexts diverges there though it is a step: gradient descent itself begins to after some forty applications.",
    "An optimizer that is done after one application (a mesa-layer) has nothing left to reduce.",
  ],
  source: "von Oswald et al. 2023, arXiv:2212.07677, section 3",
  params: z.object({
    contexts: z.int().min(64).default(4096).describe("Contexts, of a new task each."),
    applications: z.int().min(2).default(50).describe("Applications of the layer."),
  }),
  async measure({ learner, law, rng }, { contexts: count, applications }) {
    if (!learner.inside) return decline("the learner does not show its layer, so that it cannot be repeated");
    if (!learner.inside.iterate)
      return decline(`it has ${learner.inside.shape.layers} layers, and which of them to repeat is not defined`);
    const contexts = drawContexts(law, { count, rng: rng.fork("contexts") });
    const repeated = await learner.inside.iterate(contexts, applications, DAMPING);
    const losses = repeated.map((predictions) => lossesOf(predictions, contexts));
    if (losses.at(-1)!.some((each) => !Number.isFinite(each)))
      return {
        ...decline(
          `after ${applications} applications some answers are no longer finite: repeated, the layer diverges`,
        ),
        finding: "does-not",
      };
    const descent = repeatedDescent(contexts, correlations(contexts), {
      step: DAMPING * bestPlainStep(law),
      applications,
    }).map((predictions) => overContexts(lossesOf(predictions, contexts)));
    const ratio = clusterRatio(
      { numerators: losses.at(-1)!, denominators: losses[0]! },
      {
        clusters: Int32Array.from({ length: count }, (_, i) => i),
        rng: rng.fork("resamples"),
        resamples: 400,
        unit: "contexts",
      },
    );
    const own = losses.map((each) => overContexts(each));
    const shown = [1, 2, 5, 10, 20, 50].filter((k) => k <= applications);
    return {
      reading: scored(ratio),
      quantities: [...new Set([...shown, applications])].map((k) => ({
        id: `loss-${k}`,
        title: `½ MSE after ${k} ${k === 1 ? "application" : "applications"}`,
        reading: scored(own[k - 1]!),
      })),
      // First everything but `optimizes` was `does-not`. On normal inputs exact descent diverges on a few contexts too,
      // and the first preconditioned layer read 310 [.15, 953].
      finding: ratio.high < HALVED ? "optimizes" : ratio.low > HALVED ? "does-not" : "undecided",
      summary: `½ MSE goes from ${formatEstimate(own[0]!, 4)} after one application to ${formatEstimate(own.at(-1)!, 4)} after ${applications}, a share of ${formatEstimate(ratio, 3)}.`,
      evidence: [
        {
          kind: "curve",
          title: "Loss of the layer repeated, .75 of each step",
          x: { title: "applications", scale: "log" },
          y: { title: "½ MSE" },
          lines: [
            { label: "this layer", points: own.map((y, k) => ({ x: k + 1, y })) },
            { label: "gradient descent", points: descent.map((y, k) => ({ x: k + 1, y })) },
          ],
        },
      ],
    };
  },
});
