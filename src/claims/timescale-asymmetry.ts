/** @file Consequences can come before visibility: divergence against the alarm of whoever watches outcomes. */
import { defineClaim } from "../claim.ts";
import { formatEstimate } from "../core/estimate.ts";
import { compare, quantityOf } from "../lab/simulated.ts";

export const timescaleAsymmetry = defineClaim({
  id: "timescale-asymmetry",
  sentence: "Consequences can come before they are visible.",
  source: "argued of fast systems that are watched by their outcomes; sequential detection after Page 1954",
  published: "none published",
  experiment: "divergence-before-detection",
  judge(rows) {
    const doses = rows.filter(({ condition }) => condition.endsWith("trials a period"));
    const scales = rows.filter(({ condition }) => condition.endsWith("who imitate"));
    const lead = (row: (typeof rows)[number] | undefined) => quantityOf(row, "lead");
    const [slow, fast] = [lead(doses.at(0)), lead(doses.at(-1))];
    const alarms = quantityOf(
      rows.find(({ condition }) => condition === "no novelty"),
      "alarm",
    );
    const words = (of: typeof rows) => of.map((row) => `${row.x}: ${formatEstimate(lead(row), 1)}`).join("; ");
    const ours = `periods by which divergence comes before the alarm, by trials a period: ${words(doses)}; by learners who imitate: ${words(scales)}; false alarms ${formatEstimate(alarms)}; n = ${fast.n} seeds`;
    // Fast learners are many trials from chance, so that the limit of many learners holds for them.
    const limit = compare(doses.at(-1), "divergence", 0.15);
    if (fast.low > 0 && alarms.low <= 0.05 && limit.agrees) {
      const otherwise =
        slow.high < 0
          ? `at ${doses.at(0)!.x} the alarm comes first`
          : "whether the alarm comes first at the least is open";
      return {
        outcome: "supported",
        because: `at ${doses.at(-1)!.x} trials a period the novelty has taken over ${formatEstimate(fast, 1)} periods before the alarm; ${otherwise}`,
        ours,
      };
    }
    if (fast.high < 0) {
      return { outcome: "contradicted", because: "the alarm comes first for the fastest learners too", ours };
    }
    return { outcome: "inconclusive", because: "lead, false alarms or the closed form do not decide", ours };
  },
});
