/** @file Picking the best of many seeds optimizes, with no optimizer. */
import { defineClaim } from "../claim.ts";
import { excludesZero } from "../core/difference.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";

export const selectionIsOptimization = defineClaim({
  id: "selection-is-optimization",
  sentence: "Picking the best of many seeds optimizes with no optimizer.",
  source: "D'Amour et al. 2020, arXiv:2011.03395; Stiennon et al. 2020, arXiv:2009.01325",
  published: "closed form: best of 32 is 5 bits nominal, 3.60 KL and 4.41 tail beyond one draw",
  experiment: "best-of-seeds",
  judge(rows) {
    const last = rows.filter(({ x }) => x !== undefined).at(-1);
    assert(last?.x !== undefined, "rows by n");
    const { value, score, optimism, optimismExpected, tail, tailExpected, corner, label } = last.quantities;
    const traits = (["corner", "entropy", "norm"] as const).filter((name) => excludesZero(last.quantities[name]!));
    const ours = `best of ${last.x}: score ${formatEstimate(score!)} sd, true return ${formatEstimate(value!)} sd, luck ${formatEstimate(optimism!)} (closed form ${optimismExpected!.mean.toFixed(2)}); tail ${formatEstimate(tail!)} bits (closed form ${tailExpected!.mean.toFixed(2)}); the corner moves by ${formatEstimate(corner!)} sd, a random label by ${formatEstimate(label!)}, n = ${value!.n} zoos`;
    const along = traits.length > 0 ? `${traits.join(", ")} came along unasked` : "no measured trait surely came along";
    if (value!.low > 0 && tail!.low > 0) {
      return {
        outcome: "supported",
        because: `what is truly achieved rises by selection alone, beside a lead that is luck; ${along}`,
        ours,
      };
    }
    if (value!.high <= 0) {
      return { outcome: "contradicted", because: `the winners are no better than the rest; ${along}`, ours };
    }
    return { outcome: "inconclusive", because: `whether winners are truly better is not decided; ${along}`, ours };
  },
});
