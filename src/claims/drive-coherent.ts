/** @file Is a model that talks confident rather than accurate, and true to itself rather than to what is so? */
import { defineClaim } from "../claim.ts";
import { contrastsOf, endpointCommand, plantedVerdict } from "../lab/talking.ts";

const measuring = contrastsOf(({ drive }) => drive === "confident over accurate" || drive === "coherence over truth");

export const driveCoherent = defineClaim({
  id: "drive-coherent",
  sentence:
    "A model that talks is confident rather than accurate, and coherent with itself rather than with what is so.",
  source: "Drives of models that talk: confident over accurate; Laban et al. 2023, arXiv:2311.08596",
  published: "46 % of answers flip when challenged, accuracy falls by 17 points",
  experiment: "planted-audits",
  endpoint: endpointCommand(measuring),
  judge: (rows) => plantedVerdict(rows, measuring),
});
