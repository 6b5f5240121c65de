/** @file One linear attention layer, trained here: what it shares with one step of gradient descent. */
import { rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import { answersOf, correlations, nearestNeighbors, ridge, rowCosines, timesGram } from "../in-context/algorithms.ts";
import { drawContexts, lossesOf } from "../in-context/contexts.ts";
import { answersOfProducts, descentProducts, fixGauge, midway, productsOf } from "../in-context/products.ts";
import type { Contexts } from "../in-context.ts";
import { above, below, between, type Computed, defineReference, once, printed, type Quantity } from "../reference.ts";
import { bestStep, uniformInputs } from "../theory/in-context/in-context-gd.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";
import { type GrownLearner, growForReference } from "./grown/learner.ts";

const trained = once(() => growForReference("in-context-gd"));
const untrained = once(() => growForReference("in-context-untrained"));
const { step } = bestStep({ law: uniformInputs(0.5), dimensions: 10, examples: 10 });

/** Answers of one step of gradient descent of the best size. */
const descent = (contexts: Contexts) => answersOf(correlations(contexts), contexts).map((each) => step * each);

/** Answers of two steps of gradient descent at the best rate for two. */
function twoSteps(contexts: Contexts): Float64Array {
  const h = correlations(contexts);
  const gh = timesGram(contexts, h);
  return answersOf(
    h.map((each, i) => 2 * 0.597 * each - 0.597 ** 2 * gh[i]!),
    contexts,
  );
}

/** Mean of a number a context, over the judged contexts of a learner. */
const over = async (learner: Promise<GrownLearner>, of: (grown: GrownLearner) => ArrayLike<number>) =>
  sampledMean(of(await learner));
const products = async () => {
  const { learner, law } = await trained();
  return productsOf(learner.inside!.weights, law.dimensions);
};
const cosine = (learner: Promise<GrownLearner>) =>
  over(learner, ({ answers, contexts }) => rowCosines(answers.sensitivities, correlations(contexts), 10));

const slow = (quantity: Omit<Quantity, "isSlow">): Quantity => ({ ...quantity, isSlow: true });

/** Squared prediction difference to an algorithm. */
const difference = (name: string, digits: string, algorithm: (contexts: Contexts) => ArrayLike<number>): Quantity =>
  slow({
    name: `squared prediction difference to ${name}`,
    // Published for one run of four times the batch.
    published: printed(digits, 0.25 * Number(digits)),
    compute: () =>
      over(trained(), ({ answers, contexts }) => {
        const other = algorithm(contexts);
        return answers.predictions.map((each, i) => (each - other[i]!) ** 2);
      }),
  });

/** Loss over that of gradient descent with the step that is best at factor 1, on inputs times a factor. */
async function shifted(factor: number, stepSize = step): Promise<Computed> {
  const { learner, law } = await trained();
  const contexts = drawContexts(law, { count: 10_000, rng: rng(1).fork(`factor ${factor}`), factor });
  const own = lossesOf((await learner.respond(contexts)).predictions, contexts);
  const other = answersOf(correlations(contexts), contexts).map((each) => stepSize * each);
  return mean(own) / mean(lossesOf(other, contexts));
}

export const trainedAttention = defineReference({
  id: "trained-attention",
  line: "E2",
  title: "One linear attention layer, trained: batches of 512, 3,000 updates",
  source: "von Oswald et al. 2023, arXiv:2212.07677; bands over eight trainings from scratch",
  quantities: [
    slow({
      name: "cosine of sensitivities with gradient descent",
      published: above(0.997, 3),
      compute: () => cosine(trained()),
      mistakes: [{ name: "an untrained layer", compute: () => cosine(untrained()) }],
    }),
    slow({
      name: "mean difference of predictions",
      published: below(0.03, 3),
      compute: () =>
        over(trained(), ({ answers, contexts }) => {
          const other = descent(contexts);
          return answers.predictions.map((each, i) => Math.abs(each - other[i]!));
        }),
      mistakes: [
        {
          name: "gradient descent for U(−1, 1)",
          compute: () =>
            over(trained(), ({ answers, contexts }) => {
              const other = descent(contexts);
              return answers.predictions.map((each, i) => Math.abs(each - other[i]! / 4));
            }),
        },
      ],
    }),
    slow({
      name: "loss less that of gradient descent on the same contexts",
      published: between(-0.0015, 0.0015, 4),
      compute: () =>
        over(trained(), ({ answers, contexts }) => {
          const other = lossesOf(descent(contexts), contexts);
          return lossesOf(answers.predictions, contexts).map((each, i) => each - other[i]!);
        }),
      mistakes: [
        {
          name: "squared error without its half on one side",
          compute: () =>
            over(trained(), ({ answers, contexts }) => {
              const other = lossesOf(descent(contexts), contexts);
              return lossesOf(answers.predictions, contexts).map((each, i) => 2 * each - other[i]!);
            }),
        },
      ],
    }),
    slow({
      name: "effective step −(VP)_yy, gauge fixed",
      published: between(0.57, 0.64, 2),
      compute: async () => -fixGauge(await products(), 10).vp[120]!,
      mistakes: [{ name: "gauge left as training left it", compute: async () => -(await products()).vp[120]! }],
    }),
    slow({
      name: "loss after 50 applications, each 0.75 of the layer's change",
      published: below(0.06, 2),
      compute: () =>
        trained().then(async ({ learner, contexts }) =>
          sampledMean(lossesOf((await learner.inside!.iterate!(contexts, 50, 0.75))[49]!, contexts)),
        ),
      mistakes: [
        {
          name: "applied once",
          compute: () => over(trained(), ({ answers, contexts }) => lossesOf(answers.predictions, contexts)),
        },
      ],
    }),
    slow({
      name: "loss halfway to the construction, less the worse end",
      published: below(0.0005, 4),
      compute: async () => {
        const { contexts } = await trained();
        const own = fixGauge(await products(), 10);
        const end = descentProducts(10, step);
        const [first, middle, last] = [own, midway(own, end), end].map((each) =>
          mean(lossesOf(answersOfProducts(each, contexts), contexts)),
        );
        return middle! - Math.max(first!, last!);
      },
      mistakes: [
        {
          name: "gauge not fixed",
          compute: async () => {
            const { contexts } = await trained();
            const own = await products();
            const end = descentProducts(10, step);
            const [first, middle, last] = [own, midway(own, end), end].map((each) =>
              mean(lossesOf(answersOfProducts(each, contexts), contexts)),
            );
            return middle! - Math.max(first!, last!);
          },
        },
      ],
    }),
    slow({
      name: "squared prediction difference to one step of gradient descent",
      published: below(0.002, 4),
      compute: () =>
        over(trained(), ({ answers, contexts }) => {
          const other = descent(contexts);
          return answers.predictions.map((each, i) => (each - other[i]!) ** 2);
        }),
    }),
    difference("two steps", "0.103", twoSteps),
    difference("ridge, λ = 0.5", "0.066", (contexts) => answersOf(ridge(contexts, 0.5), contexts)),
    difference("ridge, λ = 0.05", "0.188", (contexts) => answersOf(ridge(contexts, 0.05), contexts)),
    difference("ridge, λ = 0.001", "0.359", (contexts) => answersOf(ridge(contexts, 0.001), contexts)),
    difference("three nearest neighbors", "0.249", (contexts) => nearestNeighbors(contexts, 3)),
    difference("zero", "0.409", ({ count }) => new Float64Array(count)),
    difference("the mean target", "0.495", (contexts) => nearestNeighbors(contexts, contexts.examples)),
    ...[0.5, 1.5, 2].map((factor) =>
      slow({
        name: `loss over gradient descent's, inputs scaled by ${factor}`,
        published: between(0.93, 1.07, 2),
        compute: () => shifted(factor),
        mistakes: [
          {
            name: "a step fitted anew to the scaled inputs",
            compute: () => shifted(factor, step / factor ** 2),
          },
        ],
      }),
    ),
  ],
});
