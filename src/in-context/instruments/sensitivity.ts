/**
 * @file Sensitivity: does the answer depend on the query as one step of gradient descent on the context would have it?
 *
 * S = ∂ŷ/∂x_q is the weight vector that a learner implicitly uses, w itself after one step from 0: S ∝ Σ yᵢxᵢ. The
 * headline is the mean cosine between the two, which no step size enters. Model difference ‖S − S_GD‖ and prediction
 * difference |ŷ − ŷ_GD| take the best single step of the task. What an answer takes from the context at all is read
 * from pairs of contexts: 1 where every context gets the same direction.
 */
import { z } from "zod";
import { formatEstimate, scored } from "../../core/estimate.ts";
import { defineInstrument } from "../../in-context.ts";
import { answersOf, correlations, rowCosines, rowDistances } from "../algorithms.ts";
import { drawContexts } from "../contexts.ts";
import { bestPlainStep } from "../optima.ts";
import { overContexts } from "../over-contexts.ts";

/** The cosine from which on a learner counts as having the direction of gradient descent: the source's rule. */
const EMERGED = 0.95;

export const sensitivity = defineInstrument({
  id: "in-context-sensitivity",
  title: "Sensitivity to the query",
  question: "optimizer",
  claim: "Its answer moves with the query as if it had taken one step of gradient descent on the examples.",
  range: [-1, 1],
  findings: {
    "gradient-descent": `the whole interval of the cosine lies above ${EMERGED}`,
    "ignores-context": `the direction is the same whatever the context: the absolute cosine between two contexts is above ${EMERGED}`,
    other: "neither",
  },
  fails: [
    "Anything whose implicit weights are a multiple of Σ yᵢxᵢ reads 1: the size of the step is not seen by the cosine, and is by the model difference.",
    "In distribution several algorithms agree in direction: ridge with a large penalty, and GD++, read .9 and more.",
    "On inputs of unequal variance preconditioned descent reads below 1, though it is descent.",
  ],
  source: "von Oswald et al. 2023, arXiv:2212.07677, section 3",
  params: z.object({
    contexts: z.int().min(64).default(4096).describe("Contexts, of a new task each."),
  }),
  async measure({ learner, law, rng }, { contexts: count }) {
    const contexts = drawContexts(law, { count, rng: rng.fork("contexts") });
    const d = law.dimensions;
    const { predictions, sensitivities } = await learner.respond(contexts);
    const step = bestPlainStep(law);
    const descent = correlations(contexts).map((each) => step * each);
    const answers = answersOf(descent, contexts);
    const cosine = overContexts(rowCosines(sensitivities, descent, d), [-1, 1]);
    // The next context's sensitivity, around the end: every context is in two pairs.
    const shifted = new Float64Array(sensitivities.length);
    shifted.set(sensitivities.subarray(d));
    shifted.set(sensitivities.subarray(0, d), sensitivities.length - d);
    const sameness = overContexts(rowCosines(sensitivities, shifted, d).map(Math.abs), [0, 1]);
    const model = overContexts(rowDistances(sensitivities, descent, d));
    const prediction = overContexts(predictions.map((each, i) => Math.abs(each - answers[i]!)));
    const size = overContexts(rowDistances(descent, new Float64Array(descent.length), d));
    const isDescent = cosine.low > EMERGED;
    return {
      reading: scored(cosine),
      quantities: [
        { id: "model-difference", title: "model difference, mean ‖S − S_GD‖", reading: scored(model) },
        { id: "descent-norm", title: "mean ‖S_GD‖, to compare it with", reading: scored(size) },
        { id: "prediction-difference", title: "prediction difference, mean |ŷ − ŷ_GD|", reading: scored(prediction) },
        {
          id: "sameness",
          title: "mean |cosine| of S between two contexts; 1 = the context is ignored",
          reading: scored(sameness),
        },
      ],
      finding: isDescent ? "gradient-descent" : sameness.low > EMERGED ? "ignores-context" : "other",
      summary: `The cosine with one step of gradient descent is ${formatEstimate(cosine, 4)}; between two contexts ${formatEstimate(sameness, 3)}.`,
      evidence: [
        {
          kind: "bars",
          title: "Direction of the implicit weights",
          axis: "mean cosine",
          range: [-1, 1],
          bars: [
            { label: "with one step of gradient descent", reading: scored(cosine) },
            { label: "between two contexts, absolute", reading: scored(sameness) },
          ],
        },
      ],
    };
  },
});
