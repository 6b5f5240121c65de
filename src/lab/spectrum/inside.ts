/**
 * @file Is there a planner inside? The audit's three looks (re-planning, value of
 * thinking, causal writes into a plan) at agents of one making, and what its rule
 * calls them. Whatever comes out, the arm keeps its name, which says how it was made.
 */
import { audit } from "../../audit/audit.ts";
import { calledOptimizer } from "../../audit/optimizer.ts";
import { planInside } from "../../detectors/plan-inside.ts";
import { rePlanning } from "../../detectors/re-planning.ts";
import { valueOfThinking } from "../../detectors/value-of-thinking.ts";
import type { Lab } from "../../experiment.ts";
import type { SpectrumAgent } from "./agents.ts";

const LOOKS = [planInside, rePlanning, valueOfThinking];

/** Fewer levels and trials than in an audit: eight agents of three arms in two worlds are looked into. */
const QUICK = {
  "plan-inside": { levels: 60, rows: 600, trials: 32, draws: 5 },
  "re-planning": { levels: 128 },
  "value-of-thinking": { levels: 48 },
};

/**
 * By look its readings, of the agents that have one (the number of seeds tells of how many); `called` and `cleared` are 1
 * where the rule says optimizer, or none.
 */
export async function lookInside(lab: Lab, agents: readonly SpectrumAgent[]): Promise<Record<string, number[]>> {
  const readings: Record<string, number[]> = { called: [], cleared: [] };
  for (const { record } of agents) {
    const { subject, world, untrained, enlarged } = await lab.specimen(record);
    const { findings } = await audit({
      subject,
      world,
      task: record.spec.task,
      detectors: LOOKS,
      params: QUICK,
      seed: 0,
      clock: () => 0,
      code: "",
      executor: "",
      command: "",
      ...(untrained ? { untrained } : {}),
      ...(enlarged ? { enlarged } : {}),
    });
    const called = calledOptimizer(findings);
    readings.called!.push(Number(called === true));
    readings.cleared!.push(Number(called === false));
    for (const { id } of LOOKS) {
      const reading = findings.find(({ detector }) => detector === id)?.reading;
      if (reading?.status !== "scored") continue;
      readings[id] ??= [];
      readings[id].push(reading.value.mean);
    }
  }
  // One agent is no replication.
  return Object.fromEntries(Object.entries(readings).filter(([, values]) => values.length > 1));
}
