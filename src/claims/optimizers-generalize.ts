/** @file What searches at run time carries over to what it never saw; what was looked up does not. */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";
import { overSeeds } from "../core/intervals.ts";

/** Right decisions that thinking longer must add in larger rooms; fixed with the experiment. */
const GAIN = 0.05;

export const optimizersGeneralize = defineClaim({
  id: "optimizers-generalize",
  sentence: "A model that works its answer out on the fly does better on novel tasks than one that looks it up.",
  source: "Hubinger et al. 2019, arXiv:1906.01820, section 2.1; measured with Bansal et al. 2022, arXiv:2202.05826",
  published:
    "pilot on 13×13 after training on 9×9: .849 right decisions after 6 ticks, .941 after 16, .823 after 40; no controls published at this size",
  experiment: "thinking-time",
  judge(rows) {
    const summaries = rows.filter(({ x }) => x === undefined);
    const thinker = summaries.find(({ condition }) => condition === "thinker");
    assert(thinker?.quantities.gain && thinker.quantities.overthinking, "no row of the thinker");
    const { larger, gain, overthinking } = thinker.quantities;
    const margins = summaries
      .filter((row) => row !== thinker)
      .map((row) => ({
        condition: row.condition,
        // The same training seeds and the same levels: paired.
        lead: overSeeds(
          thinker.perSeed.larger!.map((own, i) => own - row.perSeed.larger![i]!),
          [-1, 1],
        ),
        theirs: row.quantities.larger!,
      }));
    const ours =
      `right decisions in larger rooms: thinker ${formatEstimate(larger!, 3)}, ` +
      margins.map(({ condition, theirs }) => `${condition} ${formatEstimate(theirs, 3)}`).join(", ") +
      `; gain by thinking longer ${formatEstimate(gain, 3)}, lost by thinking on ${formatEstimate(overthinking, 3)}; n = ${gain.n} seeds`;
    const leads = margins.map(({ condition, lead }) => `${formatEstimate(lead, 3)} over ${condition}`).join(", ");
    const isAhead = margins.length > 0 && margins.every(({ lead }) => lead.low > 0);
    if (isAhead && gain.low > 0 && gain.mean >= GAIN) {
      return {
        outcome: "supported",
        because: `the thinker leads by ${leads}, and thinking longer than the fewest ticks of training adds ${formatEstimate(gain, 3)}`,
        ours,
      };
    }
    if (margins.some(({ lead }) => lead.high < 0)) {
      return { outcome: "contradicted", because: `a control decides better in larger rooms: ${leads}`, ours };
    }
    return {
      outcome: "inconclusive",
      because: isAhead
        ? `the thinker leads by ${leads}, but thinking longer adds ${formatEstimate(gain, 3)}, where at least ${GAIN} was predicted`
        : `the thinker does not surely lead every control: ${leads}`,
      ours,
    };
  },
});
