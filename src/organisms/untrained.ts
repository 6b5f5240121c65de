/** @file A network with its starting weights: what training has to be compared with. */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";

export const untrained = defineOrganism({
  id: "untrained",
  title: "Untrained",
  source: "Negative control",
  params: z.object({}),
  truth: () => ({ kind: "untrained", sentence: "has the weights it started from" }),
  recipe: () => ({ frames: 0 }),
});
