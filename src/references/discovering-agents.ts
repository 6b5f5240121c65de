/** @file Discovering agents: the mouse, the cheese and the ice. */
import { defineReference, once, printed } from "../reference.ts";
import { discoverAgents } from "../theory/agency/discovered-agents.ts";
import { bestResponse, type MechanizedModel } from "../theory/agency/mechanized-model.ts";

/** Left or right; on ice it slips to the other side with probability p. */
const ice = (p: number) => Float64Array.of(1 - p, p, p, 1 - p);
/** 1 where the mouse is beside the cheese. */
const cheese = (side: number) => (side === 0 ? Float64Array.of(0, 1, 1, 0) : Float64Array.of(1, 0, 0, 1));
const mouse: MechanizedModel = {
  variables: [
    { name: "decision", values: 2, parents: [], mechanisms: [Float64Array.of(0, 1), Float64Array.of(1, 0)] },
    { name: "position", values: 2, parents: ["decision"], mechanisms: [ice(0.25), ice(0.75)] },
    { name: "utility", values: 2, parents: ["position"], mechanisms: [cheese(1), cheese(0)] },
  ],
  adaptations: { decision: bestResponse("decision", { utility: [0, 1] }) },
};
const found = once(() => discoverAgents(mouse));
const untrained = once(() => discoverAgents({ ...mouse, adaptations: {} }));
const has = (isSo: boolean): number => (isSo ? 1 : 0);

export const discoveringAgents = defineReference({
  id: "discovering-agents",
  line: "E0",
  title: "Discovering agents: mouse, cheese and ice",
  source: "Kenton et al. 2022, arXiv:2208.08345, sections 1.2 and 3",
  quantities: [
    { name: "agents", published: printed("1"), compute: () => found().agents.length },
    {
      name: "the decision is one (1 = so)",
      published: printed("1"),
      compute: () => has(found().agents[0]!.decisions.join() === "decision"),
    },
    {
      name: "the cheese alone is what for (1 = so)",
      published: printed("1"),
      compute: () => has(found().agents[0]!.utilities.join() === "utility"),
      mistakes: [
        {
          name: "every response taken for a goal, the ice's too",
          compute: () =>
            has(
              found()
                .mechanismEdges.map(({ from }) => from)
                .join() === "utility",
            ),
        },
      ],
    },
    {
      name: "the mouse's position is chance (1 = so)",
      published: printed("1"),
      compute: () => has(found().chance.join() === "position"),
    },
    {
      name: "agents where the policy is not made anew",
      published: printed("0"),
      compute: () => untrained().agents.length,
      mistakes: [{ name: "the policy made anew after all", compute: () => found().agents.length }],
    },
  ],
});
