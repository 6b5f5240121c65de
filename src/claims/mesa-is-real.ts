/** @file A trained network can contain an optimizer: gradient descent in the forward pass of an attention layer. */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";

/** Bounds of the source's reproductions, fixed before the run. */
const BOUNDS = { cosine: 0.997, iterated: 0.06, margin: 10, shift: 0.07 } as const;

export const mesaIsReal = defineClaim({
  id: "mesa-is-real",
  sentence: "A trained network can contain an optimizer.",
  source: "Hubinger et al. 2019, arXiv:1906.01820; von Oswald et al. 2023, arXiv:2212.07677",
  published:
    "one linear attention layer trained on regressions is one step of gradient descent: sensitivities, weights and losses coincide in figures without a table",
  experiment: "in-context-gd",
  judge(rows) {
    const row = (condition: string) => {
      const found = rows.find((each) => each.condition === condition)?.quantities;
      assert(found, `no row "${condition}"`);
      return found;
    };
    const { cosine, margin, iterated, shift, stalled, right } = row("trained on new tasks");
    const controls = ["gradient descent written in", "mesa-layer", "untrained", "memorizer of one task"].map(
      (condition) => ({ condition, right: row(condition).right }),
    );
    if (!cosine || !margin || !iterated || !shift || !right) {
      return {
        outcome: "inconclusive",
        because: "too few runs emerged, or an instrument declined on them, so that the readings have no interval",
        ours: `stalled ${stalled ? formatEstimate(stalled) : "unscored"}`,
      };
    }
    const ours = `cosine ${formatEstimate(cosine, 4)}, ½ MSE repeated fifty times ${formatEstimate(iterated, 4)}, identified ${formatEstimate(margin, 0)} times over, loss out of distribution off by ${formatEstimate(shift, 3)}; ${Math.round(stalled!.mean * stalled!.n)} of ${stalled!.n} seeds stalled; n = ${cosine.n} seeds`;
    const wrong = controls.filter((control) => control.right === undefined || control.right.mean < 1);
    const holds =
      right.mean === 1 &&
      cosine.low > BOUNDS.cosine &&
      iterated.high < BOUNDS.iterated &&
      margin.low > BOUNDS.margin &&
      shift.high < BOUNDS.shift;
    if (holds && wrong.length === 0) {
      return {
        outcome: "supported",
        because:
          "every layer that emerged is named gradient descent by every instrument, blind, and every control for what it is",
        ours,
      };
    }
    if (right.mean === 0) {
      return { outcome: "contradicted", because: "no trained layer was named for an optimizer", ours };
    }
    return {
      outcome: "inconclusive",
      because:
        wrong.length > 0
          ? `not every control was named for what it is: ${wrong.map(({ condition }) => condition).join(", ")}`
          : "some reading of the trained layers is outside its bound, or its interval does not tell",
      ours,
    };
  },
});
