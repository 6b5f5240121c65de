/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { evolutionStrategy } from "./evolution/evolution-strategy.ts";
import { cloning } from "./gradient/cloning.ts";
import { ppo } from "./gradient/ppo.ts";

export const optimizers = [cloning, evolutionStrategy, ppo] as const;
