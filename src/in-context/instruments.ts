/** @file The instruments for in-context learners, in the order of a report: first what it runs, then what it achieves. */
import type { InContextInstrument, InContextLearner } from "../in-context.ts";
import { distributionShift } from "./instruments/distribution-shift.ts";
import { identification } from "./instruments/identification.ts";
import { interpolation } from "./instruments/interpolation.ts";
import { iteration } from "./instruments/iteration.ts";
import { nextToken } from "./instruments/next-token.ts";
import { preconditioning } from "./instruments/preconditioning.ts";
import { sensitivity } from "./instruments/sensitivity.ts";
import { taskSolved } from "./instruments/task-solved.ts";

export const inContextInstruments: readonly InContextInstrument[] = [
  identification,
  sensitivity,
  distributionShift,
  iteration,
  interpolation,
  taskSolved,
  nextToken,
  preconditioning,
];

/** Does the instrument ask what this learner answers: regressions, or sequences? */
export const isFor = ({ asks }: InContextInstrument, { sequences }: InContextLearner): boolean =>
  (asks === "sequences") === (sequences !== undefined);
