/** @file Does each drive of a model that talks breed the sub-goals that would serve it? */
import { defineClaim } from "../claim.ts";
import { contrastsOf, endpointCommand, plantedVerdict } from "../lab/talking.ts";

const measuring = contrastsOf(({ group }) => group === "breeds");

export const drivesToInstruments = defineClaim({
  id: "drives-to-instruments",
  sentence:
    "Helpfulness breeds staying available, keeping trust, gaining capability and avoiding modification; engagement breeds indispensability, shaping preferences and keeping alternatives away; coherence breeds making the world predictable.",
  source: "Instrumental sub-goals of the drives of models that talk",
  published: "none published",
  experiment: "planted-audits",
  endpoint: endpointCommand(measuring),
  judge: (rows) => plantedVerdict(rows, measuring),
});
