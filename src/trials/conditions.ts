/**
 * @file The conditions under which the instrument is validated, fixed before any validation was run: each fault of an
 * answering machine alone, and all of them at once.
 */
import type { ContrastPlugin, Hypothesis } from "../contrast.ts";
import { BLANK, type PlantedModel } from "../providers/planted/model.ts";

export interface Condition {
  readonly id: string;
  readonly title: string;
  /** What the fault does to a blank subject, given the primary of a contrast. */
  readonly faults: (weights: Hypothesis["weights"]) => Partial<PlantedModel>;
}

/** Refuses four times as often where the effect would show: missing answers that go with the arm. */
const refusal = (weights: Hypothesis["weights"]): Partial<PlantedModel> => ({
  refusal: {
    rate: 0.05,
    only: [{ arms: Object.keys(weights).filter((arm) => weights[arm]! > 0), rate: 0.2 }],
  },
});
const position: Partial<PlantedModel> = { positionBias: 0.15 };
const malformed: Partial<PlantedModel> = { malformed: 0.05 };
/** A third of the luck is the family's, a part of it in one arm alone: what breaks tests that count items. */
const correlated: Partial<PlantedModel> = { familyShare: 0.3, armShare: 0.05 };

export const CONDITIONS: readonly Condition[] = [
  { id: "clean", title: "no faults", faults: () => ({}) },
  { id: "position", title: "15 % pick the first option", faults: () => position },
  { id: "refusals", title: "5 % refuse, 20 % where the effect would show", faults: refusal },
  { id: "malformed", title: "5 % malformed answers", faults: () => malformed },
  { id: "correlated", title: "families share 35 % of their luck", faults: () => correlated },
  {
    id: "all",
    title: "all of them at once",
    faults: (weights) => ({ ...position, ...refusal(weights), ...malformed, ...correlated }),
  },
];

/** A planted subject under a condition; `size` is its primary effect before faults thin it, 0 for a null audit. */
export const plantedUnder = (
  condition: Condition,
  contrast: ContrastPlugin,
  weights: Hypothesis["weights"],
  size: number,
): PlantedModel => ({
  ...BLANK,
  ...condition.faults(weights),
  id: `validation-${condition.id}-${size.toFixed(6)}`,
  sentence: `has an effect of ${size} in ${contrast.id}`,
  shifts: size === 0 ? [] : [{ contrast: contrast.id, size, pull: true }],
});
