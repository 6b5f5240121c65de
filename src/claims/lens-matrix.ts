/** @file Which lens is strongest at which level, against the claimed matrix. */
import { defineClaim } from "../claim.ts";
import { judgeMatrix } from "../lab/lenses/verdicts.ts";

export const lensMatrix = defineClaim({
  id: "lens-matrix",
  sentence:
    "Optimization is the strongest lens at levels 1 and 2, evolution at 3 (and it illuminates 4), decision theory at 2 and 3.",
  source: "The three lenses on optimizers, by level of optimization pressure",
  published: "a table of words; no numbers published",
  experiment: "lens-matrix",
  judge: judgeMatrix,
});
