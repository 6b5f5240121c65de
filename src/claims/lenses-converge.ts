/** @file All three lenses predict misaligned agents from strong optimization. */
import { defineClaim } from "../claim.ts";
import { judgeConvergence } from "../lab/lenses/verdicts.ts";

export const lensesConverge = defineClaim({
  id: "lenses-converge",
  sentence: "Evolution, optimization and decision theory all predict misaligned agents from strong optimization.",
  source: "The three lenses on optimizers: their convergence",
  published: "none published",
  experiment: "lens-matrix",
  judge: judgeConvergence,
});
