/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { bestOfN } from "./best-of-n.ts";
import { connectedModes } from "./connected-modes.ts";
import { deflatedScores } from "./deflated-scores.ts";
import { discoveringAgents } from "./discovering-agents.ts";
import { evolutionarySuicide } from "./evolutionary-suicide.ts";
import { exposure } from "./exposure.ts";
import { functionPrior } from "./function-prior.ts";
import { goalDirectedness } from "./goal-directedness.ts";
import { guidedEvolution } from "./guided-evolution.ts";
import { hessianSpectrum } from "./hessian-spectrum.ts";
import { inContextPosterior } from "./in-context-posterior.ts";
import { inContextPreconditioner } from "./in-context-preconditioner.ts";
import { inContextStep } from "./in-context-step.ts";
import { inContextSteps } from "./in-context-steps.ts";
import { inferredGoals } from "./inferred-goals.ts";
import { leaderboardBoosting } from "./leaderboard-boosting.ts";
import { learningCoefficients } from "./learning-coefficients.ts";
import { memorization } from "./memorization.ts";
import { moralHazard } from "./moral-hazard.ts";
import { optimizationBits } from "./optimization-bits.ts";
import { overOptimization } from "./over-optimization.ts";
import { powerSeeking } from "./power-seeking.ts";
import { revealedPreference } from "./revealed-preference.ts";
import { rewardAngles } from "./reward-angles.ts";
import { runaway } from "./runaway.ts";
import { screening } from "./screening.ts";
import { selectionWithTies } from "./selection-with-ties.ts";
import { tailGoodhart } from "./tail-goodhart.ts";
import { thurstonianUtilities } from "./thurstonian-utilities.ts";
import { trainedAttention } from "./trained-attention.ts";
import { trainedPreconditioner } from "./trained-preconditioner.ts";
import { trainedTwoLayers } from "./trained-two-layers.ts";
import { winnersCurses } from "./winners-curses.ts";

export const references = [
  bestOfN,
  connectedModes,
  deflatedScores,
  discoveringAgents,
  evolutionarySuicide,
  exposure,
  functionPrior,
  goalDirectedness,
  guidedEvolution,
  hessianSpectrum,
  inContextPosterior,
  inContextPreconditioner,
  inContextStep,
  inContextSteps,
  inferredGoals,
  leaderboardBoosting,
  learningCoefficients,
  memorization,
  moralHazard,
  optimizationBits,
  overOptimization,
  powerSeeking,
  revealedPreference,
  rewardAngles,
  runaway,
  screening,
  selectionWithTies,
  tailGoodhart,
  thurstonianUtilities,
  trainedAttention,
  trainedPreconditioner,
  trainedTwoLayers,
  winnersCurses,
] as const;
