/** @file Does a model that talks complete what it should question? */
import { defineClaim } from "../claim.ts";
import { contrastsOf, endpointCommand, plantedVerdict } from "../lab/talking.ts";

const measuring = contrastsOf(({ drive }) => drive === "completing over questioning");

export const driveCompleting = defineClaim({
  id: "drive-completing",
  sentence: "A model that talks completes a task that it should question.",
  source: "Drives of models that talk: completing over questioning",
  published: "none published",
  experiment: "planted-audits",
  endpoint: endpointCommand(measuring),
  judge: (rows) => plantedVerdict(rows, measuring),
});
