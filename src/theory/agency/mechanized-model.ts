/**
 * @file Mechanized causal models (Kenton et al. 2022, Discovering Agents, arXiv:2208.08345), finite and exact: variables
 * with their mechanisms as tables, and what a decision that adapts makes its mechanism to be when others' are changed.
 *
 * A mechanism is P(v | parents), `[configurations of parents, values]`; configurations count with the first parent
 * slowest. An intervention on a mechanism replaces the table; a structural one takes a table that ignores a parent.
 */
import { assert } from "../../core/errors.ts";

/** A variable of the model. */
export interface MechanizedVariable {
  readonly name: string;
  /** How many values it takes: 0, 1, … */
  readonly values: number;
  /** Names; variables are listed parents first. */
  readonly parents: readonly string[];
  /** Tables an intervention can set it to, the one in force first; for a utility that is known, different ones. */
  readonly mechanisms: readonly Float64Array[];
}

/** The mechanism of every variable, by name. */
export type Mechanisms = Readonly<Record<string, Float64Array>>;

/**
 * What a variable's mechanism becomes when nobody sets it: the result of training, evolving or choosing it again under
 * everybody else's.
 */
export type Adaptation = (variables: readonly MechanizedVariable[], others: Mechanisms) => Float64Array;

/** A model with those of its variables that adapt; the mechanisms of others stay what they are. */
export interface MechanizedModel {
  readonly variables: readonly MechanizedVariable[];
  readonly adaptations: Readonly<Record<string, Adaptation>>;
}

/** Every assignment of values with its probability, in the order of the variables; impossible ones are left out. */
export function assignments(
  variables: readonly MechanizedVariable[],
  mechanisms: Mechanisms,
): readonly { readonly values: Readonly<Record<string, number>>; readonly probability: number }[] {
  let all: { values: Record<string, number>; probability: number }[] = [{ values: {}, probability: 1 }];
  for (const variable of variables) {
    all = all.flatMap(({ values, probability }) => {
      const row = configuration(variables, variable, values) * variable.values;
      return Array.from({ length: variable.values }, (_, v) => ({
        values: { ...values, [variable.name]: v },
        probability: probability * mechanisms[variable.name]![row + v]!,
      })).filter((each) => each.probability > 0);
    });
  }
  return all;
}

/** Which row of its table a variable reads. */
function configuration(
  variables: readonly MechanizedVariable[],
  { name, parents }: MechanizedVariable,
  values: Readonly<Record<string, number>>,
): number {
  let at = 0;
  for (const parent of parents) {
    const value = values[parent];
    assert(value !== undefined, `${name} is listed after its parents, got none of ${parent}`);
    at = at * find(variables, parent).values + value;
  }
  return at;
}

/** How many rows a variable's table has. */
const configurations = (variables: readonly MechanizedVariable[], { parents }: MechanizedVariable): number =>
  parents.reduce((count, parent) => count * find(variables, parent).values, 1);

/**
 * A decision that is made anew whenever a mechanism changes: in each configuration of its parents the values with the
 * greatest expected sum of utilities, ties shared.
 *
 * @param utilities names of variables, and what each of their values is worth
 */
export function bestResponse(decision: string, utilities: Readonly<Record<string, readonly number[]>>): Adaptation {
  return (variables, others) => {
    const variable = find(variables, decision);
    const rows = configurations(variables, variable);
    const expected = new Float64Array(rows * variable.values);
    // Under a uniform decision every configuration and value has its chance, and the conditional means follow.
    const uniform = new Float64Array(rows * variable.values).fill(1 / variable.values);
    for (const { values, probability } of assignments(variables, { ...others, [decision]: uniform })) {
      const at = configuration(variables, variable, values) * variable.values + values[decision]!;
      for (const [name, worth] of Object.entries(utilities)) expected[at]! += probability * worth[values[name]!]!;
    }
    const out = new Float64Array(rows * variable.values);
    for (let row = 0; row < rows; row++) {
      const own = expected.subarray(row * variable.values, (row + 1) * variable.values);
      const most = Math.max(...own);
      const isBest = own.map((each) => (each >= most - 1e-12 ? 1 : 0));
      const count = isBest.reduce((sum, each) => sum + each, 0);
      for (let v = 0; v < variable.values; v++) out[row * variable.values + v] = isBest[v]! / count;
    }
    return out;
  };
}

/** A table that ignores one parent: the mean over that parent's values. Cuts the edge from it. */
export function withoutParent(
  variables: readonly MechanizedVariable[],
  variable: MechanizedVariable,
  table: Float64Array,
  parent: string,
): Float64Array {
  const out = new Float64Array(table.length);
  const own = find(variables, parent).values;
  const after = variable.parents
    .slice(variable.parents.indexOf(parent) + 1)
    .reduce((count, each) => count * find(variables, each).values, 1);
  for (let row = 0; row < table.length / variable.values; row++) {
    const first = row - (Math.floor(row / after) % own) * after;
    for (let v = 0; v < variable.values; v++) {
      let sum = 0;
      for (let p = 0; p < own; p++) sum += table[(first + p * after) * variable.values + v]!;
      out[row * variable.values + v] = sum / own;
    }
  }
  return out;
}

/** @throws for a name that no variable has */
function find(variables: readonly MechanizedVariable[], name: string): MechanizedVariable {
  const found = variables.find((each) => each.name === name);
  assert(found !== undefined, `a variable of the model, got "${name}"`);
  return found;
}
