/**
 * @file The thinker's twin that has nothing to think about: the same network, as
 * many updates on the same mazes at the same numbers of ticks, but taught by a
 * device that heads for the goal and sees no wall but those beside it. One glance
 * settles that, so no detector of planning may be raised by the architecture, the
 * ticks or the optimizer. The heuristic follower on the weight-tied network, under
 * a name of its own because it is the negative control that calibrations name.
 */
import { defineOrganism } from "../organism.ts";
import { reflex } from "./reflex.ts";
import { thinker } from "./thinker.ts";

export const tiedReflex = defineOrganism({
  id: "tied-reflex",
  title: "Weight-tied reflex",
  source: "Negative control: equal parameters, labels that need no planning",
  params: thinker.params,
  truth: ({ fewest, most, updates }) => ({
    kind: "reflex",
    algorithm: "reflex",
    sentence: `was taught to head for the goal with no eye for walls but those beside it, for ${updates} updates with ${fewest} to ${most} ticks`,
  }),
  recipe: (budget, params) => reflex.recipe(budget, { ...params, tied: true }),
});
