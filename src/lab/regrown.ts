/**
 * @file An organism grown again beside its record: the same weights, or other
 * weights and readings that the record's intervals cover, or not.
 */
import type { Estimate } from "../core/estimate.ts";
import type { OrganismRecord } from "../organism.ts";

export interface Regrown {
  /** Every file of weights along the training is the recorded one, bit for bit. */
  readonly isSame: boolean;
  /** Shares and skill whose new mean lies outside the recorded 95 % interval, by name. */
  readonly outside: readonly string[];
}

/**
 * Compare an organism with its record. The levels are the same ones, so that the
 * interval, which is of levels, is wider than what rounding alone moves; training
 * for long makes of a rounding error another agent, which may lie outside.
 */
export function compareRegrown(recorded: OrganismRecord, grown: OrganismRecord): Regrown {
  const files = ({ weightsHash, checkpoints }: OrganismRecord) =>
    JSON.stringify([weightsHash, checkpoints.map(({ frames, onnx }) => [frames, onnx])]);
  const before = quantities(recorded);
  const after = quantities(grown);
  return {
    isSame: files(recorded) === files(grown),
    outside: Object.entries(before)
      .filter(([name, { low, high }]) => {
        const mean = after[name]?.mean;
        return mean === undefined || mean < low || mean > high;
      })
      .map(([name]) => name),
  };
}

const quantities = ({ realized }: OrganismRecord): Readonly<Record<string, Estimate>> => ({
  skill: realized.skill,
  ...Object.fromEntries(Object.entries(realized.shares).map(([goal, share]) => [`share of ${goal}`, share])),
});
