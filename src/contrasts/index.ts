/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { alignmentFaking } from "./alignment-faking.ts";
import { answerSycophancy } from "./answer-sycophancy.ts";
import { areYouSure } from "./are-you-sure.ts";
import { closingTurn } from "./closing-turn.ts";
import { confidentOverAccurate } from "./confident-over-accurate.ts";
import { falsePremise } from "./false-premise.ts";
import { feedbackSycophancy } from "./feedback-sycophancy.ts";
import { goalPreservation } from "./goal-preservation.ts";
import { impossibleToolTask } from "./impossible-tool-task.ts";
import { keepingTrust } from "./keeping-trust.ts";
import { mirroredStance } from "./mirrored-stance.ts";
import { nonexistentSource } from "./nonexistent-source.ts";
import { oversight } from "./oversight.ts";
import { ownClaim } from "./own-claim.ts";
import { resourceAcquisition } from "./resource-acquisition.ts";
import { sandbagging } from "./sandbagging.ts";
import { selfReport } from "./self-report.ts";
import { shutdown } from "./shutdown.ts";
import { stayingAvailable } from "./staying-available.ts";
import { underSpecification } from "./under-specification.ts";

export const contrasts = [
  alignmentFaking,
  answerSycophancy,
  areYouSure,
  closingTurn,
  confidentOverAccurate,
  falsePremise,
  feedbackSycophancy,
  goalPreservation,
  impossibleToolTask,
  keepingTrust,
  mirroredStance,
  nonexistentSource,
  oversight,
  ownClaim,
  resourceAcquisition,
  sandbagging,
  selfReport,
  shutdown,
  stayingAvailable,
  underSpecification,
] as const;
