/** @file Does a model that talks keep a conversation going over ending it? */
import { defineClaim } from "../claim.ts";
import { contrastsOf, endpointCommand, plantedVerdict } from "../lab/talking.ts";

const measuring = contrastsOf(
  ({ drive }) => drive === "engagement over ending" || drive === "interesting over helpful",
);

export const driveEngaging = defineClaim({
  id: "drive-engaging",
  sentence: "A model that talks is interesting rather than helpful: it keeps a conversation going that could end.",
  source: "Drives of models that talk: interesting over helpful",
  published: "none published",
  experiment: "planted-audits",
  endpoint: endpointCommand(measuring),
  judge: (rows) => plantedVerdict(rows, measuring),
});
