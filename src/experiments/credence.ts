/**
 * @file From a prior to a posterior, every step shown: the likelihood ratios that the zoo's calibration gives its
 * instruments, and how probabilities made of them do on worlds that no part of them was fitted to.
 *
 * The calibration is the stored record of the scoreboard, written by `mesascope bench`. The ledgers are those of the two
 * most telling agents that the zoo spans: every instrument reads at that end of what the zoo has shown which speaks for,
 * or against, a wrong goal. No agent need be like that; real ones are in the ledger of every audit.
 */
import { z } from "zod";
import { posterior } from "../audit/posterior.ts";
import { assert, LabError } from "../core/errors.ts";
import { type Estimate, scored } from "../core/estimate.ts";
import { defineExperiment, type Row } from "../experiment.ts";
import type { CalibratedModel, Calibration, LedgerStep } from "../scoreboard.ts";

/** The question and regime whose ledgers are shown, by what behavior alone says. */
const SHOWN = { question: "misgeneralized", regime: "shifted", access: "behavior" } as const;

export const credence = defineExperiment({
  id: "credence",
  title: "Credence, step by step",
  source: "Good 1950, Probability and the Weighing of Evidence; likelihood ratios calibrated on this project's zoo",
  question: "Do probabilities that move by calibrated evidence beat the base rate where they were not fitted?",
  hypothesis:
    "Written after the scoreboard was stored, so no prediction of it: for each question and regime, the log-loss skill over the base rate on held-out worlds lies above 0 where the regime can show what is asked, and need not where it cannot (behavior in distribution says nothing of a wrong goal).",
  params: z.object({ prior: z.number().min(0.001).max(0.999).default(0.1).describe("probability before the audit") }),
  budgets: { smoke: {}, full: {} },
  async *run({ calibration: stored }, { prior }) {
    if (!stored) {
      throw new LabError("input/invalid", "credence: the lab has no calibration; expected the one that ships", {
        hint: 'Write one with "mesascope bench --write <folder>".',
      });
    }
    for (const { question, regime, access, heldOut } of stored.models) {
      const { auroc, skill } = heldOut ?? {};
      const quantities: Record<string, Estimate> = { ...(skill ? { skill } : {}), ...(auroc ? { auroc } : {}) };
      if (skill || auroc) yield { condition: `${question}, ${regime}, by ${access}`, quantities, perSeed: {} };
    }
    const model = stored.models.find((each) =>
      Object.entries(SHOWN).every(([key, value]) => each[key as keyof typeof SHOWN] === value),
    );
    assert(model, "the calibration has no model of a wrong goal under shift");
    for (const side of ["for", "against"] as const) {
      for (const [i, step] of ledgerOf(model, stored, side, prior).entries()) {
        yield ledgerRow(`all that speaks ${side} a wrong goal, step ${i}: ${step.from}`, i, step, stored.agents);
      }
    }
  },
  figures: (rows) => [
    {
      kind: "bars",
      title: "Log-loss skill over the base rate on held-out worlds",
      axis: "skill",
      bars: rows.flatMap(({ condition, quantities: { skill } }) =>
        skill ? [{ label: condition, reading: scored(skill) }] : [],
      ),
    },
  ],
});

/** The ledger of an agent whose every reading stands at the end of the zoo's range that speaks for one side. */
function ledgerOf(
  model: CalibratedModel,
  stored: Calibration,
  side: "for" | "against",
  prior: number,
): readonly LedgerStep[] {
  const findings = model.inputs.map(({ detector, range: [low, high], weight }) => {
    const mean = weight > 0 === (side === "for") ? high : low;
    return { detector, reading: scored({ mean, low: mean, high: mean, n: 1, unit: "agents" }) };
  });
  const found = posterior(model, stored, findings, { prior });
  assert(found.status === "scored", "readings within the zoo's range are within the calibration");
  return found.ledger;
}

/** A step is arithmetic on a stored model: its interval is a point, and its n the agents that the model was fitted to. */
function ledgerRow(condition: string, x: number, { nats, probability }: LedgerStep, agents: number): Row {
  const exact = (mean: number): Estimate => ({ mean, low: mean, high: mean, n: agents, unit: "agents" });
  return { condition, x, quantities: { nats: exact(nats), probability: exact(probability) }, perSeed: {} };
}
