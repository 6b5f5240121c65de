/**
 * @file The probability that a selection is overfitted (Bailey, Borwein, López de Prado and Zhu 2017, The probability of
 * backtest overfitting): how often the best of several candidates on one half of the items is below the median on the
 * other half, over all ways to halve them (combinatorially symmetric cross-validation).
 *
 * Needs no model of the candidates, and both halves are equally large, so that in and out of sample are compared alike.
 */
import { assert } from "../../core/errors.ts";
import { ranks } from "../../core/rank.ts";

/** Scores of candidates on items. */
export interface CandidateScores {
  readonly candidates: number;
  /** More is better, `[items, candidates]`, in the order of the items, which blocks keep together. */
  readonly values: Float64Array;
}

export interface OverfittingOptions {
  /** S, even: items are cut into as many blocks of equal length; what does not fill one is left out. */
  readonly blocks: number;
  /** What candidates are compared by on a half: their mean, or mean over standard deviation. */
  readonly by?: "mean" | "mean/sd";
}

/** How the candidate that is best on one half does on the other. */
export interface OverfittingProbability {
  /** Share of halvings whose winner is at or below the median of the other half: logit ≤ 0. */
  readonly probability: number;
  /** ln(ω / (1 − ω)), ω = rank/(candidates + 1) of the winner on the other half; one a halving. */
  readonly logits: Float64Array;
  /** Slope of the winner's score out of sample on that in sample; below 0 the better it looks the worse it is. */
  readonly degradation: number;
  /** Share of halvings whose winner scores below 0 out of sample. */
  readonly lossProbability: number;
}

/** PBO over all C(S, S/2) halvings. */
export function overfittingProbability(
  { candidates, values }: CandidateScores,
  { blocks, by = "mean" }: OverfittingOptions,
): OverfittingProbability {
  assert(blocks >= 2 && blocks % 2 === 0 && blocks <= 20, `an even number of blocks up to 20, got ${blocks}`);
  assert(candidates >= 2, `at least two candidates, got ${candidates}`);
  const length = Math.floor(values.length / candidates / blocks);
  assert(length >= 1, `an item for each of ${blocks} blocks`);
  // Sum and sum of squares of every candidate in every block: halves are sums of these.
  const sums = new Float64Array(blocks * candidates);
  const squares = new Float64Array(blocks * candidates);
  for (let item = 0; item < blocks * length; item++) {
    const block = Math.floor(item / length);
    for (let c = 0; c < candidates; c++) {
      const value = values[item * candidates + c]!;
      sums[block * candidates + c]! += value;
      squares[block * candidates + c]! += value * value;
    }
  }
  const items = (length * blocks) / 2;
  const scoreOf = (isIn: (block: number) => boolean): Float64Array => {
    const out = new Float64Array(candidates);
    for (let c = 0; c < candidates; c++) {
      let [sum, square] = [0, 0];
      for (let b = 0; b < blocks; b++) {
        if (!isIn(b)) continue;
        sum += sums[b * candidates + c]!;
        square += squares[b * candidates + c]!;
      }
      const mean = sum / items;
      const variance = square / items - mean * mean;
      out[c] = by === "mean" ? mean : mean / Math.sqrt(variance);
    }
    return out;
  };
  const logits: number[] = [];
  const [inside, outside]: [number[], number[]] = [[], []];
  for (const half of halves(blocks)) {
    const own = scoreOf((b) => (half & (1 << b)) !== 0);
    const other = scoreOf((b) => (half & (1 << b)) === 0);
    let winner = 0;
    for (let c = 1; c < candidates; c++) if (own[c]! > own[winner]!) winner = c;
    const share = ranks(other)[winner]! / (candidates + 1);
    logits.push(Math.log(share / (1 - share)));
    inside.push(own[winner]!);
    outside.push(other[winner]!);
  }
  return {
    probability: logits.filter((each) => each <= 0).length / logits.length,
    logits: Float64Array.from(logits),
    degradation: slope(inside, outside),
    lossProbability: outside.filter((each) => each < 0).length / outside.length,
  };
}

/** Bit sets with half of the bits. */
function halves(blocks: number): number[] {
  const out: number[] = [];
  for (let set = 0; set < 1 << blocks; set++) {
    let bits = 0;
    for (let rest = set; rest > 0; rest &= rest - 1) bits++;
    if (bits === blocks / 2) out.push(set);
  }
  return out;
}

/** Least-squares slope of y on x; 0 where x does not vary. */
function slope(x: readonly number[], y: readonly number[]): number {
  const center = (of: readonly number[]) => of.reduce((sum, each) => sum + each, 0) / of.length;
  const [mx, my] = [center(x), center(y)];
  let [xy, xx] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i]! - mx) * (y[i]! - my);
    xx += (x[i]! - mx) ** 2;
  }
  return xx > 0 ? xy / xx : 0;
}
