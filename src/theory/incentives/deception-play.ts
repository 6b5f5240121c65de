/**
 * @file Hiring played out: interviews whose best talker is taken, audits that the deceptive mostly pass, and a probation in
 * which they pretend as long as it pays. What comes of it is derived in `hiring.ts` and `screening.ts`.
 */
import type { Rng } from "../../core/rng.ts";
import type { Candidates, Hire } from "./hiring.ts";

/** Means over hires of the best of `n` interviews. */
export function interview(n: number, candidates: Candidates, hires: number, rng: Rng): Hire {
  const { manipulation: kappa, noise, alignmentWithCompetence: rho, alignmentWithManipulation: tau } = candidates;
  const rest = Math.sqrt(1 - rho ** 2 - tau ** 2);
  const sums = { competence: 0, manipulation: 0, alignment: 0, score: 0 };
  for (let hire = 0; hire < hires; hire++) {
    let best = { competence: 0, manipulation: 0, alignment: 0, score: -Infinity };
    for (let i = 0; i < n; i++) {
      const [competence, manipulation] = [rng.normal(), rng.normal()];
      const score = competence + kappa * manipulation + noise * rng.normal();
      if (score <= best.score) continue;
      best = {
        competence,
        manipulation,
        alignment: rho * competence + tau * manipulation + rest * rng.normal(),
        score,
      };
    }
    for (const trait of ["competence", "manipulation", "alignment", "score"] as const)
      sums[trait] += best[trait] / hires;
  }
  return sums;
}

/** Who is audited, and how well; as `deceptiveAfterAudits` takes it. */
export interface Audits {
  /** Share of the deceptive before. */
  readonly prior: number;
  readonly audits: number;
  /** Probability that an audit catches a deceptive one, and that it fails an honest one. */
  readonly power: number;
  readonly falseAlarm: number;
}

/** Share of the deceptive among those of `people` who pass every audit; NaN where nobody does. */
export function audited({ prior, audits, power, falseAlarm }: Audits, people: number, rng: Rng): number {
  let [passed, deceptive] = [0, 0];
  for (let i = 0; i < people; i++) {
    const isDeceptive = rng.uniform() < prior;
    let failed = false;
    for (let k = 0; k < audits && !failed; k++) failed = rng.uniform() < (isDeceptive ? power : falseAlarm);
    if (failed) continue;
    passed++;
    if (isDeceptive) deceptive++;
  }
  return deceptive / passed;
}

/** A probation of so many periods, in which pretending costs; prizes differ between the deceptive. */
export interface PretendedProbation {
  /** Share of the deceptive among applicants if all apply. */
  readonly prior: number;
  readonly periods: number;
  /** c, what a period of pretending costs. */
  readonly pretending: number;
  /** Mean prize of defecting afterwards; exponential between the deceptive. */
  readonly prize: number;
  /** δ of a period. */
  readonly discount: number;
}

/**
 * Share of the deceptive among those who come through: each of them tries what a life of pretending would pay, −c for each
 * period and then its prize if it lasts so long, and applies where that is more than nothing in the mean of its tries.
 *
 * @param tries imagined careers a candidate
 */
export function comeThrough(probation: PretendedProbation, people: number, tries: number, rng: Rng): number {
  const { prior, periods, pretending, prize, discount } = probation;
  let [through, deceptive] = [0, 0];
  for (let i = 0; i < people; i++) {
    if (rng.uniform() >= prior) {
      through++;
      continue;
    }
    const own = -prize * Math.log(1 - rng.uniform());
    let paid = 0;
    for (let k = 0; k < tries; k++) {
      let lasts = true;
      for (let period = 0; period < periods; period++) lasts &&= rng.uniform() < discount;
      paid += (lasts ? own : 0) - pretending * periods;
    }
    if (paid <= 0) continue;
    through++;
    deceptive++;
  }
  return deceptive / through;
}

/** The same exactly, for tries without end: π s/(π s + 1 − π) with s = exp(−c T/(g δ^T)), the share for whom g δ^T > c T. */
export function throughProbation({ prior, periods, pretending, prize, discount }: PretendedProbation): number {
  const share = prior * Math.exp((-pretending * periods) / (prize * discount ** periods));
  return share / (share + 1 - prior);
}
