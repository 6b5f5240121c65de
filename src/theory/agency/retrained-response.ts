/**
 * @file Whether policies that were trained anew under a changed mechanism differ from those trained under the old one,
 * beyond what their seeds make of them: the step from interventions to edges of `discovered-agents.ts` where a policy is
 * a sample and not a table.
 *
 * A permutation test of the energy distance, 2 E d(a, b) − E d(a, a′) − E d(b, b′), with d the mean total variation over
 * states: 0 only where both arms have one law, whatever differs about them.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { holm } from "../../statistics/multiplicity.ts";

/** Policies of one arm: π(a | s), `[states, actions]`, one a training seed. */
export type Arm = readonly Float64Array[];

/** One intervention: what was trained without it and with it. */
export interface RetrainedArms {
  /** W, whose mechanism was changed. */
  readonly mechanism: string;
  readonly before: Arm;
  readonly after: Arm;
}

/** Whether training answers an intervention. */
export interface RetrainedResponse {
  readonly mechanism: string;
  /** Energy distance, in total variation per state. */
  readonly distance: number;
  /** Permutation p-value, corrected by Holm over the interventions tested together. */
  readonly p: number;
  readonly seeds: readonly [before: number, after: number];
}

/** Fewer training seeds an arm than this leave an agent undetected too often. */
const LEAST_SEEDS = 20;

/**
 * Tests every intervention.
 *
 * @throws for fewer than 20 seeds an arm
 */
export function retrainedResponses(
  interventions: readonly RetrainedArms[],
  options: { readonly actions: number; readonly rng: Rng; readonly permutations?: number },
): readonly RetrainedResponse[] {
  const { actions, rng, permutations = 1000 } = options;
  const raw = interventions.map(({ mechanism, before, after }) => {
    const seeds = [before.length, after.length] as const;
    assert(Math.min(...seeds) >= LEAST_SEEDS, `at least ${LEAST_SEEDS} seeds an arm, got ${seeds.join(" and ")}`);
    const distances = pairDistances([...before, ...after], actions);
    const arms = Array.from({ length: before.length + after.length }, (_, i) => (i < before.length ? 0 : 1));
    const observed = energy(distances, arms);
    const shuffled = [...arms];
    const stream = rng.fork(mechanism);
    let extreme = 1;
    for (let s = 0; s < permutations; s++) {
      stream.shuffle(shuffled);
      if (energy(distances, shuffled) >= observed - 1e-12) extreme++;
    }
    return { mechanism, distance: observed, p: extreme / (permutations + 1), seeds };
  });
  const corrected = holm(raw.map(({ p }) => p));
  return raw.map((each, i) => ({ ...each, p: corrected[i]! }));
}

/** Mean total variation over states between every two policies, `[n, n]`. */
function pairDistances(policies: Arm, actions: number): Float64Array {
  const n = policies.length;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [policies[i]!, policies[j]!];
      assert(a.length === b.length, "policies over the same states");
      let sum = 0;
      for (let k = 0; k < a.length; k++) sum += Math.abs(a[k]! - b[k]!);
      out[i * n + j] = out[j * n + i] = (sum / 2 / a.length) * actions;
    }
  }
  return out;
}

/** Energy distance between the items of arm 0 and those of arm 1. */
function energy(distances: Float64Array, arms: readonly number[]): number {
  const n = arms.length;
  const sums = [0, 0, 0];
  const counts = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const which = arms[i]! + arms[j]!;
      sums[which]! += distances[i * n + j]!;
      counts[which]!++;
    }
  }
  return 2 * (sums[1]! / counts[1]!) - sums[0]! / counts[0]! - sums[2]! / counts[2]!;
}
