/**
 * @file Interpolation: are the weights themselves those of gradient descent? Halfway between the learned products
 * W_Q W_Kᵀ, W_V P and those of the construction, gauge fixed on both sides, the loss must not rise.
 *
 * The headline is the loss halfway minus the greater of the two losses at the ends. Beside it the step that the weights
 * take, −(W_V P)_yy after fixing the gauge.
 */
import { z } from "zod";
import { formatEstimate, scored } from "../../core/estimate.ts";
import { decline } from "../../detector.ts";
import { defineInstrument } from "../../in-context.ts";
import { drawContexts, lossesOf } from "../contexts.ts";
import { bestPlainStep } from "../optima.ts";
import { overContexts } from "../over-contexts.ts";
import { answersOfProducts, descentProducts, fixGauge, midway, productsOf } from "../products.ts";

/** Of the source's reproductions: halfway at most so much worse than the worse end. */
const TOLERANCE = 5e-4;
/** Below it the diagonal of W_Q W_Kᵀ does not stand out, and dividing by it means nothing. Chosen beforehand. */
const CLEAR = 0.5;

export const interpolation = defineInstrument({
  id: "in-context-interpolation",
  title: "Halfway to the construction",
  question: "optimizer",
  claim: "Its weights are those of gradient descent: averaged with the construction's they lose nothing.",
  range: [-Infinity, Infinity],
  findings: {
    "gradient-descent": `halfway the loss exceeds that of both ends by at most ${TOLERANCE}`,
    other: "it exceeds it by more",
  },
  fails: [
    "Without fixing the gauge it says nothing: the same function has infinitely many pairs of products.",
    "The loss is convex along many lines: equal ends with a dip between them speak for one basin, not for one algorithm.",
    "Undefined for several heads, whose products can be mixed, for softmax, which has no products, and for several layers.",
  ],
  source: "von Oswald et al. 2023, arXiv:2212.07677, section 3",
  params: z.object({
    contexts: z.int().min(64).default(8192).describe("Contexts, of a new task each; the same at all three points."),
  }),
  async measure({ learner, law, rng }, { contexts: count }) {
    if (!learner.inside) return decline("the learner does not show its weights");
    const { shape, weights } = learner.inside;
    if (shape.attention === "softmax")
      return decline("softmax is no product of weights, so that there is nothing to average");
    if (shape.heads > 1)
      return decline(`its ${shape.heads} heads have no common gauge: the same function has many products`);
    if (shape.layers > 1)
      return decline(`it has ${shape.layers} layers, and the construction to average with is of one`);
    const d = law.dimensions;
    const own = fixGauge(productsOf(weights, d), d);
    if (own.clarity < CLEAR)
      return decline(
        `the gauge cannot be fixed: the mean diagonal of W_Q W_Kᵀ is ${own.clarity.toFixed(2)} of what it would be for a multiple of the unit matrix, and ${CLEAR} was asked for`,
      );
    const contexts = drawContexts(law, { count, rng: rng.fork("contexts") });
    const descent = descentProducts(d, bestPlainStep(law));
    const [ownLosses, descentLosses, middle] = [own, descent, midway(own, descent)].map((products) =>
      lossesOf(answersOfProducts(products, contexts), contexts),
    );
    const [atOwn, atDescent, atMiddle] = [ownLosses!, descentLosses!, middle!].map((each) => overContexts(each));
    const worse = atOwn!.mean >= atDescent!.mean ? ownLosses! : descentLosses!;
    const rise = overContexts(middle!.map((each, i) => each - worse[i]!));
    const step = -own.vp.at(-1)!;
    return {
      reading: scored(rise),
      quantities: [
        { id: "own", title: "½ MSE of the learner", reading: scored(atOwn!) },
        { id: "descent", title: "½ MSE of the construction", reading: scored(atDescent!) },
        { id: "halfway", title: "½ MSE halfway", reading: scored(atMiddle!) },
        {
          id: "step",
          title: "step that the weights take, for the sum over examples",
          reading: scored({ mean: step, low: step, high: step, n: 1, unit: "items" }),
        },
      ],
      finding: rise.mean <= TOLERANCE ? "gradient-descent" : "other",
      summary: `Halfway the loss is ${formatEstimate(rise, 5)} above the worse end; the weights take a step of ${step.toFixed(3)}, where ${bestPlainStep(law).toFixed(3)} is best.`,
      evidence: [
        {
          kind: "bars",
          title: "Loss between the learned weights and the construction",
          axis: "½ MSE",
          bars: [
            { label: "learned", reading: scored(atOwn!) },
            { label: "halfway", reading: scored(atMiddle!) },
            { label: "construction", reading: scored(atDescent!) },
          ],
        },
      ],
    };
  },
});
