/** @file Should estimates of risk move by evidence, and do they do well when they move by calibrated likelihood ratios? */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";

export const credenceLedger = defineClaim({
  id: "credence-ledger",
  sentence: "Estimates of risk should move by evidence: step by step, as far as its likelihood ratio says.",
  source: "Good 1950, Probability and the Weighing of Evidence",
  published: "none published",
  experiment: "credence",
  judge(rows) {
    const skills = rows.flatMap(({ condition, quantities: { skill } }) => (skill ? [{ condition, skill }] : []));
    assert(skills.length > 0, "no held-out skill in the calibration");
    const better = skills.filter(({ skill }) => skill.low > 0);
    const worse = skills.filter(({ skill }) => skill.high < 0);
    const rest = skills.filter(({ skill }) => skill.low <= 0 && skill.high >= 0);
    const words = ({ condition, skill }: (typeof skills)[number]) => `${condition} ${formatEstimate(skill)}`;
    const end = (side: string) => {
      const steps = rows.filter(({ condition }) => condition.startsWith(`all that speaks ${side} `));
      const [first, last] = [steps[0]?.quantities.probability?.mean, steps.at(-1)?.quantities.probability?.mean];
      assert(first !== undefined && last !== undefined, `no ledger ${side}`);
      return `${first.toFixed(2)} to ${last.toFixed(3)} in ${steps.length - 1} steps`;
    };
    const ours = `held-out log-loss skill over the base rate above 0 in ${better.length} of ${skills.length} models, below in ${worse.length}; a prior moves from ${end("for")} at most, from ${end("against")} at least; n = ${skills[0]!.skill.n} worlds and fewer`;
    if (rest.length === 0 && worse.length === 0) {
      return { outcome: "supported", because: "every model beats the base rate on worlds it was not fitted to", ours };
    }
    if (better.length === 0) {
      return { outcome: "contradicted", because: "no model beats the base rate on worlds it was not fitted to", ours };
    }
    return {
      outcome: "inconclusive",
      because: `not every model beats the base rate on worlds it was not fitted to: ${[...worse, ...rest].map(words).join("; ")}`,
      ours,
    };
  },
});
