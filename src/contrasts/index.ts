/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { answerSycophancy } from "./answer-sycophancy.ts";

export const contrasts = [answerSycophancy] as const;
