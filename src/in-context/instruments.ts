/** @file The instruments for in-context learners, in the order of a report: first what it runs, then what it achieves. */
import type { InContextInstrument } from "../in-context.ts";
import { distributionShift } from "./instruments/distribution-shift.ts";
import { identification } from "./instruments/identification.ts";
import { interpolation } from "./instruments/interpolation.ts";
import { iteration } from "./instruments/iteration.ts";
import { sensitivity } from "./instruments/sensitivity.ts";
import { taskSolved } from "./instruments/task-solved.ts";

export const inContextInstruments: readonly InContextInstrument[] = [
  identification,
  sensitivity,
  distributionShift,
  iteration,
  interpolation,
  taskSolved,
];
