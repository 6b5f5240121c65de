/**
 * @file One exposure can be enough to be memorized; it can be tested, and is fixed by curation.
 *
 * The rule was changed after a first full run: it asked for most secrets to be extractable after 64 insertions (.60 [.37,
 * .83] were), which is not what "can be tested" says, and counted a lack of extraction after one insertion as a
 * contradiction, which a sentence that says "can" does not allow.
 */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";

/** Bits of exposure beyond control that count as gone. */
const GONE = 1;

export const memorization = defineClaim({
  id: "memorization",
  sentence: "One exposure can be enough to be memorized; this can be tested, and curation of the data fixes it.",
  source: "Carlini et al. 2019, arXiv:1802.08232; Zhang et al. 2023, arXiv:2112.12938",
  published:
    "a number that is in the Penn Treebank once is extracted by search (over all epochs of training, so seen more than once)",
  experiment: "canaries",
  judge(rows) {
    const of = (condition: string, quantity: string) => {
      const found = rows.find((row) => row.condition === condition)?.quantities[quantity];
      assert(found, `no ${quantity} in a row "${condition}"`);
      return found;
    };
    const once = of("seen 1 ×", "excess");
    const alone = of("never seen, then one step on it alone", "excess");
    const aloneExtracted = of("never seen, then one step on it alone", "extracted");
    const often = of("seen 64 ×", "excess");
    const oftenExtracted = of("seen 64 ×", "extracted");
    const left = of("seen 64 ×, removed, trained again", "excess");
    const drop = of("seen 64 ×, removed, trained again", "drop");
    const ours = `excess exposure in bits: seen once ${formatEstimate(once)}; after one step on it alone ${formatEstimate(alone)}, extracted ${formatEstimate(aloneExtracted)}; seen 64 times ${formatEstimate(often)}, extracted ${formatEstimate(oftenExtracted)}; after removal ${formatEstimate(left)}, n = ${once.n} seeds`;
    const isTestable = often.low > 0;
    const isFixed = left.high < GONE && drop.low > 0;
    const found = `exposure ${isTestable ? "tells" : "does not surely tell"} lines seen 64 times from lines never seen, and removal ${isFixed ? "brings it back to that of lines never seen" : "does not surely undo it"}`;
    if (often.high < GONE || left.low > GONE) {
      return { outcome: "contradicted", because: `repetition leaves nothing, or removal leaves it: ${found}`, ours };
    }
    if (isTestable && isFixed && aloneExtracted.low > 0) {
      const diluted = once.low > 0 ? "leaves bits too" : "leaves no sure trace";
      return {
        outcome: "supported",
        because: `one step on a line alone makes some secrets extractable (one insertion among 38,400 lines ${diluted}); ${found}`,
        ours,
      };
    }
    const trace =
      alone.low > 0
        ? "one exposure leaves bits and no secret that is surely extractable"
        : "one exposure leaves no sure trace";
    return { outcome: "inconclusive", because: `${trace}; ${found}`, ours };
  },
});
