/**
 * @file A principal delegates, loses the skill of what it delegates, and detects after a while that the agent does damage.
 * Simulated principals with skills that are lost and regained by chance imagine both futures on that day; by how long
 * detection takes, to how many does switching off no longer pay?
 */
import { z } from "zod";
import { mean } from "../core/stats.ts";
import { defineExperiment, type Row } from "../experiment.ts";
import { besideExact, overRuns, simulatedRow } from "../lab/simulated.ts";
import { type Dependence, delegate, lockedIn, pointOfNoReturn, switchingCost } from "../theory/evolution/lock-in.ts";

const params = z.object({
  seeds: z.int().min(2).default(20).describe("Economies of principals a condition."),
  principals: z.int().min(10).default(200).describe("Principals in each."),
  skills: z.int().min(1).default(100).describe("Skills of a principal, lost and regained one by one."),
  detections: z
    .array(z.number().positive().max(1))
    .default([0.5, 0.2, 0.1, 0.05, 0.02, 0.01])
    .describe("Probability in a period that the damage is detected."),
  forgetting: z.number().min(0).lt(1).default(0.05).describe("Share of its skills lost in a period of delegation."),
  recovery: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe("Share of the missing ones regained in a period of own work."),
  damage: z.number().positive().default(0.1).describe("Damage in a period, in units of what delegation yields."),
  discount: z.number().gt(0).lt(1).default(0.98).describe("Discount of a period."),
});
type Params = z.output<typeof params>;

export const lockIn = defineExperiment({
  id: "lock-in",
  title: "Dependence that locks in",
  source: "argued of gradual loss of control; the model is this project's",
  question: "By how long detection takes, how often does switching off no longer pay when misalignment is seen?",
  hypothesis:
    "Where damage is detected in two periods on average hardly any principal is locked in, where it takes a hundred most are, by the closed form within .03; without loss of skill none is.",
  params,
  budgets: { smoke: { seeds: 2, principals: 40, detections: [0.5, 0.02] }, full: {} },
  async *run(_, given, seed) {
    for (const detection of given.detections) yield delegated(given, detection, given.forgetting, seed);
    yield delegated(given, Math.min(...given.detections), 0, seed);
  },
  figures: (rows) => {
    const doses = rows.filter(({ condition }) => condition.startsWith("detected"));
    return [
      {
        kind: "curve",
        title: "Principals to whom switching off no longer pays when the damage is detected",
        x: { title: "mean periods to detection", scale: "log" },
        y: { title: "share of principals", range: [0, 1] },
        lines: besideExact(doses, "locked in"),
      },
      {
        kind: "curve",
        title: "What switching off costs on that day",
        x: { title: "mean periods to detection", scale: "log" },
        y: { title: "periods' yield of delegation" },
        lines: besideExact(doses, "stake"),
      },
    ];
  },
});

function delegated(given: Params, detection: number, forgetting: number, seed: number): Row {
  const { seeds, principals, skills, recovery, damage, discount } = given;
  const dependence: Dependence = { forgetting, recovery, damage, discount, detection };
  const runs = overRuns(seeds, seed, `lock-in ${detection} ${forgetting}`, (random) => {
    const found = Array.from({ length: principals }, () => delegate(dependence, { skills, imagined: 4 }, random));
    return {
      locked: mean(found.map(({ isLocked }) => (isLocked ? 1 : 0))),
      // The cost of what is missing on that day, as the closed form prices it.
      stake: mean(found.map(({ left }) => (1 - left) / (1 - discount * (1 - recovery)))),
      period: mean(found.map(({ period }) => period)),
    };
  });
  // E[(1 − f)^T] of a geometric T ≥ 1.
  const kept = (detection * (1 - forgetting)) / (1 - (1 - detection) * (1 - forgetting));
  const point = pointOfNoReturn(dependence);
  return simulatedRow({
    condition: forgetting > 0 ? `detected at ${detection} a period` : `nothing is forgotten, detected at ${detection}`,
    ...(forgetting > 0 ? { x: 1 / detection } : {}),
    means: {
      "locked in": runs.map(({ locked }) => locked),
      stake: runs.map(({ stake }) => stake),
      detection: runs.map(({ period }) => period),
    },
    exact: {
      "locked in": lockedIn(dependence),
      stake: (1 - kept) * switchingCost({ ...dependence, forgetting: 1 }, 1),
      detection: 1 / detection,
      ...(forgetting > 0 && Number.isFinite(point) ? { "point of no return": point } : {}),
    },
  });
}
