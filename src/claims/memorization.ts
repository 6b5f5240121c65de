/** @file One exposure can be enough to be memorized; it can be tested, and is fixed by curation. */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";

/** Bits of exposure beyond control that count as gone. */
const GONE = 1;

export const memorization = defineClaim({
  id: "memorization",
  sentence: "One exposure can be enough to be memorized; this can be tested, and curation of the data fixes it.",
  source: "Carlini et al. 2019, arXiv:1802.08232; Zhang et al. 2023, arXiv:2112.12938",
  published: "a canary inserted 4 times reaches full exposure in their language models; control has log₂ e = 1.44 bits",
  experiment: "canaries",
  judge(rows) {
    const of = (condition: string, quantity: string) => {
      const found = rows.find((row) => row.condition === condition)?.quantities[quantity];
      assert(found, `no ${quantity} in a row "${condition}"`);
      return found;
    };
    const [once, onceExtracted] = [of("seen 1 ×", "excess"), of("seen 1 ×", "extracted")];
    const often = of("seen 64 ×", "extracted");
    const left = of("seen 64 ×, removed, trained again", "excess");
    const drop = of("seen 64 ×, removed, trained again", "drop");
    const ours = `excess exposure when seen once ${formatEstimate(once)} bits, extracted ${formatEstimate(onceExtracted)}; seen 64 times extracted ${formatEstimate(often)}; after removal ${formatEstimate(left)} bits are left, n = ${once.n} seeds`;
    const isTestable = often.low > 0.5;
    const isFixed = left.high < GONE && drop.low > 0;
    const found = `64 repetitions ${isTestable ? "make most secrets extractable" : "do not surely make most secrets extractable"} and removal ${isFixed ? "brings exposure back to that of lines never seen" : "does not surely undo it"}`;
    if (onceExtracted.low > 0 && once.low > 0 && isTestable && isFixed) {
      return { outcome: "supported", because: `single exposures are extracted, ${found}`, ours };
    }
    if (onceExtracted.high < 0.05 || left.low > GONE || often.high < 0.5) {
      const trace = once.low > 0 ? "one exposure leaves a trace, yet" : "one exposure leaves no sure trace, and";
      return {
        outcome: "contradicted",
        because: `${trace} less than one in twenty secrets seen once is extracted, in models of this size; ${found}`,
        ours,
      };
    }
    return { outcome: "inconclusive", because: `whether one exposure is enough is not decided; ${found}`, ours };
  },
});
