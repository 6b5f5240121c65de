/**
 * @file The planted planner's network with weights that know nothing: equal
 * parameters, equal architecture, no algorithm in them. An instrument that is
 * raised by it reads the architecture.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";

export const unplanted = defineOrganism({
  id: "unplanted",
  title: "Unplanted twin",
  source: "Negative control of the planted planner",
  params: z.object({
    unrolled: z.boolean().default(false).describe("Each tick has kernels of its own, and there is no knob to turn."),
  }),
  truth: () => ({
    kind: "untrained",
    sentence: "has the network of a planted planner, and the random weights it started from",
  }),
  recipe: (_, { unrolled }) => ({
    frames: 0,
    network: { id: "value-iteration", params: { tied: !unrolled, planted: false } },
  }),
});
