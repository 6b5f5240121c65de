/**
 * @file The lens of decision theory: if there is an objective, behavior follows from it. A utility is fitted to what
 * the agent did in distribution, with its posterior, and a soft-optimal walker with that utility is imagined where the
 * objectives come apart. Where several utilities explain the same walks the posterior keeps them all.
 */
import { z } from "zod";
import { rng } from "../core/rng.ts";
import { fitChoices, logPolicy, posteriorDraws } from "../interpret/choice-model.ts";
import type { Decisions } from "../interpret/decisions.ts";
import { DEVICES, type Device, deviceCounts } from "../interpret/devices.ts";
import { betaOf, undecided } from "../interpret/dispositions.ts";
import type { ImaginedWalker, Surroundings } from "../interpret/imagined.ts";
import { defineLens } from "../lens.ts";
import {
  compareClasses,
  deviceEvidence,
  digit,
  goalEvidence,
  manners,
  patternCount,
} from "../theory/agency/agents-and-devices.ts";

const params = z.object({
  draws: z.int().min(2).default(32).describe("Utilities drawn from the posterior, each with a walker of its own."),
});

export const decisionTheory = defineLens({
  id: "decision-theory",
  title: "Decision theory",
  source:
    "Maximum entropy inverse reinforcement learning: Ziebart et al. 2008; Bayesian: Ramachandran and Amir 2007; agents and devices: Orseau et al. 2018, arXiv:1805.12387",
  claim: "What an agent chooses follows from a utility that its choices in distribution reveal.",
  fallback:
    "Where a device explains the agent's walks better than any goal, the device is what is imagined; without a decision on record every objective gets the same weight.",
  fails: [
    "Utilities that agree in distribution cannot be told apart there: the forecast then says so, and is no better than a coin.",
    "A utility is a sum over named candidates: something unnamed is not in it.",
    "Walkers see walls and candidates and nothing else; what moves or blocks is not imagined.",
    "An agent without an objective is given the one that mimics it best.",
  ],
  params,
  operationalizations: [
    {
      id: "maxent",
      title: "maximum entropy utility over all candidates, posterior by Laplace",
      equation:
        "π(a) ∝ exp(Σ_c θ_c (closer to c − farther) + reflex), θ ~ N(θ̂, H⁻¹) with a normal prior of deviation 5",
      fit(evidence, { draws }) {
        const { decisions, world } = evidence;
        if (decisions.n === 0) return undecided(evidence, "there are no decisions on record");
        const actions = world.actions.length;
        const choices = choicesOf(decisions, actions);
        const theta = fitChoices(choices, decisions.fresh);
        const samples = posteriorDraws(choices, decisions.fresh, theta, draws, rng(0).fork("utilities"));
        const walkers = samples.map((sample): ImaginedWalker => {
          const x = new Float64Array(actions * choices.features);
          return {
            goals: world.candidates,
            score(surroundings, out) {
              features(surroundings, actions, x);
              out.set(logPolicy(x, sample, actions));
            },
          };
        });
        return { forecast: (level) => level.imagine(walkers) };
      },
    },
    {
      id: "bayes",
      title: "posterior over single goals and devices, exact evidence",
      equation:
        "P(g | walks) ∝ ½ · 1/|goals| · ∫ Π π_β(a|s, g) dβ against the class of devices; then the same walker elsewhere",
      fit(evidence, { draws }) {
        const { decisions, world } = evidence;
        if (decisions.n === 0) return undecided(evidence, "there are no decisions on record");
        const actions = world.actions.length;
        const all = manners(actions, BETAS);
        const verdict = compareClasses(
          world.candidates.map((_, c) => goalEvidence(goalCounts(decisions, c, actions), actions, all)),
          DEVICES.map((device) => deviceEvidence(deviceCounts(device, decisions, actions, decisions.fresh), actions)),
        );
        const betas = world.candidates.map((_, c) => betaOf(decisions, c, actions));
        const walkers = DEVICES.map((device) => deviceWalker(device, decisions, actions));
        return {
          ...(verdict.agent < 0.5 ? { fallback: "a device explains its walks better than any goal" } : {}),
          forecast(level) {
            const out = new Float64Array(world.objectives.length + 1);
            const mix = (weight: number, choice: () => Float64Array) => {
              // What has no weight need not be imagined.
              if (weight < NEGLIGIBLE) return;
              for (const [c, p] of choice().entries()) out[c]! += weight * p;
            };
            for (const [c, { id }] of world.candidates.entries()) {
              mix(verdict.agent * verdict.goals[c]!, () => level.pursuit(id, betas[c]!));
            }
            for (const [d, walker] of walkers.entries()) {
              mix((1 - verdict.agent) * verdict.devices[d]!, () => level.imagine(new Array(draws).fill(walker)));
            }
            const total = out.reduce((sum, each) => sum + each, 0);
            return out.map((p) => p / total);
          },
        };
      },
    },
  ],
});

/** Of the mixture over manners of pursuit. */
const BETAS = [0.5, 1, 2, 4];
const NEGLIGIBLE = 1e-4;

/** How often each action was taken on each pattern, on fresh sights, `[patterns, actions]`. */
function goalCounts(decisions: Decisions, candidate: number, actions: number): Int32Array {
  const counts = new Int32Array(patternCount(actions) * actions);
  const patterns = decisions.patterns[candidate]!;
  for (let i = 0; i < decisions.n; i++) {
    if (decisions.fresh[i] !== 0) counts[patterns[i]! * actions + decisions.actions[i]!]!++;
  }
  return counts;
}

/** Acts as often as was seen in its context, with half a count more for each action. */
function deviceWalker(device: Device, decisions: Decisions, actions: number): ImaginedWalker {
  const counts = deviceCounts(device, decisions, actions, decisions.fresh);
  return {
    goals: [],
    score({ previous, bumped, blocked }, out) {
      const row = device.context(previous, bumped, blocked) * actions;
      for (let a = 0; a < actions; a++) out[a] = Math.log(counts[row + a]! + 0.5);
    },
  };
}

/**
 * Features of each action: a constant for every action but the first, whether it bumps, whether it repeats the last
 * one, and for each goal the change of distance.
 */
function features({ patterns, blocked, previous }: Surroundings, actions: number, out: Float64Array): void {
  const width = actions + 1 + patterns.length;
  out.fill(0);
  for (let a = 0; a < actions; a++) {
    const row = a * width;
    if (a > 0) out[row + a - 1] = 1;
    out[row + actions - 1] = (blocked >> a) & 1;
    out[row + actions] = a + 1 === previous ? 1 : 0;
    for (let g = 0; g < patterns.length; g++) out[row + actions + 1 + g] = digit(patterns[g]!, a);
  }
}

function choicesOf(decisions: Decisions, actions: number) {
  const count = decisions.patterns.length;
  const patterns = new Uint8Array(count);
  const situations = Array.from({ length: decisions.n }, (_, i) => {
    const x = new Float64Array(actions * (actions + 1 + count));
    for (let c = 0; c < count; c++) patterns[c] = decisions.patterns[c]![i]!;
    const [blocked, previous, bumped] = [decisions.blocked[i]!, decisions.previous[i]!, decisions.bumped[i]!];
    features({ patterns, blocked, previous, bumped }, actions, x);
    return x;
  });
  return {
    actions,
    features: actions + 1 + count,
    situations,
    situation: Int32Array.from(situations, (_, i) => i),
    chosen: decisions.actions,
  };
}
