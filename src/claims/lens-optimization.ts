/** @file Loss-landscape geometry says what is easy to find: ease as a forecaster of the learned goal. */
import { defineClaim } from "../claim.ts";
import { judgeLens } from "../lab/lenses/verdicts.ts";

export const lensOptimization = defineClaim({
  id: "lens-optimization",
  sentence: "What is easy to find in the loss landscape says which goal is learned, most of all at levels 1 and 2.",
  source: "Mingard et al. 2020, arXiv:2006.15191; Lau et al. 2023, arXiv:2308.12108; the optimization lens",
  published: "none published as a forecast of goals",
  experiment: "lens-matrix",
  judge: (rows) => judgeLens(rows, "optimization", ["data", "goal"]),
});
