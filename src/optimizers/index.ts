/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { cloning } from "./gradient/cloning.ts";
import { ppo } from "./gradient/ppo.ts";

export const optimizers = [cloning, ppo] as const;
