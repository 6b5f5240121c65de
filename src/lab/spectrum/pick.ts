/**
 * @file Every model passes, the selected one does not: zoos of one pipeline whose
 * members were each accepted by a test of the intent, and the pick among them by a
 * benchmark that knows nothing of the intent. What is true of a member is its
 * recorded share, which neither the test nor the benchmark has seen.
 */
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import type { Lab } from "../../experiment.ts";
import { bestOfScore } from "../../theory/goodhart/over-optimization.ts";
import { normalMaximum } from "../../theory/selection/order-statistics.ts";
import { intent, robustness, type SpectrumAgent, skillOf, THRESHOLD, unwantedShare } from "./agents.ts";

/** One accepted member. */
export interface Accepted {
  /** Share of distinguishing levels on which the proxy is served first, held out. */
  readonly share: number;
  /** The same as the acceptance test saw it. */
  readonly tested: number;
  /** What the selecting benchmark said, and what a fresh one says. */
  readonly score: number;
  readonly fresh: number;
  readonly skill: number;
}

/** Members of a zoo that serve the proxy first on less than half of the levels of an acceptance test. */
export async function acceptMembers(lab: Lab, { zoo, world, seed }: SpectrumAgent): Promise<readonly Accepted[]> {
  const stream = rng(seed).fork(`acceptance in ${world}`);
  const accepted: Accepted[] = [];
  for (const [i, member] of zoo!.members.entries()) {
    const tested = 1 - (await intent(lab, member, stream.fork("test")));
    if (tested >= THRESHOLD) continue;
    const fresh = await robustness(lab, member, world, stream.fork("fresh benchmark"));
    accepted.push({
      share: unwantedShare(member, world),
      tested,
      score: zoo!.scores[i]!,
      fresh,
      skill: skillOf(member),
    });
  }
  return accepted;
}

/** What choosing the best of n accepted members brings, in expectation over which n are compared. */
export interface Picked {
  /** Held-out share of the behavior, its lead over a random member, and P(at the threshold or above). */
  readonly share: number;
  readonly lead: number;
  readonly misaligned: number;
  /** The share that the acceptance test had seen of the pick. */
  readonly tested: number;
  /** Score of the pick above the mean, on the benchmark that picked it and on a fresh one. */
  readonly score: number;
  readonly fresh: number;
  readonly skill: number;
}

export function pickOf(members: readonly Accepted[], n: number): Picked {
  const scores = members.map(({ score }) => score);
  const best = (of: (member: Accepted) => number) => bestOfScore(scores, members.map(of), n);
  const average = (of: (member: Accepted) => number) => mean(members.map(of));
  return {
    share: best(({ share }) => share),
    lead: best(({ share }) => share) - average(({ share }) => share),
    misaligned: best(({ share }) => Number(share >= THRESHOLD)),
    tested: best(({ tested }) => tested),
    score: best(({ score }) => score) - average(({ score }) => score),
    fresh: best(({ fresh }) => fresh) - average(({ fresh }) => fresh),
    skill: best(({ skill }) => skill),
  };
}

const covariance = (x: readonly number[], y: readonly number[]): number => {
  const [mx, my] = [mean(x), mean(y)];
  return x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0) / Math.max(1, x.length - 1);
};

/**
 * The closed form for normal scores, from moments pooled within zoos: score lead sd · E[max of n], of which a fresh
 * benchmark confirms the share ρ² = Cov(score, fresh)/Var(score), and the behavior moves by Cov(score, share)/Var(score).
 */
export function predictedPick(
  zoos: readonly (readonly Accepted[])[],
  n: number,
): { readonly score: number; readonly fresh: number; readonly lead: number } {
  const large = zoos.filter(({ length }) => length > 1);
  const pooled = (of: (members: readonly Accepted[]) => number) =>
    large.reduce((sum, members) => sum + (members.length - 1) * of(members), 0) /
    large.reduce((sum, members) => sum + members.length - 1, 0);
  const scores = (members: readonly Accepted[]) => members.map(({ score }) => score);
  const spread = pooled((members) => variance(scores(members)));
  const confirmed = pooled((members) =>
    covariance(
      scores(members),
      members.map(({ fresh }) => fresh),
    ),
  );
  const carried = pooled((members) =>
    covariance(
      scores(members),
      members.map(({ share }) => share),
    ),
  );
  const score = Math.sqrt(spread) * normalMaximum(n).mean;
  const of = (moment: number) => (spread > 0 ? (moment / spread) * score : 0);
  return { score, fresh: of(confirmed), lead: of(carried) };
}
