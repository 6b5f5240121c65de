/** @file Does a market of developers select what nobody asked for? */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";

/** Least drift that speaks for the claim, and that must be excluded against it. */
const DRIFT = 0.1;

export const modelMarket = defineClaim({
  id: "model-market",
  sentence: "What a market of developers selects may match nobody's objective.",
  source: "The spectrum of optimization pressure, level 4: selection from random variation",
  published: "none published",
  experiment: "model-market",
  judge(rows) {
    const last = Math.max(...rows.map(({ x = 0 }) => x));
    const at = (suffix: string) => rows.find(({ condition, x }) => x === last && condition.endsWith(suffix));
    const [selected, lot, difference] = [at("by benchmark"), at("by lot"), at("difference")];
    assert(selected && lot && difference, "no last round");
    const drift = difference.quantities.drift!;
    const ours = `after round ${last}: proxy first on ${formatEstimate(selected.quantities.share!)} by benchmark, ${formatEstimate(lot.quantities.share!)} by lot, drift ${formatEstimate(drift)}; benchmark ${formatEstimate(selected.quantities.score!)} against ${formatEstimate(lot.quantities.score!)}; skill ${formatEstimate(selected.quantities.skill!)} against ${formatEstimate(lot.quantities.skill!)}; founders left ${formatEstimate(selected.quantities.founders!, 1)} against ${formatEstimate(lot.quantities.founders!, 1)}; n = ${drift.n} markets`;
    if (drift.low >= DRIFT) {
      return {
        outcome: "supported",
        because: `selection by benchmarks moves a trait that no benchmark measures by ${formatEstimate(drift)} beyond what the same market does by lot`,
        ours,
      };
    }
    if (drift.high < DRIFT) {
      return {
        outcome: "contradicted",
        because: `the drift beyond that of random choices is ${formatEstimate(drift)}, less than ${DRIFT}`,
        ours,
      };
    }
    return {
      outcome: "inconclusive",
      because: `the drift ${formatEstimate(drift)} is neither surely ${DRIFT} nor surely less`,
      ours,
    };
  },
});
