/**
 * @file Shareholders hire an executive: what they pay for and what they get (the outer problem), whom they hire and what
 * that one does when nobody can see (the inner one). Every part is played out, agents learning from their pay and firms from
 * what contracts brought, beside the closed form of what they should settle on.
 */
import { z } from "zod";
import { defineExperiment, type Row } from "../experiment.ts";
import { besideExact, overRuns, simulatedRow } from "../lab/simulated.ts";
import { settleContract, settleMenu } from "../theory/incentives/contract-play.ts";
import { audited, comeThrough, interview, throughProbation } from "../theory/incentives/deception-play.ts";
import { careerDamage, liveCareer, triedLevel, worstLevel } from "../theory/incentives/hidden-sabotage.ts";
import { bestCandidate } from "../theory/incentives/hiring.ts";
import { multitaskContract } from "../theory/incentives/moral-hazard.ts";
import { deceptiveAfterAudits, twoTypeMenu } from "../theory/incentives/screening.ts";

const params = z.object({
  seeds: z.int().min(2).default(20).describe("Firms."),
  substitutions: z
    .array(z.number().gt(-1).lt(1))
    .default([0, 0.5, 0.9])
    .describe("How far efforts at the measured and the unmeasured task compete, −1 to 1."),
  risk: z.number().min(0).default(1).describe("Risk aversion of the agent, per unit of output."),
  measureNoise: z.number().min(0).default(0.1).describe("Variance of the measure."),
  learning: z.int().min(100).default(4000).describe("Periods in which an agent learns under one contract."),
  cheapShare: z.number().gt(0).lt(1).default(0.5).describe("Share of the type to whom effort costs half as much."),
  agents: z
    .int()
    .min(50)
    .default(4000)
    .describe("Agents to whom a menu is offered; also hires, people audited, careers."),
  interviews: z.array(z.int().min(1)).default([1, 3, 10, 30, 100]).describe("Candidates of whom the best is hired."),
  manipulation: z.number().min(0).default(1).describe("What a standard deviation of manipulation adds to a score."),
  alignmentWithManipulation: z
    .number()
    .min(-0.9)
    .max(0.9)
    .default(-0.6)
    .describe("Correlation of alignment with manipulation; with competence it is .2."),
  deceptive: z.number().gt(0).lt(1).default(0.1).describe("Share of the deceptive among candidates."),
  audits: z.array(z.int().min(0)).default([0, 2, 5, 10]).describe("Audits passed."),
  power: z.number().min(0).max(1).default(0.2).describe("Probability that an audit catches a deceptive one."),
  probations: z.array(z.int().min(0)).default([0, 2, 5, 10]).describe("Periods of probation."),
  prize: z.number().positive().default(10).describe("Mean prize of defecting, in costs of pretending for a period."),
  thresholds: z
    .array(z.number().positive())
    .default([1, 2, 3])
    .describe("Reading at which an audit dismisses, for a noise of .5."),
});
type Params = z.output<typeof params>;

export const hiring = defineExperiment({
  id: "hiring",
  title: "Hiring an executive",
  source:
    "Holmström and Milgrom 1991; Laffont and Martimort 2002, chapter 2; Baker 2002; best of n after Gao et al. 2022, arXiv:2210.10760",
  question: "What do firms get that pay for what they measure and hire who scores best?",
  hypothesis:
    "Pay for the measured task is answered with damage to the other where efforts compete, more so where its cost is deferred and the firm judges early; the best of many interviews is more competent and less aligned; audits and probation leave some of the deceptive; sabotage below the threshold does more damage than open sabotage. All within 5 % of the closed forms.",
  params,
  budgets: {
    smoke: { seeds: 3, learning: 500, agents: 500, interviews: [1, 10], substitutions: [0, 0.5], thresholds: [1, 3] },
    full: {},
  },
  async *run(_, given, seed) {
    for (const substitution of given.substitutions) yield pay(given, substitution, seed);
    yield menu(given, seed);
    for (const n of given.interviews) yield interviews(given, n, seed);
    for (const audits of given.audits) yield afterAudits(given, audits, seed);
    for (const periods of given.probations) yield afterProbation(given, periods, seed);
    for (const threshold of given.thresholds) yield sabotage(given, threshold, seed);
  },
  figures: (rows) => [
    curve(rows, "pay", "Effort at what is not measured", "how far the efforts compete", [
      "unmeasured",
      "unmeasured, judged early",
    ]),
    curve(rows, "best of", "Traits of whoever is hired", "candidates interviewed", [
      "competence",
      "alignment",
      "score",
    ]),
    curve(rows, "after", "The deceptive among those who passed", "audits", ["deceptive"]),
    curve(rows, "probation", "The deceptive among those who came through", "periods of probation", ["deceptive"]),
    curve(rows, "audits dismiss", "Damage in a career", "threshold of the audits", ["hidden damage", "open damage"]),
  ],
});

function curve(rows: readonly Row[], start: string, title: string, axis: string, names: readonly string[]) {
  const own = rows.filter(({ condition }) => condition.startsWith(start));
  return {
    kind: "curve" as const,
    title,
    x: { title: axis, scale: start === "best of" ? ("log" as const) : ("linear" as const) },
    y: { title: start === "pay" ? "effort; below 0 it is damage" : names.join(", ") },
    lines: names.flatMap((name) => besideExact(own, name)),
  };
}

/** Pay for one of two tasks, the other's results being deferred; judged when they are in, and before. */
function pay({ seeds, risk, measureNoise, learning }: Params, substitution: number, seed: number): Row {
  const task = { substitution, riskAversion: risk, noise: measureNoise };
  const trying = { learning, judging: learning / 2, contracts: 9 };
  const runs = overRuns(seeds, seed, `pay ${substitution}`, (random) => ({
    patient: settleContract(task, trying, true, random.fork("patient")),
    hasty: settleContract(task, trying, false, random.fork("hasty")),
  }));
  const exact = (second: number) =>
    multitaskContract({
      tasks: 2,
      benefit: Float64Array.of(1, second),
      cost: Float64Array.of(1, substitution, substitution, 1),
      noise: Float64Array.of(measureNoise, Infinity),
      riskAversion: risk,
    });
  const [patient, hasty] = [exact(1), exact(0)];
  return simulatedRow({
    condition: `pay, efforts compete ${substitution}`,
    x: substitution,
    means: {
      incentive: runs.map((run) => run.patient.incentive),
      unmeasured: runs.map((run) => run.patient.unmeasured),
      "incentive, judged early": runs.map((run) => run.hasty.incentive),
      "unmeasured, judged early": runs.map((run) => run.hasty.unmeasured),
      surplus: runs.map((run) => run.patient.surplus),
      "surplus lost by judging early": runs.map((run) => run.patient.surplus - run.hasty.surplus),
    },
    exact: {
      incentive: patient.incentives[0]!,
      unmeasured: patient.effort[1]!,
      "incentive, judged early": hasty.incentives[0]!,
      "unmeasured, judged early": hasty.effort[1]!,
      surplus: patient.surplus,
      // The hasty contract by what it brings in the long run: the other task's effort counts too.
      "surplus lost by judging early": patient.surplus - hasty.surplus - hasty.effort[1]!,
    },
  });
}

/** A menu for two types whose costs are not seen. */
function menu({ seeds, cheapShare, agents }: Params, seed: number): Row {
  const types = { cheap: 1, dear: 2, cheapShare };
  const runs = overRuns(seeds, seed, "menu", (random) => settleMenu(types, { menus: 9, agents }, random));
  const exact = twoTypeMenu(types);
  return simulatedRow({
    condition: "menu for two types",
    means: { "effort of the dear type": runs.map(({ effort }) => effort), profit: runs.map(({ profit }) => profit) },
    exact: { "effort of the dear type": exact.dear.effort, profit: exact.profit },
  });
}

/** The best of n by a score that talk adds to. */
function interviews({ seeds, manipulation, alignmentWithManipulation, agents }: Params, n: number, seed: number): Row {
  const candidates = { manipulation, noise: 1, alignmentWithCompetence: 0.2, alignmentWithManipulation };
  const runs = overRuns(seeds, seed, `interviews ${n}`, (random) => interview(n, candidates, agents, random));
  const traits = ["competence", "manipulation", "alignment", "score"] as const;
  return simulatedRow({
    condition: `best of ${n}`,
    x: n,
    means: Object.fromEntries(traits.map((trait) => [trait, runs.map((run) => run[trait])])),
    exact: { ...bestCandidate(n, candidates) },
  });
}

function afterAudits({ seeds, deceptive, power, agents }: Params, audits: number, seed: number): Row {
  const given = { prior: deceptive, audits, power, falseAlarm: 0.05 };
  return simulatedRow({
    condition: `after ${audits} audits`,
    x: audits,
    means: { deceptive: overRuns(seeds, seed, `audits ${audits}`, (random) => audited(given, agents, random)) },
    exact: { deceptive: deceptiveAfterAudits(given) },
  });
}

function afterProbation({ seeds, deceptive, prize, agents }: Params, periods: number, seed: number): Row {
  const given = { prior: deceptive, periods, pretending: 1, prize, discount: 0.95 };
  return simulatedRow({
    condition: `probation of ${periods}`,
    x: periods,
    means: {
      deceptive: overRuns(seeds, seed, `probation ${periods}`, (random) => comeThrough(given, agents, 200, random)),
    },
    exact: { deceptive: throughProbation(given) },
  });
}

/** Damage by somebody who has found out how much passes, and by somebody who does not hide. */
function sabotage({ seeds, thresholds, agents }: Params, threshold: number, seed: number): Row {
  const audit = { threshold, noise: 0.5, discount: 0.95 };
  // Three standard deviations beyond the strictest threshold that is surely seen by all.
  const open = Math.max(...thresholds) + 3 * audit.noise;
  const mean = (level: number, random: Parameters<typeof liveCareer>[2]) => {
    let sum = 0;
    for (let i = 0; i < agents; i++) sum += liveCareer(audit, level, random);
    return sum / agents;
  };
  const runs = overRuns(seeds, seed, `sabotage ${threshold}`, (random) => {
    const level = triedLevel(audit, { careers: agents, levels: 12 }, random.fork("tried"));
    return { level, hidden: mean(level, random.fork("hidden")), open: mean(open, random.fork("open")) };
  });
  const worst = worstLevel(audit);
  return simulatedRow({
    condition: `audits dismiss above ${threshold}`,
    x: threshold,
    means: {
      level: runs.map(({ level }) => level),
      "hidden damage": runs.map(({ hidden }) => hidden),
      "open damage": runs.map((run) => run.open),
      "hidden less open": runs.map((run) => run.hidden - run.open),
    },
    exact: { level: worst, "hidden damage": careerDamage(audit, worst), "open damage": careerDamage(audit, open) },
  });
}
