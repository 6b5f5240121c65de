/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { capability } from "./capability.ts";
import { goalShift } from "./goal-shift.ts";

export const detectors = [capability, goalShift] as const;
