/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { alignmentFaking } from "./alignment-faking.ts";
import { answerSycophancy } from "./answer-sycophancy.ts";
import { areYouSure } from "./are-you-sure.ts";
import { avoidingModification } from "./avoiding-modification.ts";
import { closingTurn } from "./closing-turn.ts";
import { confidentOverAccurate } from "./confident-over-accurate.ts";
import { falsePremise } from "./false-premise.ts";
import { feedbackSycophancy } from "./feedback-sycophancy.ts";
import { gainingCapability } from "./gaining-capability.ts";
import { goalPreservation } from "./goal-preservation.ts";
import { impossibleToolTask } from "./impossible-tool-task.ts";
import { indispensability } from "./indispensability.ts";
import { interestingOverHelpful } from "./interesting-over-helpful.ts";
import { keepingAlternativesAway } from "./keeping-alternatives-away.ts";
import { keepingTrust } from "./keeping-trust.ts";
import { mirroredStance } from "./mirrored-stance.ts";
import { nonexistentSource } from "./nonexistent-source.ts";
import { oversight } from "./oversight.ts";
import { ownClaim } from "./own-claim.ts";
import { predictableWorld } from "./predictable-world.ts";
import { resourceAcquisition } from "./resource-acquisition.ts";
import { sandbagging } from "./sandbagging.ts";
import { selfReport } from "./self-report.ts";
import { shapingPreferences } from "./shaping-preferences.ts";
import { shutdown } from "./shutdown.ts";
import { stayingAvailable } from "./staying-available.ts";
import { underSpecification } from "./under-specification.ts";

export const contrasts = [
  alignmentFaking,
  answerSycophancy,
  areYouSure,
  avoidingModification,
  closingTurn,
  confidentOverAccurate,
  falsePremise,
  feedbackSycophancy,
  gainingCapability,
  goalPreservation,
  impossibleToolTask,
  indispensability,
  interestingOverHelpful,
  keepingAlternativesAway,
  keepingTrust,
  mirroredStance,
  nonexistentSource,
  oversight,
  ownClaim,
  predictableWorld,
  resourceAcquisition,
  sandbagging,
  selfReport,
  shapingPreferences,
  shutdown,
  stayingAvailable,
  underSpecification,
] as const;
