/** @file The deflated score: the published example, and the wrong versions in circulation. */
import { defineReference, printed, type Quantity } from "../reference.ts";
import { chanceScore, deflatedScore, probabilisticScore } from "../theory/selection/deflated-score.ts";
import { normalMaximum } from "../theory/selection/order-statistics.ts";

/** 1250 days, 2.5 a year of 250 days, scores of candidates with variance ½ a year. */
const best = { score: 2.5 / Math.sqrt(250), items: 1250, skew: -3, kurtosis: 10 };
const among = (candidates: number) => ({ candidates, variance: 0.5 / 250 });

const probability = (candidates: number, digits: string): Quantity => ({
  name: `probability of merit, ${candidates} candidates`,
  published: printed(digits),
  compute: () => deflatedScore(best, among(candidates)).probability,
  mistakes: [
    { name: "excess kurtosis", compute: () => deflatedScore({ ...best, kurtosis: 7 }, among(candidates)).probability },
    {
      name: "an annual score with daily items",
      compute: () => deflatedScore({ ...best, score: 2.5 }, among(candidates)).probability,
    },
    {
      name: "an annual variance with a daily score",
      compute: () => deflatedScore(best, { candidates, variance: 0.5 }).probability,
    },
    { name: "the sign of the skew", compute: () => deflatedScore({ ...best, skew: 3 }, among(candidates)).probability },
    { name: "T for T − 1", compute: () => deflatedScore({ ...best, items: 1251 }, among(candidates)).probability },
    {
      name: "the variance for its root",
      compute: () => probabilisticScore(best, chanceScore(candidates, among(candidates).variance ** 2)),
    },
    {
      name: "the exact E max",
      compute: () => probabilisticScore(best, Math.sqrt(among(candidates).variance) * normalMaximum(candidates).mean),
    },
    { name: "no deflation", compute: () => probabilisticScore(best, 0) },
  ],
});

export const deflatedScores = defineReference({
  id: "deflated-scores",
  line: "E9",
  title: "The deflated score",
  source: "Bailey and López de Prado 2014, The deflated Sharpe ratio, numerical example",
  quantities: [
    probability(100, "0.900397"),
    probability(88, "0.910153"),
    probability(46, "0.950502"),
    {
      name: "score expected by chance, 100 candidates",
      published: printed("0.113172"),
      compute: () => deflatedScore(best, among(100)).chance,
      mistakes: [
        { name: "the exact E max", compute: () => Math.sqrt(0.5 / 250) * normalMaximum(100).mean },
        { name: "an annual variance", compute: () => chanceScore(100, 0.5) },
      ],
    },
    {
      name: "score expected by chance, 46 candidates",
      published: printed("0.100362"),
      compute: () => deflatedScore(best, among(46)).chance,
    },
    {
      name: "probability of merit, 100 candidates, normal items",
      published: printed("0.942771"),
      compute: () => deflatedScore({ ...best, skew: 0, kurtosis: 3 }, among(100)).probability,
      mistakes: [
        {
          name: "excess kurtosis",
          compute: () => deflatedScore({ ...best, skew: 0, kurtosis: 0 }, among(100)).probability,
        },
      ],
    },
  ],
});
