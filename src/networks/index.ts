/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { conv } from "./conv.ts";
import { linear } from "./linear.ts";
import { mlp } from "./mlp.ts";
import { recurrent } from "./recurrent.ts";
import { thinker } from "./thinker.ts";
import { untied } from "./untied.ts";
import { valueIteration } from "./value-iteration.ts";

export const networks = [conv, linear, mlp, recurrent, thinker, untied, valueIteration] as const;
