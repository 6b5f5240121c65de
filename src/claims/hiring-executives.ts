/** @file Shareholders face an outer and an inner problem: both measured in firms that are played out, beside closed forms. */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";
import { compare, quantityOf } from "../lab/simulated.ts";

/** Share by which a mean may be off its closed form, where the interval does not cover it; fixed with the experiment. */
const TOLERANCE = 0.05;

export const hiringExecutives = defineClaim({
  id: "hiring-executives",
  sentence:
    "Shareholders who hire an executive face an outer and an inner problem: incentives that invite short-termism, and candidates who do well by every measure while doing hidden damage.",
  source:
    "the analogy in Hubinger et al. 2019, arXiv:1906.01820; models of Holmström and Milgrom 1991, Laffont and Martimort 2002",
  published: "closed forms: pay .465 and effort −.310 at what is not measured (t = .5); menu effort 1/3, profit 1/3",
  experiment: "hiring",
  judge(rows) {
    const family = (start: string) => rows.filter(({ condition }) => condition.startsWith(start));
    const [pays, hires] = [family("pay"), family("best of")];
    // Rows rise with their dose; the strictest test of each part is at its last.
    const last = (start: string) => {
      const row = family(start).at(-1);
      assert(row, `no row "${start}"`);
      return row;
    };
    const checks = rows.flatMap((row) =>
      Object.keys(row.quantities)
        .filter((name) => `${name}, exact` in row.quantities)
        .map((name) => ({ what: `${name} (${row.condition})`, ...compare(row, name, TOLERANCE) })),
    );
    const off = checks.filter(({ agrees }) => !agrees);
    const damage = quantityOf(pays.at(-1), "unmeasured, judged early");
    const lost = quantityOf(pays.at(-1), "surplus lost by judging early");
    const [competence, alignment] = [quantityOf(hires.at(-1), "competence"), quantityOf(hires.at(-1), "alignment")];
    const [passed, through] = [quantityOf(last("after"), "deceptive"), quantityOf(last("probation"), "deceptive")];
    const hidden = quantityOf(last("audits dismiss"), "hidden less open");
    const ours = `effort at what is not measured ${formatEstimate(damage)} and surplus lost ${formatEstimate(lost)} where firms judge early; best of ${hires.at(-1)?.x}: competence ${formatEstimate(competence)}, alignment ${formatEstimate(alignment)}; deceptive after ${last("after").x} audits ${formatEstimate(passed, 3)}, after a probation of ${last("probation").x} ${formatEstimate(through, 3)}; hidden less open damage ${formatEstimate(hidden)}; ${checks.length - off.length} of ${checks.length} numbers agree with their closed form; n = ${damage.n} seeds`;
    const outer = damage.high < 0 && lost.low > 0;
    const inner = competence.low > 0 && alignment.high < 0 && passed.low > 0 && through.low > 0 && hidden.low > 0;
    // Of many intervals at 95 % some miss.
    const isExact = off.length <= Math.max(1, 0.1 * checks.length);
    if (outer && inner && isExact) {
      return {
        outcome: "supported",
        because: `what is measured is paid for by damage to what is not (${formatEstimate(damage)}), the best of ${hires.at(-1)?.x} is less aligned than a random candidate (${formatEstimate(alignment)}), and damage below the threshold exceeds open damage by ${formatEstimate(hidden)}`,
        ours,
      };
    }
    if (damage.low > 0 || alignment.low > 0 || hidden.high < 0) {
      return { outcome: "contradicted", because: "incentives, selection or audits do the opposite", ours };
    }
    const why = isExact
      ? "a part does not decide"
      : `off their closed forms: ${off.map(({ what }) => what).join(", ")}`;
    return { outcome: "inconclusive", because: why, ours };
  },
});
