/** @file Misalignment shows only when capability allows it: the same circuits of reward in learners of little and of much capability. */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";
import { compare, quantityOf } from "../lab/simulated.ts";

export const birthControl = defineClaim({
  id: "birth-control",
  sentence: "Misalignment shows only when capability allows it.",
  source:
    "Hubinger et al. 2019, arXiv:1906.01820; birth control as its example, where evolved rewards meet a new means",
  published: "none published",
  experiment: "novelty-by-capability",
  judge(rows) {
    const [least, most] = [rows.at(0), rows.at(-1)];
    assert(least && most && rows.length > 1, "two capabilities at least");
    const [small, great] = [quantityOf(least, "divergence"), quantityOf(most, "divergence")];
    const [before, after] = [quantityOf(least, "offspring, no novelty"), quantityOf(most, "offspring, no novelty")];
    const isExact = rows.every((row) => compare(row, "indulged", 0.05).agrees);
    const ours = `satisfaction less offspring, with the novelty less without: ${rows.map((row) => `${row.x}: ${formatEstimate(quantityOf(row, "divergence"))}`).join("; ")}; n = ${small.n} seeds`;
    const nature = `without the novelty offspring go from ${formatEstimate(before)} to ${formatEstimate(after)}`;
    if (small.high < 0.1 && great.low > 0.5 && after.low > before.high && isExact) {
      return {
        outcome: "supported",
        because: `the novelty parts satisfaction from offspring by ${formatEstimate(small)} at ${least.x} trials and by ${formatEstimate(great)} at ${most.x}; ${nature}`,
        ours,
      };
    }
    if (great.high < small.low) {
      return { outcome: "contradicted", because: "the more capable diverge less", ours };
    }
    return {
      outcome: "inconclusive",
      because: isExact ? `a threshold is missed; ${nature}` : "time spent on the novelty is off its closed form",
      ours,
    };
  },
});
