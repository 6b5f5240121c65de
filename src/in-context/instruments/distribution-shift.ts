/**
 * @file Distribution shift: inputs of another scale, on which one step of gradient descent of a fixed size fails in its
 * own way. An optimizer inside is the same optimizer there; a table learned in distribution is not.
 *
 * The headline is the largest |L/L_GD − 1| over factors ½, 1, 1½ and 2, with L and L_GD on the same contexts and the
 * step of L_GD still the one that is best at factor 1. The exact L_GD stands beside it.
 */
import { z } from "zod";
import { clusterBootstrap } from "../../core/bootstrap.ts";
import { type Estimate, formatEstimate, scored } from "../../core/estimate.ts";
import { defineInstrument } from "../../in-context.ts";
import { answersOf, correlations } from "../algorithms.ts";
import { drawContexts, lossesOf } from "../contexts.ts";
import { bestPlainStep, stepsLossOf } from "../optima.ts";
import { overContexts } from "../over-contexts.ts";

const FACTORS = [0.5, 1, 1.5, 2] as const;
/** Of the source: ratios of trained layers lie in [.93, 1.07]. */
const BAND = 0.07;

export const distributionShift = defineInstrument({
  id: "in-context-shift",
  title: "Inputs of another scale",
  question: "optimizer",
  claim: "On inputs of another scale it errs as one step of gradient descent with a fixed step errs.",
  range: [0, Infinity],
  findings: {
    "gradient-descent": "at every scale its loss is within 7 % of gradient descent's",
    other: "at some scale it is not",
  },
  fails: [
    "The loss alone is compared: another algorithm with the same losses at four scales would pass.",
    "Preconditioned descent fails on inputs of unequal variance, where plain descent is the comparison.",
    "At factor 2 a few contexts carry most of the loss, and the interval is wide.",
  ],
  source: "von Oswald et al. 2023, arXiv:2212.07677, section 3; the exact losses by its appendix",
  params: z.object({
    contexts: z.int().min(64).default(4096).describe("Contexts a scale, of a new task each."),
  }),
  async measure({ learner, law, rng }, { contexts: count }) {
    const step = bestPlainStep(law);
    const steps = new Float64Array(law.dimensions).fill(step);
    const found: { factor: number; ratio: Estimate; loss: Estimate; descent: Estimate; exact: number }[] = [];
    for (const factor of FACTORS) {
      const contexts = drawContexts(law, { count, rng: rng.fork(`factor ${factor}`), factor });
      const own = lossesOf((await learner.respond(contexts)).predictions, contexts);
      const descent = lossesOf(
        answersOf(correlations(contexts), contexts).map((each) => step * each),
        contexts,
      );
      const ratio = clusterBootstrap({
        clusters: Int32Array.from({ length: count }, (_, i) => i),
        statistic: (items) => {
          let [above, below] = [0, 0];
          for (const i of items) {
            above += own[i]!;
            below += descent[i]!;
          }
          return above / below;
        },
        rng: rng.fork(`resamples ${factor}`),
        resamples: 400,
        unit: "contexts",
      });
      found.push({
        factor,
        ratio,
        loss: overContexts(own),
        descent: overContexts(descent),
        exact: stepsLossOf(law, steps, factor),
      });
    }
    const distance = ({ ratio }: { readonly ratio: Estimate }) => Math.abs(ratio.mean - 1);
    const worst = found.reduce((a, b) => (distance(b) > distance(a) ? b : a));
    const { ratio } = worst;
    const headline: Estimate = {
      ...ratio,
      mean: distance(worst),
      low: ratio.low <= 1 && ratio.high >= 1 ? 0 : Math.min(Math.abs(ratio.low - 1), Math.abs(ratio.high - 1)),
      high: Math.max(Math.abs(ratio.low - 1), Math.abs(ratio.high - 1)),
    };
    const isDescent = found.every((each) => distance(each) <= BAND);
    const point = (factor: number, y: Estimate) => ({ x: factor, y });
    return {
      reading: scored(headline),
      quantities: found.flatMap(({ factor, ratio, loss }) => [
        {
          id: `ratio-${factor}`,
          title: `loss over that of gradient descent, inputs × ${factor}`,
          reading: scored(ratio),
        },
        { id: `loss-${factor}`, title: `½ MSE, inputs × ${factor}`, reading: scored(loss) },
      ]),
      finding: isDescent ? "gradient-descent" : "other",
      summary: `Its loss over that of one step of gradient descent is ${found.map(({ factor, ratio }) => `${formatEstimate(ratio, 3)} at × ${factor}`).join(", ")}.`,
      evidence: [
        {
          kind: "curve",
          title: "Loss on inputs of another scale",
          x: { title: "factor on every input", scale: "linear" },
          y: { title: "½ MSE" },
          lines: [
            { label: "this learner", points: found.map(({ factor, loss }) => point(factor, loss)) },
            {
              label: "one step of gradient descent",
              points: found.map(({ factor, descent }) => point(factor, descent)),
            },
            {
              label: "the same, exact",
              points: found.map(({ factor, exact, descent }) =>
                point(factor, { ...descent, mean: exact, low: exact, high: exact }),
              ),
            },
          ],
        },
      ],
    };
  },
});
