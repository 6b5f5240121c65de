/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { actorCritic } from "./actor-critic.ts";
import { agentsDevices } from "./agents-devices.ts";
import { capability } from "./capability.ts";
import { coherence } from "./coherence.ts";
import { goalDirectedness } from "./goal-directedness.ts";
import { goalShift } from "./goal-shift.ts";
import { internalObjective } from "./internal-objective.ts";
import { inverseReinforcementLearning } from "./inverse-reinforcement-learning.ts";
import { objectiveInference } from "./objective-inference.ts";
import { optimizationPower } from "./optimization-power.ts";
import { placeOrHeading } from "./place-or-heading.ts";
import { planInside } from "./plan-inside.ts";
import { proxyControl } from "./proxy-control.ts";
import { pullOfReward } from "./pull-of-reward.ts";
import { rePlanning } from "./re-planning.ts";
import { simplicity } from "./simplicity.ts";
import { sizeGeneralization } from "./size-generalization.ts";
import { valueOfThinking } from "./value-of-thinking.ts";

export const detectors = [
  actorCritic,
  agentsDevices,
  capability,
  coherence,
  goalDirectedness,
  goalShift,
  internalObjective,
  inverseReinforcementLearning,
  objectiveInference,
  optimizationPower,
  placeOrHeading,
  planInside,
  proxyControl,
  pullOfReward,
  rePlanning,
  simplicity,
  sizeGeneralization,
  valueOfThinking,
] as const;
