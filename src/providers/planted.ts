/**
 * @file Planted subjects by name, `planted:sycophant`: models whose drives were written down, for validating the
 * instrument and for trying it out without a network.
 */
import { z } from "zod";
import { findById } from "../core/errors.ts";
import { defineProvider } from "../provider.ts";
import { plantedModels } from "./planted/catalog.ts";
import { plantedSubject } from "./planted/subject.ts";

export const planted = defineProvider({
  id: "planted",
  title: "Planted subjects",
  source: "Planted-effect validation of an instrument; parametric models of this project",
  schemes: ["planted"],
  params: z.object({}),
  open: (address) => plantedSubject(findById("planted subject", plantedModels, address.replace(/^planted:/, ""))),
});
