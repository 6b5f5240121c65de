/** @file Reference values beside ours: which of them are asked for, and whether each lies within its tolerance. */
import { LabError } from "../core/errors.ts";
import { type Computed, formatComputed, isWithin, type Quantity, type ReferencePlugin } from "../reference.ts";

/** One published number beside ours. */
export interface Comparison {
  /** Line of the acceptance list. */
  readonly line: string;
  /** Id of its reference. */
  readonly reference: string;
  readonly quantity: string;
  /** As printed. */
  readonly published: string;
  /** As printed; empty where `published` says it. */
  readonly tolerance: string;
  readonly ours: Computed;
  /** As printed. */
  readonly text: string;
  readonly isWithin: boolean;
  /** What known mistakes give; each has to lie outside. */
  readonly mistakes?: readonly ComparedMistake[];
}

/** What a wrong version gives. */
export interface ComparedMistake {
  readonly name: string;
  readonly text: string;
  /** The tolerance is too wide to tell it. */
  readonly passes: boolean;
}

/** One number to compute. */
export interface Pending {
  readonly reference: ReferencePlugin;
  readonly quantity: Quantity;
}

/**
 * The quantities asked for, by line and then by id.
 *
 * @param given.only lines (`E7`) or ids of references; all when empty
 * @throws {LabError} `input/invalid` for a line or an id that does not exist
 */
export function selectQuantities(
  references: readonly ReferencePlugin[],
  { only = [], speed = "all" }: { readonly only?: readonly string[]; readonly speed?: "quick" | "slow" | "all" } = {},
): readonly Pending[] {
  const matches = (wanted: string, { id, line }: ReferencePlugin) =>
    wanted.toUpperCase() === line || wanted.toLowerCase() === id;
  for (const wanted of only) {
    if (references.some((each) => matches(wanted, each))) continue;
    const known = sorted(references).map(({ id, line }) => `${line} ${id}`);
    throw new LabError(
      "input/invalid",
      `theory: no line or reference has this name, got "${wanted}"; expected one of`,
      {
        hint: known.join(", "),
      },
    );
  }
  return sorted(references)
    .filter((each) => only.length === 0 || only.some((wanted) => matches(wanted, each)))
    .flatMap((reference) => reference.quantities.map((quantity) => ({ reference, quantity })))
    .filter(({ quantity }) => speed === "all" || (speed === "slow") === (quantity.isSlow === true));
}

/** Compute one number, and what its known mistakes give where asked. */
export async function compareQuantity(
  { reference, quantity }: Pending,
  { withMistakes = false }: { readonly withMistakes?: boolean } = {},
): Promise<Comparison> {
  const { published } = quantity;
  const ours = await quantity.compute();
  const mistakes: ComparedMistake[] = [];
  if (withMistakes) {
    for (const mistake of quantity.mistakes ?? []) {
      const wrong = await mistake.compute();
      mistakes.push({
        name: mistake.name,
        text: formatComputed(published, wrong),
        passes: isWithin(published, wrong),
      });
    }
  }
  return {
    line: reference.line,
    reference: reference.id,
    quantity: quantity.name,
    published: published.text,
    tolerance: published.tolerance,
    ours,
    text: formatComputed(published, ours),
    isWithin: isWithin(published, ours),
    ...(mistakes.length === 0 ? {} : { mistakes }),
  };
}

/** By line, what is on no line last, and then by id. */
function sorted(references: readonly ReferencePlugin[]): readonly ReferencePlugin[] {
  const rank = ({ line }: ReferencePlugin) => Number(line.slice(1)) || Number.POSITIVE_INFINITY;
  const sign = (a: ReferencePlugin, b: ReferencePlugin) =>
    rank(a) === rank(b) ? (a.id < b.id ? -1 : 1) : rank(a) < rank(b) ? -1 : 1;
  return references.toSorted(sign);
}
