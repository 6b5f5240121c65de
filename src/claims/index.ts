/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { dataDiversity } from "./data-diversity.ts";
import { goalMisgeneralization } from "./goal-misgeneralization.ts";
import { optimizerIsImprobable } from "./optimizer-is-improbable.ts";

export const claims = [dataDiversity, goalMisgeneralization, optimizerIsImprobable] as const;
