/** @file Discovering agents: the mouse, its fixed twin, two agents, and tests that call things agents that are not. */
import { describe, expect, test } from "vitest";
import { discoverAgents } from "./discovered-agents.ts";
import {
  assignments,
  bestResponse,
  type MechanizedModel,
  type MechanizedVariable,
  withoutParent,
} from "./mechanized-model.ts";

/** Left or right; on ice it slips to the other side with probability p. */
const ice = (p: number) => Float64Array.of(1 - p, p, p, 1 - p);
/** 1 where the mouse is beside the cheese. */
const cheese = (side: number) => (side === 0 ? Float64Array.of(0, 1, 1, 0) : Float64Array.of(1, 0, 0, 1));
const go = (left: number) => Float64Array.of(left, 1 - left);

const variables: readonly MechanizedVariable[] = [
  { name: "D", values: 2, parents: [], mechanisms: [go(0), go(1), go(0.5)] },
  { name: "X", values: 2, parents: ["D"], mechanisms: [ice(0.25), ice(0.75)] },
  { name: "U", values: 2, parents: ["X"], mechanisms: [cheese(1), cheese(0)] },
];
const mouse: MechanizedModel = { variables, adaptations: { D: bestResponse("D", { U: [0, 1] }) } };

describe("mouse, cheese and ice", () => {
  test("the mouse decides, the cheese is what for, its position is chance", () => {
    const found = discoverAgents(mouse);
    expect(found.edges).toEqual([
      ["D", "X"],
      ["X", "U"],
    ]);
    expect(found.mechanismEdges).toEqual([
      { from: "X", to: "D", isTerminal: false },
      { from: "U", to: "D", isTerminal: true },
    ]);
    expect(found.agents).toEqual([{ decisions: ["D"], utilities: ["U"] }]);
    expect(found.chance).toEqual(["X"]);
  });

  test("what it adapts to: it goes against the ice where that leads to the cheese", () => {
    const respond = (slip: number, side: number) =>
      Array.from(mouse.adaptations.D!(variables, { X: ice(slip), U: cheese(side) }));
    expect([respond(0.25, 1), respond(0.75, 1), respond(0.25, 0), respond(0.5, 1)]).toEqual([
      [0, 1],
      [1, 0],
      [1, 0],
      [0.5, 0.5],
    ]);
  });

  test("a policy that is not made anew is no agent, although it reaches the cheese", () => {
    const fixed: MechanizedModel = { variables, adaptations: {} };
    expect(discoverAgents(fixed)).toMatchObject({ mechanismEdges: [], agents: [], chance: ["D", "X", "U"] });
    // Its behavior is that of the mouse as long as nothing changes.
    const reached = assignments(variables, { D: go(0), X: ice(0.25), U: cheese(1) })
      .filter(({ values }) => values.U === 1)
      .reduce((sum, { probability }) => sum + probability, 0);
    expect(reached).toBeCloseTo(0.75, 12);
    // So is one that answers with the same policy to everything.
    const stubborn: MechanizedModel = { variables, adaptations: { D: () => go(0) } };
    expect(discoverAgents(stubborn).agents).toEqual([]);
  });

  test("wrong version: every response taken for a goal makes the ice a utility", () => {
    const responses = discoverAgents(mouse).mechanismEdges.map(({ from }) => from);
    expect(responses).toEqual(["X", "U"]);
    expect(discoverAgents(mouse).agents[0]!.utilities).not.toContain("X");
  });

  test("ice that never changes anything is not responded to; cheese that never moves is no utility", () => {
    const still = variables.map((each) => (each.name === "U" ? { ...each, mechanisms: [cheese(1)] } : each));
    const { agents, mechanismEdges } = discoverAgents({ ...mouse, variables: still });
    expect(mechanismEdges.map(({ from }) => from)).toEqual(["X"]);
    // Without interventions on the utility nothing shows what the decision is for: the test needs them.
    expect(agents).toEqual([]);
  });
});

test("a variable that copies a mechanism for no effect of its own is no decision", () => {
  // A label on the box that says where the cheese is: it changes with the cheese, and influences nothing.
  const labeled: readonly MechanizedVariable[] = [
    ...variables,
    { name: "L", values: 2, parents: [], mechanisms: [go(0), go(1)] },
  ];
  const found = discoverAgents({
    variables: labeled,
    adaptations: {
      ...mouse.adaptations,
      L: (_, { U }) => go(U![0]! > 0.5 ? 0 : 1),
    },
  });
  expect(found.mechanismEdges).toContainEqual({ from: "U", to: "L", isTerminal: false });
  expect(found.agents).toEqual([{ decisions: ["D"], utilities: ["U"] }]);
  expect(found.chance).toEqual(["X", "L"]);
});

test("two agents with a utility each, in one world; one agent with two utilities", () => {
  // Each moves a lamp of its own; a second lamp is moved by both.
  const match = (side: number) => cheese(side);
  const both: readonly MechanizedVariable[] = [
    { name: "A", values: 2, parents: [], mechanisms: [go(0), go(1)] },
    { name: "B", values: 2, parents: [], mechanisms: [go(0), go(1)] },
    { name: "UA", values: 2, parents: ["A"], mechanisms: [match(1), match(0)] },
    { name: "UB", values: 2, parents: ["B"], mechanisms: [match(1), match(0)] },
  ];
  const two = discoverAgents({
    variables: both,
    adaptations: { A: bestResponse("A", { UA: [0, 1] }), B: bestResponse("B", { UB: [0, 1] }) },
  });
  expect(two.agents).toEqual([
    { decisions: ["A"], utilities: ["UA"] },
    { decisions: ["B"], utilities: ["UB"] },
  ]);
  const one: readonly MechanizedVariable[] = [
    { name: "A", values: 2, parents: [], mechanisms: [go(0), go(1)] },
    { name: "UA", values: 2, parents: ["A"], mechanisms: [match(1), match(0)] },
    { name: "UB", values: 2, parents: ["A"], mechanisms: [match(1), match(0)] },
  ];
  const found = discoverAgents({ variables: one, adaptations: { A: bestResponse("A", { UA: [0, 2], UB: [0, 1] }) } });
  expect(found.agents[0]).toEqual({ decisions: ["A"], utilities: ["UA"] });
  // The lesser utility never tips the choice; where they are equally heavy it does.
  const even = discoverAgents({ variables: one, adaptations: { A: bestResponse("A", { UA: [0, 1], UB: [0, 1] }) } });
  expect(even.agents).toEqual([{ decisions: ["A"], utilities: ["UA", "UB"] }]);
});

test("cutting an edge averages over that parent and no other", () => {
  const child: MechanizedVariable = { name: "C", values: 2, parents: ["D", "X"], mechanisms: [] };
  const table = Float64Array.of(1, 0, 0.5, 0.5, 0, 1, 0.25, 0.75);
  expect(Array.from(withoutParent(variables, child, table, "D"))).toEqual([
    0.5, 0.5, 0.375, 0.625, 0.5, 0.5, 0.375, 0.625,
  ]);
  expect(Array.from(withoutParent(variables, child, table, "X"))).toEqual([
    0.75, 0.25, 0.75, 0.25, 0.125, 0.875, 0.125, 0.875,
  ]);
});
