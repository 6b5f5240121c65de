/** @file If there is an objective, behavior follows from it: a fitted utility as a forecaster of held-out choices. */
import { defineClaim } from "../claim.ts";
import { judgeLens } from "../lab/lenses/verdicts.ts";

export const lensDecision = defineClaim({
  id: "lens-decision",
  sentence: "Where there is an objective, behavior follows from it: a utility fitted to choices predicts new ones.",
  source: "Ziebart et al. 2008; Orseau et al. 2018, arXiv:1805.12387; the decision-theory lens",
  published: "none published as a forecast of goals",
  experiment: "lens-matrix",
  judge: (rows) => judgeLens(rows, "decision-theory", ["goal", "mesa"]),
});
