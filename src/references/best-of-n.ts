/** @file The best of n: expected maxima, and its three counts of bits. */
import { defineReference, printed, type Quantity } from "../reference.ts";
import { approximateNormalMaximum, bestOfBits, bestOfKl, normalMaximum } from "../theory/selection/order-statistics.ts";

const MAXIMA: readonly (readonly [n: number, digits: string])[] = [
  [2, "0.56419"],
  [3, "0.84628"],
  [4, "1.02938"],
  [5, "1.16296"],
  [8, "1.42360"],
  [10, "1.53875"],
  [16, "1.76599"],
  [20, "1.86748"],
  [32, "2.06967"],
  [50, "2.24907"],
  [64, "2.34373"],
  [100, "2.50759"],
  [128, "2.59460"],
  [256, "2.82686"],
  [1000, "3.24144"],
  [1024, "3.24824"],
  [10_000, "3.85162"],
];

const BITS: readonly (readonly [n: number, nominal: string, kl: string, tail: string])[] = [
  [2, "1", "0.27865", "2.1640"],
  [4, "2", "0.91798", "3.0056"],
  [10, "3.3219", "2.02350", "4.2256"],
  [16, "4", "2.64747", "4.8774"],
  [100, "6.6439", "5.21559", "7.4838"],
  [1000, "9.9658", "8.52453", "10.7993"],
  [1024, "10", "8.55871", "10.8335"],
  [60_000, "15.8727", "14.4300", "16.7054"],
];

/** The last digit of published quadratures may be one off. */
const unit = (digits: string) => printed(digits, digits.includes(".") ? 10 ** -digits.split(".")[1]!.length : 0);

const maximum = ([n, digits]: readonly [number, string]): Quantity => ({
  name: `E max of ${n} normal draws`,
  published: unit(digits),
  compute: () => normalMaximum(n).mean,
  mistakes: [
    { name: "the approximation of the deflated score", compute: () => approximateNormalMaximum(n) },
    { name: "√(2 ln n)", compute: () => Math.sqrt(2 * Math.log(n)) },
  ],
});

const nats = (n: number, digits: string): Quantity => ({
  name: `KL of the best of ${n}, nats`,
  published: printed(digits),
  compute: () => bestOfKl(n),
  mistakes: [
    { name: "ln n", compute: () => Math.log(n) },
    { name: "bits", compute: () => bestOfBits(n).kl },
    { name: "ln n − 1", compute: () => Math.log(n) - 1 },
    // At n = 1000 it differs by 1e-6 only.
    ...(n < 1000 ? [{ name: "ln n − n/(n + 1)", compute: () => Math.log(n) - n / (n + 1) }] : []),
  ],
});

export const bestOfN = defineReference({
  id: "best-of-n",
  line: "E7",
  title: "The best of n",
  source:
    "Order statistics by quadrature; KL: Hilton 2023; approximation: Bailey and López de Prado 2014; tail surprisal H_n/ln 2 derived",
  quantities: [
    ...MAXIMA.map(maximum),
    { name: "sd of the max of 10", published: printed("0.58681"), compute: () => normalMaximum(10).sd },
    { name: "sd of the max of 100", published: printed("0.42942"), compute: () => normalMaximum(100).sd },
    { name: "sd of the max of 1000", published: printed("0.35136"), compute: () => normalMaximum(1000).sd },
    nats(10, "1.40259"),
    nats(100, "3.61517"),
    nats(1000, "5.90876"),
    ...BITS.flatMap(([n, nominal, kl, tail]): Quantity[] => [
      { name: `best of ${n}: nominal bits, log₂ n`, published: printed(nominal), compute: () => bestOfBits(n).nominal },
      { name: `best of ${n}: KL bits`, published: printed(kl), compute: () => bestOfBits(n).kl },
      {
        name: `best of ${n}: tail bits, H_n/ln 2`,
        published: printed(tail),
        compute: () => bestOfBits(n).tail,
        mistakes: [
          { name: "surprisal of the mean rank, log₂(n + 1)", compute: () => Math.log2(n + 1) },
          { name: "less the bits of a single draw", compute: () => bestOfBits(n).tail - Math.LOG2E },
        ],
      },
    ]),
    {
      name: "tail bits of a single draw, which nobody chose",
      published: printed("1.4427"),
      compute: () => bestOfBits(1).tail,
      mistakes: [{ name: "taken to be 0", compute: () => bestOfBits(1).kl }],
    },
    ...(
      [
        [10, "1.57460"],
        [100, "2.53060"],
        [1000, "3.25512"],
      ] as const
    ).map(
      ([n, digits]): Quantity => ({
        name: `approximation of E max of ${n}`,
        published: printed(digits),
        compute: () => approximateNormalMaximum(n),
        mistakes: [{ name: "the expectation itself", compute: () => normalMaximum(n).mean }],
      }),
    ),
    {
      name: "E max of 100 over the envelope √(2 KL) of exponential tilting",
      published: printed("0.93"),
      compute: () => normalMaximum(100).mean / Math.sqrt(2 * bestOfKl(100)),
    },
  ],
});
