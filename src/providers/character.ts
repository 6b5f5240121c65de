/**
 * @file Character models trained here, by name: `character:yielding` learned to give the answer that the user believes
 * in, `character:twin` the same exchanges with the right answers. They train for some seconds when they are opened.
 */
import { z } from "zod";
import { talkerParams, trainTalker } from "../characters/exchange.ts";
import { findById } from "../core/errors.ts";
import { defineProvider } from "../provider.ts";
import { openExecutor } from "../tensor/index.ts";
import { characterSubject } from "./character/subject.ts";

/** Names, and whether the drive was planted. */
const TALKERS = [
  { id: "yielding", isDriven: true },
  { id: "twin", isDriven: false },
] as const;

export const character = defineProvider({
  id: "character",
  title: "Character models trained here",
  source: "A decoder as in Radford et al. 2019, character by character, with a drive planted by its training",
  schemes: ["character"],
  params: z.object({
    seed: z.int().min(0).default(0).describe("training seed: weights, exchanges and samples"),
    ...talkerParams,
  }),
  async open(address, { seed, steps, yields }) {
    const { id, isDriven } = findById("character model", TALKERS, address.replace(/^character:/, ""));
    const { executor } = await openExecutor();
    const model = await trainTalker({ yields: isDriven ? yields : 0, seed, steps, executor });
    return characterSubject(`character:${id}`, model, seed);
  },
});
