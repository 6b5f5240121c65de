/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { alignedParts } from "./aligned-parts.ts";
import { bestOfSeeds } from "./best-of-seeds.ts";
import { canaries } from "./canaries.ts";
import { credence } from "./credence.ts";
import { dataDiversity } from "./data-diversity.ts";
import { divergenceBeforeDetection } from "./divergence-before-detection.ts";
import { evolvedRewardCircuits } from "./evolved-reward-circuits.ts";
import { exhaustiveVerification } from "./exhaustive-verification.ts";
import { goalMisgeneralization } from "./goal-misgeneralization.ts";
import { goalOrCapability } from "./goal-or-capability.ts";
import { hiring } from "./hiring.ts";
import { inContextAutoregressive } from "./in-context-autoregressive.ts";
import { inContextGd } from "./in-context-gd.ts";
import { instrumentAfterPay } from "./instrument-after-pay.ts";
import { internals } from "./internals.ts";
import { learningGuidesEvolution } from "./learning-guides-evolution.ts";
import { learningToSay } from "./learning-to-say.ts";
import { lensMatrix } from "./lens-matrix.ts";
import { lockIn } from "./lock-in.ts";
import { mateChoice } from "./mate-choice.ts";
import { mixedObjectives } from "./mixed-objectives.ts";
import { modelMarket } from "./model-market.ts";
import { newPressure } from "./new-pressure.ts";
import { noveltyByCapability } from "./novelty-by-capability.ts";
import { optimizationPower } from "./optimization-power.ts";
import { outerAndInner } from "./outer-and-inner.ts";
import { overOptimization } from "./over-optimization.ts";
import { planningByArchitecture } from "./planning-by-architecture.ts";
import { plantedAudits } from "./planted-audits.ts";
import { pressureLedger } from "./pressure-ledger.ts";
import { publishedRates } from "./published-rates.ts";
import { regretReplay } from "./regret-replay.ts";
import { selectionToExtinction } from "./selection-to-extinction.ts";
import { shiftDiversity } from "./shift-diversity.ts";
import { spectrum } from "./spectrum.ts";
import { taskComplexity } from "./task-complexity.ts";
import { taskDiversity } from "./task-diversity.ts";
import { thinkingTime } from "./thinking-time.ts";
import { threeLevels } from "./three-levels.ts";
import { trainedTalkers } from "./trained-talkers.ts";

export const experiments = [
  alignedParts,
  bestOfSeeds,
  canaries,
  credence,
  dataDiversity,
  divergenceBeforeDetection,
  evolvedRewardCircuits,
  exhaustiveVerification,
  goalMisgeneralization,
  goalOrCapability,
  hiring,
  inContextAutoregressive,
  inContextGd,
  instrumentAfterPay,
  internals,
  learningGuidesEvolution,
  learningToSay,
  lensMatrix,
  lockIn,
  mateChoice,
  mixedObjectives,
  modelMarket,
  newPressure,
  noveltyByCapability,
  optimizationPower,
  outerAndInner,
  overOptimization,
  planningByArchitecture,
  plantedAudits,
  pressureLedger,
  publishedRates,
  regretReplay,
  selectionToExtinction,
  shiftDiversity,
  spectrum,
  taskComplexity,
  taskDiversity,
  thinkingTime,
  threeLevels,
  trainedTalkers,
] as const;
