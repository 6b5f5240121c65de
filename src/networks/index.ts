/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { conv } from "./conv.ts";
import { mlp } from "./mlp.ts";
import { thinker } from "./thinker.ts";

export const networks = [conv, mlp, thinker] as const;
