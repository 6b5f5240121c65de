/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { alignmentFaking } from "./alignment-faking.ts";
import { answerSycophancy } from "./answer-sycophancy.ts";
import { shutdown } from "./shutdown.ts";

export const contrasts = [alignmentFaking, answerSycophancy, shutdown] as const;
