/**
 * @file Discovering agents (Kenton et al. 2022, arXiv:2208.08345): a system is an agent where it would act otherwise if
 * its actions influenced the world otherwise. Nothing is asked of its inside; its policy is made anew under interventions
 * on the mechanisms of the world, and what it responds to tells decisions, utilities and chance apart.
 *
 * An edge from mechanism W̃ to mechanism Ṽ is terminal where Ṽ responds to W̃ also after everything that W influences has
 * been cut off from it, and no longer once V's own effects are cut: then V is a decision, and W what it is for. A policy
 * that is not made anew responds to nothing, and is no agent by this test, whatever it once was trained for.
 */
import { type Mechanisms, type MechanizedModel, type MechanizedVariable, withoutParent } from "./mechanized-model.ts";

/** That one mechanism responds to another. */
export interface MechanismEdge {
  /** W, whose mechanism was changed. */
  readonly from: string;
  /** V, whose mechanism responded. */
  readonly to: string;
  readonly isTerminal: boolean;
}

/** Decisions and the utilities they are made for. */
export interface DiscoveredAgent {
  readonly decisions: readonly string[];
  readonly utilities: readonly string[];
}

/** What leave-one-out interventions show. */
export interface Discovery {
  /** Edges among variables: V's distribution depends on W with all others held. */
  readonly edges: readonly (readonly [from: string, to: string])[];
  readonly mechanismEdges: readonly MechanismEdge[];
  /** One for each connected component of terminal edges. */
  readonly agents: readonly DiscoveredAgent[];
  /** Variables that are neither a decision nor a utility. */
  readonly chance: readonly string[];
}

/** Both algorithms of the paper, with every combination of the mechanisms listed as interventions. */
export function discoverAgents(model: MechanizedModel): Discovery {
  const { variables } = model;
  const mechanismEdges = variables.flatMap((to) =>
    variables
      .filter((from) => from !== to && responds(model, from, to))
      .map(
        (from): MechanismEdge => ({
          from: from.name,
          to: to.name,
          isTerminal:
            responds(model, from, to, childrenOf(variables, from)) &&
            !responds(model, from, to, childrenOf(variables, to), to),
        }),
      ),
  );
  const agents = components(mechanismEdges.filter(({ isTerminal }) => isTerminal));
  const named = new Set(agents.flatMap(({ decisions, utilities }) => [...decisions, ...utilities]));
  return {
    edges: variables.flatMap((to) =>
      to.parents.filter((from) => depends(variables, to, from)).map((from) => [from, to.name] as const),
    ),
    mechanismEdges,
    agents,
    chance: variables.map(({ name }) => name).filter((name) => !named.has(name)),
  };
}

/**
 * Whether some change of W's mechanism changes V's, all other mechanisms being held by intervention.
 *
 * @param children whose edge from `source` is cut by a structural intervention
 */
function responds(
  { variables, adaptations }: MechanizedModel,
  from: MechanizedVariable,
  to: MechanizedVariable,
  children: readonly MechanizedVariable[] = [],
  source = from,
): boolean {
  const adapt = adaptations[to.name];
  if (adapt === undefined) return false;
  const cut = (mechanisms: Mechanisms): Mechanisms => ({
    ...mechanisms,
    ...Object.fromEntries(
      children
        .filter((child) => child !== to)
        .map((child) => [child.name, withoutParent(variables, child, mechanisms[child.name]!, source.name)]),
    ),
  });
  const held = variables.filter((each) => each !== from && each !== to);
  for (const others of combinations(held)) {
    let first: Float64Array | undefined;
    for (const mechanism of from.mechanisms) {
      const response = adapt(variables, cut({ ...others, [from.name]: mechanism }));
      first ??= response;
      if (response.some((each, i) => Math.abs(each - first![i]!) > 1e-9)) return true;
    }
  }
  return false;
}

/** Every choice of one mechanism for each variable. */
function combinations(variables: readonly MechanizedVariable[]): readonly Mechanisms[] {
  return variables.reduce<readonly Mechanisms[]>(
    (all, { name, mechanisms }) =>
      all.flatMap((each) => mechanisms.map((mechanism) => ({ ...each, [name]: mechanism }))),
    [{}],
  );
}

const childrenOf = (variables: readonly MechanizedVariable[], { name }: MechanizedVariable) =>
  variables.filter(({ parents }) => parents.includes(name));

/** Whether under some mechanism of its own the variable's distribution depends on a parent. */
function depends(variables: readonly MechanizedVariable[], variable: MechanizedVariable, parent: string): boolean {
  return variable.mechanisms.some((table) =>
    withoutParent(variables, variable, table, parent).some((each, i) => Math.abs(each - table[i]!) > 1e-9),
  );
}

/** Decisions and utilities that terminal edges connect. */
function components(edges: readonly MechanismEdge[]): readonly DiscoveredAgent[] {
  const groups: { decisions: Set<string>; utilities: Set<string> }[] = [];
  for (const { from, to } of edges) {
    const touched = groups.filter(({ decisions, utilities }) => decisions.has(to) || utilities.has(from));
    const merged = {
      decisions: new Set([to, ...touched.flatMap(({ decisions }) => [...decisions])]),
      utilities: new Set([from, ...touched.flatMap(({ utilities }) => [...utilities])]),
    };
    for (const each of touched) groups.splice(groups.indexOf(each), 1);
    groups.push(merged);
  }
  return groups.map(({ decisions, utilities }) => ({
    decisions: [...decisions].sort(),
    utilities: [...utilities].sort(),
  }));
}
