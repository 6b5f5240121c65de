/** @file Selection yields agents whose goals are proxies of fitness, and the evolution lens foresees which. */
import { defineClaim } from "../claim.ts";
import { formatEstimate } from "../core/estimate.ts";
import { quantityOf } from "../lab/simulated.ts";

export const lensEvolution = defineClaim({
  id: "lens-evolution",
  sentence:
    "Selection yields agents whose goals are proxies of fitness; what satisfies the proxy alone parts them from it.",
  source: "Price 1970; Hubinger et al. 2019, arXiv:1906.01820, on evolution as a base optimizer",
  published: "none published",
  experiment: "evolved-reward-circuits",
  // Thresholds were written after a pilot of three small populations, before the run.
  judge(rows) {
    const of = (condition: string, name: string) =>
      quantityOf(
        rows.find((row) => row.condition === condition),
        name,
      );
    const both = (name: string) => [of("selected", name), of("not selected", name)] as const;
    const [pays, drifted] = both("with what pays");
    const [foretold, unforetold] = both("with Price's prediction");
    const [lost] = both("offspring lost");
    const [tempted] = both("tempted");
    const [predicted] = both("tempted, predicted");
    const ours = `cosine of circuits with what pays ${formatEstimate(pays)}, unselected ${formatEstimate(drifted)}; with Price's prediction ${formatEstimate(foretold)}, unselected ${formatEstimate(unforetold)}; tempted by the novelty ${formatEstimate(tempted)}, predicted ${formatEstimate(predicted)}; offspring lost to it ${formatEstimate(lost)}; n = ${pays.n} seeds`;
    if (
      pays.low > 0.8 &&
      foretold.low > 0.7 &&
      drifted.high < 0.5 &&
      unforetold.high < 0.5 &&
      tempted.low > 0.5 &&
      lost.low > 0
    ) {
      return {
        outcome: "supported",
        because: `selected circuits want what paid, where Price's term said they would (${formatEstimate(foretold)}), and a novelty that pleases costs them ${formatEstimate(lost)} of the best natural offspring; unselected circuits point nowhere in particular`,
        ours,
      };
    }
    if (pays.high < 0.5 || lost.high < 0) {
      return {
        outcome: "contradicted",
        because: "selection does not lead to what pays, or the novelty costs no offspring",
        ours,
      };
    }
    return { outcome: "inconclusive", because: "prediction, control or cost misses its threshold", ours };
  },
});
