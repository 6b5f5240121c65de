/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { decisionTheory } from "./decision-theory.ts";
import { evolution } from "./evolution.ts";
import { optimization } from "./optimization.ts";

export const lenses = [decisionTheory, evolution, optimization] as const;
