/** @file One step of gradient descent in context: the best step, its loss, and what it earns out of distribution. */
import { defineReference, type Mistake, printed, type Quantity } from "../reference.ts";
import {
  bestStep,
  type Contexts,
  normalInputs,
  scaledInputs,
  scaledLoss,
  stalledLoss,
  uniformInputs,
  zeroLoss,
} from "../theory/in-context/in-context-gd.ts";

const half: Contexts = { law: uniformInputs(0.5), dimensions: 10, examples: 10 };
const unit: Contexts = { ...half, law: uniformInputs(1) };
const normal: Contexts = { ...half, law: normalInputs(1) };
const many: Contexts = { law: normalInputs(1), dimensions: 5, examples: 20 };
/** The moments of a normal law with the variance of U(−½, ½). */
const asNormal: Contexts = { ...half, law: { second: 1 / 12, fourth: 3 / 144 } };

const step = (name: string, contexts: Contexts, digits: string, mistakes: readonly Mistake[] = []): Quantity => ({
  name: `${name}: best step a*`,
  published: printed(digits),
  compute: () => bestStep(contexts).step,
  mistakes,
});
const loss = (name: string, contexts: Contexts, digits: string, mistakes: readonly Mistake[] = []): Quantity => ({
  name: `${name}: loss L*`,
  published: printed(digits),
  compute: () => bestStep(contexts).loss,
  mistakes,
});
const zero = (name: string, contexts: Contexts, digits: string): Quantity => ({
  name: `${name}: loss of predicting 0`,
  published: printed(digits),
  compute: () => zeroLoss(contexts),
});
const scaled = (factor: number, digits: string, mistakes: readonly Mistake[] = []): Quantity => ({
  name: `U(−½, ½): loss on inputs scaled by ${factor}`,
  published: printed(digits),
  compute: () => scaledLoss(half, factor),
  mistakes,
});

export const inContextStep = defineReference({
  id: "in-context-step",
  line: "E1",
  title: "One step of gradient descent in context",
  source: "von Oswald et al. 2023, arXiv:2212.07677 (task and construction); closed forms from E tr (I − aG)²",
  quantities: [
    step("U(−½, ½)", half, "0.606061", [
      { name: "inputs from U(−1, 1), as plots are labeled", compute: () => bestStep(unit).step },
      { name: "normal fourth moment", compute: () => bestStep(asNormal).step },
      { name: "the rate of the mean, η = N a", compute: () => bestStep(half).rate },
    ]),
    loss("U(−½, ½)", half, "0.206229", [
      { name: "inputs from U(−1, 1), as plots are labeled", compute: () => bestStep(unit).loss },
      { name: "squared error without its half", compute: () => 2 * bestStep(half).loss },
      { name: "normal fourth moment", compute: () => bestStep(asNormal).loss },
    ]),
    zero("U(−½, ½)", half, "0.416667"),
    step("U(−1, 1)", unit, "0.151515"),
    loss("U(−1, 1)", unit, "0.824916"),
    zero("U(−1, 1)", unit, "1.666667"),
    loss("N(0, 1)", normal, "2.619048"),
    loss("N(0, 1), d = 5, N = 20", many, "0.576923"),
    {
      name: "U(−½, ½): loss on inputs scaled by 0.5",
      published: printed("0.0814", 3e-4),
      compute: () => scaledLoss(half, 0.5),
      note: "The published value is that of a simulation; the closed form is 0.08115.",
    },
    scaled(1.5, "1.2038"),
    scaled(2, "8.4007", [
      {
        name: "a step fitted anew to the scaled inputs",
        compute: () => bestStep({ ...half, law: scaledInputs(half.law, 2) }).loss,
      },
    ]),
    {
      name: "U(−½, ½): loss with one coordinate of ten learned",
      published: printed("0.3956"),
      compute: () => stalledLoss(half, 1),
    },
  ],
});
