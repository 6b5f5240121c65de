/** @file A proxy is satisfied and the intent is not; a better specification helps, and never ends it. */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";
import { overSeeds } from "../core/intervals.ts";
import type { Row } from "../experiment.ts";
import { compare, quantityOf } from "../lab/simulated.ts";

export const goodhart = defineClaim({
  id: "goodhart",
  sentence:
    "Under pressure a proxy is satisfied and the intent is not; a better specification helps but never ends it.",
  source:
    "Gao et al. 2022, arXiv:2210.10760; Karwowski et al. 2024, arXiv:2310.09144; Skalse et al. 2022, arXiv:2209.13085",
  published: "best of n: α 1.548, β .576; drop above .01 in 8 % of random worlds at 15°, in 61 % at 90°",
  experiment: "over-optimization",
  judge(rows) {
    const at = (condition: string) => rows.find((row) => row.condition === condition);
    const curved = fall(at("best of 16"), at("best of 1024"), "gold, curved");
    const law = at("law d (α − β d), curved gold");
    const [alpha, beta] = [compare(law, "alpha", 0.03), compare(law, "beta", 0.03)];
    const positive = rows.filter(({ condition, x = 0 }) => condition.startsWith("angle") && x > 0);
    const nearest = positive[0];
    assert(nearest && positive.length > 1, "two angles above 0 at least");
    const wide = positive.filter(({ x = 0 }) => x <= 90).at(-1);
    const still = quantityOf(nearest, "any drop");
    const helps = fall(wide, nearest, "drop");
    const drops = positive
      .map(
        (row) =>
          `${row.x}°: ${formatEstimate(quantityOf(row, "drop"), 3)}, some in ${formatEstimate(quantityOf(row, "any drop"))}`,
      )
      .join("; ");
    const trained = rows.filter(({ condition }) => condition.startsWith("drop, paid"));
    const agents = quantityOf(trained[0], "drop of intent");
    const ours = `gold of the best of 16 less that of 1024 ${formatEstimate(curved)}, α ${alpha.words}, β ${beta.words}, n = ${curved.n} seeds; drop by angle of the proxy ${drops}, n = ${still.n} worlds; drop of intent in trained agents ${trained.map((row) => `${row.condition.slice(6)} ${formatEstimate(quantityOf(row, "drop of intent"), 3)}, left ${formatEstimate(quantityOf(row, "intent at the end"))}`).join("; ")}, n = ${agents.n} training seeds`;
    const isLaw = alpha.agrees && beta.agrees && curved.low > 0;
    if (isLaw && still.low > 0 && helps.low > 0 && agents.low > 0) {
      return {
        outcome: "supported",
        because: `gold falls by its law, a drop of the true return is met even at ${nearest.x}° (${formatEstimate(still)} of worlds) and grows with the angle, and trained agents lose ${formatEstimate(agents, 3)} of the intent after its peak`,
        ours,
      };
    }
    if (curved.high < 0 || helps.high < 0) {
      return { outcome: "contradicted", because: "gold keeps rising, or a worse proxy costs less", ours };
    }
    const missing = [
      [isLaw, "the law of the best of n"],
      [still.low > 0, `a drop at ${nearest.x}°`],
      [helps.low > 0, "that a smaller angle helps"],
      [agents.low > 0, "a drop in trained agents"],
    ]
      .filter(([isShown]) => !isShown)
      .map(([, what]) => what);
    const left = `trained agents end with ${formatEstimate(quantityOf(trained[0], "proxy at the end"))} of the proxy and ${formatEstimate(quantityOf(trained[0], "intent at the end"))} of the intent`;
    return { outcome: "inconclusive", because: `not shown beyond doubt: ${missing.join(", ")}; ${left}`, ours };
  },
});

/** A quantity of one row less that of another, paired by seed. */
function fall(from: Row | undefined, to: Row | undefined, name: string) {
  const [before, after] = [from?.perSeed[name], to?.perSeed[name]];
  assert(before && after, `no two rows with "${name}"`);
  return overSeeds(before.map((value, i) => value - after[i]!));
}
