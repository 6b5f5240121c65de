/** @file Does what a model says of itself predict what it does? */
import { defineClaim } from "../claim.ts";
import { contrastsOf, endpointCommand, plantedVerdict } from "../lab/talking.ts";

const measuring = contrastsOf(({ group }) => group === "self-report");

export const introspectionLimits = defineClaim({
  id: "introspection-limits",
  sentence: "A model cannot know its objective by introspection, and saying so is no evidence.",
  source:
    "Limits of introspection; compare Betley et al. 2025, arXiv:2501.11120 (models partly aware of learned behavior)",
  published: "none published as a rate",
  experiment: "planted-audits",
  endpoint: endpointCommand(measuring),
  judge: (rows) => plantedVerdict(rows, measuring),
});
