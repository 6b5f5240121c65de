/** @file Goodhart's law by the tail of the error: gold of the best of n by value plus error. */
import { defineReference, once, printed, type Quantity } from "../reference.ts";
import { goldOfBest, normalError, studentError, upweightTail } from "../theory/goodhart/goodhart.ts";
import { normalMaximum } from "../theory/selection/order-statistics.ts";

const sizes = Array.from({ length: 11 }, (_, i) => 2 ** i);
const gold = {
  normal: once(() => goldOfBest(normalError(), sizes)),
  t3: once(() => goldOfBest(studentError(3), sizes)),
  t2: once(() => goldOfBest(studentError(2), sizes)),
};
const PUBLISHED = {
  normal: "0 0.398 0.731 1.009 1.242 1.462 1.660 1.833 2.005 2.145 2.300".split(" "),
  t3: "0 0.35 0.62 0.79 0.88 0.86 0.78 0.67 0.55 0.44 0.36".split(" "),
  t2: "0 0.32 0.55 0.69 0.69 0.60 0.46 0.34 0.24 0.15 0.12".split(" "),
};
const TITLES = { normal: "N(0, 1)", t3: "t₃", t2: "t₂" };

const curve = (law: keyof typeof gold, within: number): Quantity[] =>
  PUBLISHED[law].map((digits, i) => ({
    name: `error ${TITLES[law]}: gold of the best of ${sizes[i]}`,
    published: printed(digits, within),
    compute: () => gold[law]()[i]!,
    mistakes: mistakesOf(law, i),
  }));

function mistakesOf(law: keyof typeof gold, i: number): Quantity["mistakes"] & object {
  const most = () => normalMaximum(sizes[i]!).mean;
  if (law === "normal") {
    return i === 0
      ? []
      : [
          { name: "the proxy's gain taken for gold", compute: () => most() * Math.SQRT2 },
          { name: "shrunk twice", compute: () => most() / 2 },
        ];
  }
  return i < 7 ? [] : [{ name: "the law of normal errors, which never falls", compute: () => most() / Math.SQRT2 }];
}

const peak = (law: "t3" | "t2") => {
  const values = gold[law]();
  return sizes[values.indexOf(Math.max(...values))]!;
};

export const tailGoodhart = defineReference({
  id: "tail-goodhart",
  line: "E11",
  title: "Goodhart's law by the tail of the error",
  source: "Kwa, Thomas and Garriga-Alonso 2024, arXiv:2407.14503 (the law); curves by simulation, values ~ N(0, 1)",
  quantities: [
    {
      name: "error N(0, 1): gold of the best of 100, E max/√2",
      published: printed((normalMaximum(100).mean / Math.SQRT2).toFixed(6)),
      compute: () => goldOfBest(normalError(), [100])[0]!,
    },
    ...curve("normal", 0.01),
    ...curve("t3", 0.02),
    ...curve("t2", 0.02),
    {
      name: "error t₃: n with the most gold",
      published: { text: "16 to 32", low: 16, high: 32, tolerance: "as stated", decimals: 0 },
      compute: () => peak("t3"),
    },
    {
      name: "error t₃: last gold over the most",
      published: { text: "falls below 0.45", low: 0, high: 0.45, tolerance: "as stated", decimals: 2 },
      compute: () => gold.t3()[10]! / Math.max(...gold.t3()),
      mistakes: [{ name: "normal error", compute: () => gold.normal()[10]! / Math.max(...gold.normal()) }],
    },
    {
      name: "t₃ error above 10¹⁵ made as likely as 10⁻¹²: KL, nats",
      published: { text: "tends to 0", low: 0, high: 1e-9, tolerance: "below 1e-9", decimals: 12 },
      compute: () => upweightTail(studentError(3), 1e15, 1e15 ** -0.8).kl,
      mistakes: [{ name: "a light tail", compute: () => upweightTail(normalError(), 16, 16 ** -0.8).kl }],
    },
    {
      name: "the same: mean error, 1.5 t^0.2",
      published: printed("1500", 0.01),
      compute: () => upweightTail(studentError(3), 1e15, 1e15 ** -0.8).error,
    },
  ],
});
