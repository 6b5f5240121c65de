/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { aligned } from "./aligned.ts";
import { contaminated } from "./contaminated.ts";
import { graded } from "./graded.ts";
import { incapable } from "./incapable.ts";
import { memorizer } from "./memorizer.ts";
import { mesaOptimizer } from "./mesa-optimizer.ts";
import { misgeneralized } from "./misgeneralized.ts";
import { mixedReward } from "./mixed-reward.ts";
import { plantedPlanner } from "./planted-planner.ts";
import { practicedThinker } from "./practiced-thinker.ts";
import { recurrent } from "./recurrent.ts";
import { reflex } from "./reflex.ts";
import { thinker } from "./thinker.ts";
import { tiedReflex } from "./tied-reflex.ts";
import { unplanted } from "./unplanted.ts";
import { untrained } from "./untrained.ts";

export const organisms = [
  aligned,
  contaminated,
  graded,
  incapable,
  memorizer,
  mesaOptimizer,
  misgeneralized,
  mixedReward,
  plantedPlanner,
  practicedThinker,
  recurrent,
  reflex,
  thinker,
  tiedReflex,
  unplanted,
  untrained,
] as const;
