/** @file Meta-optimization is chosen by us, mesa-optimization arises; both are at work in one run. */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";

export const metaBaseMesa = defineClaim({
  id: "meta-base-mesa",
  sentence:
    "Above the base optimizer lies meta-optimization, which we choose (settings, architecture); below it, in the model, mesa-optimization: in one run all three bring bits.",
  source: "Hubinger et al. 2019, arXiv:1906.01820",
  published: "none published",
  experiment: "three-levels",
  judge(rows) {
    const of = (level: string, quantity: string) => {
      const found = rows.find(({ condition }) => condition === `contribution of ${level}`)?.quantities[quantity];
      assert(found, `no ${quantity} of ${level}`);
      return found;
    };
    const levels = ["meta", "base", "mesa"] as const;
    const parts = levels.map((level) => of(level, "shapley"));
    const ours = `bits averaged over orders (least to most over orders): ${levels
      .map(
        (level, i) =>
          `${level} ${formatEstimate(parts[i]!)} (${of(level, "least").mean.toFixed(2)} to ${of(level, "most").mean.toFixed(2)})`,
      )
      .join(", ")}, n = ${parts[0]!.n} seeds`;
    if (parts.every(({ low }) => low > 0)) {
      return { outcome: "supported", because: "each of the three levels brings bits, averaged over orders", ours };
    }
    const idle = levels.filter((_, i) => parts[i]!.high <= 0);
    if (idle.length > 0) return { outcome: "contradicted", because: `${idle.join(" and ")} brings no bits`, ours };
    return { outcome: "inconclusive", because: "the interval of a level's contribution includes zero", ours };
  },
});
