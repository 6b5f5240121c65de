/**
 * @file What training should end in, where theory settles it: the implicit weights S that a learner's sensitivity is
 * compared with while it trains. One step of gradient descent, of preconditioned descent at its optimum, or two tied
 * steps of GD++; a memorizer of one task has the task itself.
 */
import type { Contexts, TaskLaw } from "../in-context.ts";
import { correlations, timesGram, twoSteps } from "./algorithms.ts";
import { bestPreconditioner } from "./optima.ts";

/** Implicit weights of each context, `[count, d]`, up to a positive factor that is the same for all. */
export type Reference = (contexts: Contexts) => Float64Array;

/** Two tied steps of GD++ at their optimum for d = N = 10 and inputs uniform on (−½, ½): a = 1.354, γ = .175. */
const PLUS_PLUS = twoSteps(1.354, 0.175);

/** References by the names of the candidates of `identification`. */
export const references: Readonly<Record<string, (law: TaskLaw) => Reference>> = {
  "gradient-descent": () => correlations,
  preconditioned: (law) => {
    const a = bestPreconditioner(law);
    return (contexts) => correlations(contexts).map((each, i) => each * a[i % law.dimensions]!);
  },
  "gd-plus-plus": () => (contexts) => {
    let power = correlations(contexts);
    const total = new Float64Array(power.length);
    for (const factor of PLUS_PLUS) {
      for (let i = 0; i < total.length; i++) total[i]! += factor * power[i]!;
      power = timesGram(contexts, power);
    }
    return total;
  },
  "fixed-weights":
    () =>
    ({ task }) =>
      Float64Array.from(task),
};
