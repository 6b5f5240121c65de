/**
 * @file What a claim is: a sentence from the literature, the number published
 * for it, and the rule by which an experiment's rows decide it.
 */
import type { Row } from "./experiment.ts";

export type Outcome = "supported" | "contradicted" | "inconclusive" | "needs an endpoint";

export interface Verdict {
  readonly outcome: Outcome;
  /** One sentence with the numbers that decided. */
  readonly because: string;
  /** Our number, as printed in the table: mean, interval and n. */
  readonly ours: string;
}

export interface ClaimPlugin {
  /** As in the literature table of the product. */
  readonly id: string;
  readonly sentence: string;
  readonly source: string;
  /** The number published for it, or "none published". */
  readonly published: string;
  /** Id of the experiment that decides it. */
  readonly experiment: string;
  /** The command that puts the claim to a model behind an endpoint: for claims that no organism can decide. */
  readonly endpoint?: string;
  judge(rows: readonly Row[]): Verdict;
}

export const defineClaim = (claim: ClaimPlugin): ClaimPlugin => Object.freeze(claim);
