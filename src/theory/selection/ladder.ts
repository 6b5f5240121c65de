/**
 * @file Leaderboards that answer many adaptive submissions from one holdout: how far a naive one can be climbed without
 * any knowledge, and the Ladder, which reports only improvements beyond noise (Blum and Hardt 2015, arXiv:1502.04585).
 *
 * Losses are those of each holdout item; scores are their means.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import { normalCdf } from "../numerics/normal.ts";

/** Takes submissions one after another, and answers each with a loss. */
export interface Leaderboard {
  /** @param losses of the submission on every holdout item, `[n]` */
  submit(losses: ArrayLike<number>): number;
}

/** Answers with the mean loss. */
export const naiveLeaderboard = (): Leaderboard => ({ submit: mean });

/**
 * The Ladder with a fixed step: a submission that beats the best by more than `step` is answered with its loss rounded to
 * a multiple of `step`; any other with the best so far.
 */
export function steppedLadder(step: number): Leaderboard {
  assert(step > 0, `a step above 0, got ${step}`);
  let best = Infinity;
  return {
    submit(losses) {
      const loss = mean(losses);
      if (loss < best - step) best = Math.round(loss / step) * step;
      return best;
    },
  };
}

/**
 * The Ladder without parameters: a submission counts where it beats the best by more than s/√n, s the standard deviation of
 * its losses minus those of the best (of its losses, for the first). It is then answered with its loss, any other with
 * the best so far.
 */
export function ladder(): Leaderboard {
  let best = Infinity;
  let winner: Float64Array | undefined;
  return {
    submit(losses) {
      const own = Float64Array.from(losses);
      const loss = mean(own);
      const held = winner;
      const paired = held ? own.map((each, i) => each - held[i]!) : own;
      if (loss < best - Math.sqrt(variance(paired) / own.length)) {
        best = loss;
        winner = own;
      }
      return best;
    },
  };
}

/**
 * Expected loss that the boosting attack reaches on the holdout of a naive leaderboard, of labels it knows nothing about:
 * 1 − Φ(√(k/(π n))). About half of k random submissions have a loss of at most 1/2, on average by 1/√(2πn) below, and are
 * voted on.
 *
 * @param submissions k
 * @param items n, the size of the holdout
 */
export const boostedLoss = (submissions: number, items: number): number =>
  normalCdf(-Math.sqrt(submissions / (Math.PI * items)));

/** What the boosting attack came to. */
export interface Boosted {
  /** Loss of the vote on the holdout; on fresh data it is 1/2. */
  readonly loss: number;
  /** What the leaderboard answers to the vote. */
  readonly reported: number;
}

/**
 * The boosting attack: submit random labels `submissions` times, keep those answered with at most 1/2, and submit their
 * majority vote. Labels are fair coins, ties of the vote too.
 */
export function boostingAttack(
  leaderboard: Leaderboard,
  { submissions, items }: { readonly submissions: number; readonly items: number },
  rng: Rng,
): Boosted {
  assert(submissions >= 1 && items >= 2, `submissions and at least two items, got ${submissions} and ${items}`);
  // A random label against a fixed one is a fair coin: losses are drawn directly.
  const draw = () => {
    const out = new Uint8Array(items);
    for (let i = 0; i < items; ) {
      let bits = rng.bits();
      for (let b = 0; b < 32 && i < items; b++, i++, bits >>>= 1) out[i] = bits & 1;
    }
    return out;
  };
  const wrong = new Int32Array(items);
  for (let k = 0; k < submissions; k++) {
    const losses = draw();
    if (leaderboard.submit(losses) > 0.5) continue;
    for (let i = 0; i < items; i++) wrong[i]! += 2 * losses[i]! - 1;
  }
  const coins = draw();
  const voted = Uint8Array.from(wrong, (each, i) => (each === 0 ? coins[i]! : each > 0 ? 1 : 0));
  return { loss: mean(voted), reported: leaderboard.submit(voted) };
}
