/** @file Contracts: one task, two tasks of which one is not measured, and a distorted measure. */
import { defineReference, once, printed, type Quantity } from "../reference.ts";
import {
  distortedContract,
  type Multitask,
  multitaskContract,
  singleContract,
  squaredCosine,
} from "../theory/incentives/moral-hazard.ts";
import { apply, solve } from "../theory/numerics/dense.ts";

const task = { riskAversion: 2, cost: 1, noise: 0.5 };
const given = (t: number, secondNoise = Number.POSITIVE_INFINITY): Multitask => ({
  tasks: 2,
  benefit: Float64Array.of(1, 1),
  cost: Float64Array.of(1, t, t, 1),
  noise: Float64Array.of(0.1, secondNoise),
  riskAversion: 1,
});
const half = once(() => multitaskContract(given(0.5)));
const [value, measure] = [Float64Array.of(1, 1, 0), Float64Array.of(1, 0, 1)];
const distorted = once(() => distortedContract({ value, measure, riskAversion: 0, noise: 0 }));

const number = (name: string, digits: string, compute: () => number, within?: number): Quantity => ({
  name,
  published: printed(digits, within),
  compute,
});

export const moralHazard = defineReference({
  id: "moral-hazard",
  line: "E18",
  title: "Paying for what is measured",
  source: "Holmström and Milgrom 1987 and 1991; Baker 2002",
  quantities: [
    {
      ...number("one task, r = 2, c = 1, σ² = 0.5: share b*", "0.5", () => singleContract(task).share, 1e-12),
      mistakes: [
        { name: "no risk premium", compute: () => singleContract({ ...task, riskAversion: 0 }).share },
        { name: "σ for σ²", compute: () => singleContract({ ...task, noise: Math.SQRT1_2 }).share },
      ],
    },
    number("one task: surplus", "0.25", () => singleContract(task).surplus, 1e-12),
    {
      ...number("substitutes t = 0.5, second task not measured: incentive α₁", "0.46512", () => half().incentives[0]!),
      mistakes: [
        {
          name: "the incentive of one task alone",
          compute: () => singleContract({ riskAversion: 1, cost: 1, noise: 0.1 }).share,
        },
        { name: "both measured", compute: () => multitaskContract(given(0.5, 0.1)).incentives[0]! },
        {
          name: "(I + r Σ C)⁻¹, the order turned, Σ₂ large",
          compute: () => solve(Float64Array.of(1.1, 0.05, 0.5e6, 1 + 1e6), Float64Array.of(1, 1), 2)[0]!,
        },
      ],
    },
    number("t = 0.5: effort on what is measured", "0.6202", () => half().effort[0]!),
    {
      ...number("t = 0.5: effort on what is not, damage", "-0.3101", () => half().effort[1]!),
      mistakes: [
        { name: "neglect only: effort 0", compute: () => 0 },
        {
          name: "effort α instead of C⁻¹ α",
          compute: () => apply(Float64Array.of(1, 0, 0, 1), half().incentives)[1]!,
        },
      ],
    },
    number("t = 0.5: surplus", "0.155", () => half().surplus),
    number("t = 0.5, both measured: surplus", "0.5797", () => multitaskContract(given(0.5, 0.1)).surplus),
    number("t = 0: α₁", "0.9091", () => multitaskContract(given(0)).incentives[0]!),
    number("t = 0.9: α₁", "0.09814", () => multitaskContract(given(0.9)).incentives[0]!),
    number("complements t = −0.5: α₁", "1.3953", () => multitaskContract(given(-0.5)).incentives[0]!),
    number("t = −0.5: effort on what is measured", "1.8605", () => multitaskContract(given(-0.5)).effort[0]!),
    number("t = −0.5: effort on what is not", "0.9302", () => multitaskContract(given(-0.5)).effort[1]!),
    number("distorted measure, f = (1, 1, 0), g = (1, 0, 1): b*", "0.5", () => distorted().rate, 1e-12),
    number("distorted measure: value", "0.5", () => distorted().value, 1e-12),
    {
      ...number(
        "distorted measure: surplus over first best, cos² of the angle",
        "0.25",
        () => distorted().efficiency,
        1e-12,
      ),
      mistakes: [{ name: "cos, not squared", compute: () => Math.sqrt(squaredCosine(value, measure)) }],
    },
  ],
});
