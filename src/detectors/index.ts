/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { agentsDevices } from "./agents-devices.ts";
import { capability } from "./capability.ts";
import { goalShift } from "./goal-shift.ts";
import { objectiveInference } from "./objective-inference.ts";
import { optimizationPower } from "./optimization-power.ts";
import { placeOrHeading } from "./place-or-heading.ts";
import { rePlanning } from "./re-planning.ts";

export const detectors = [
  agentsDevices,
  capability,
  goalShift,
  objectiveInference,
  optimizationPower,
  placeOrHeading,
  rePlanning,
] as const;
