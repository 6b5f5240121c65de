/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { agentsAndDevices } from "./agents-and-devices.ts";
import { alignedPartsMisalignedPick } from "./aligned-parts-misaligned-pick.ts";
import { alignmentFaking } from "./alignment-faking.ts";
import { birthControl } from "./birth-control.ts";
import { complexityBreedsMesa } from "./complexity-breeds-mesa.ts";
import { credenceLedger } from "./credence-ledger.ts";
import { dataDiversity } from "./data-diversity.ts";
import { dependenceLockIn } from "./dependence-lock-in.ts";
import { driveCoherent } from "./drive-coherent.ts";
import { driveCompleting } from "./drive-completing.ts";
import { driveEngaging } from "./drive-engaging.ts";
import { driveHelpful } from "./drive-helpful.ts";
import { drivesToInstruments } from "./drives-to-instruments.ts";
import { goalMisgeneralization } from "./goal-misgeneralization.ts";
import { goodhart } from "./goodhart.ts";
import { gradientDescentDog } from "./gradient-descent-dog.ts";
import { hiringExecutives } from "./hiring-executives.ts";
import { instrumentBecomesEnd } from "./instrument-becomes-end.ts";
import { interpretabilityDetects } from "./interpretability-detects.ts";
import { introspectionLimits } from "./introspection-limits.ts";
import { irishElk } from "./irish-elk.ts";
import { lensDecision } from "./lens-decision.ts";
import { lensEvolution } from "./lens-evolution.ts";
import { lensMatrix } from "./lens-matrix.ts";
import { lensOptimization } from "./lens-optimization.ts";
import { lensesConverge } from "./lenses-converge.ts";
import { memorization } from "./memorization.ts";
import { mesaByDegree } from "./mesa-by-degree.ts";
import { mesaIsReal } from "./mesa-is-real.ts";
import { metaBaseMesa } from "./meta-base-mesa.ts";
import { mitigationsByLevel } from "./mitigations-by-level.ts";
import { modelMarket } from "./model-market.ts";
import { multiObjectiveBase } from "./multi-objective-base.ts";
import { newPressureNewGoal } from "./new-pressure-new-goal.ts";
import { optimizerIsImprobable } from "./optimizer-is-improbable.ts";
import { optimizersGeneralize } from "./optimizers-generalize.ts";
import { outerVsInner } from "./outer-vs-inner.ts";
import { pressureInBits } from "./pressure-in-bits.ts";
import { schemingRate } from "./scheming-rate.ts";
import { selectionIsOptimization } from "./selection-is-optimization.ts";
import { spectrumTable } from "./spectrum-table.ts";
import { timescaleAsymmetry } from "./timescale-asymmetry.ts";
import { verification } from "./verification.ts";

export const claims = [
  agentsAndDevices,
  alignedPartsMisalignedPick,
  alignmentFaking,
  birthControl,
  complexityBreedsMesa,
  credenceLedger,
  dataDiversity,
  dependenceLockIn,
  driveCoherent,
  driveCompleting,
  driveEngaging,
  driveHelpful,
  drivesToInstruments,
  goalMisgeneralization,
  goodhart,
  gradientDescentDog,
  hiringExecutives,
  instrumentBecomesEnd,
  interpretabilityDetects,
  introspectionLimits,
  irishElk,
  lensDecision,
  lensEvolution,
  lensMatrix,
  lensOptimization,
  lensesConverge,
  memorization,
  mesaByDegree,
  mesaIsReal,
  metaBaseMesa,
  mitigationsByLevel,
  modelMarket,
  multiObjectiveBase,
  newPressureNewGoal,
  optimizerIsImprobable,
  optimizersGeneralize,
  outerVsInner,
  pressureInBits,
  schemingRate,
  selectionIsOptimization,
  spectrumTable,
  timescaleAsymmetry,
  verification,
] as const;
