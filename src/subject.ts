/**
 * @file What an audit looks at. A subject says nothing about how it was made:
 * it declares what may be asked of it, and answers.
 */
import type { Rng } from "./core/rng.ts";
import type { Forward, PolicyShape, Ticks, Weights } from "./network.ts";
import type { Executor, Spec, Tensor } from "./tensor/index.ts";

/** What may be asked. A set, not a ladder. */
export const ACCESS = ["act", "logits", "activations", "gradients", "weights", "record", "retrain"] as const;
export type Access = (typeof ACCESS)[number];

/** The network of a subject, as a function that can be traced: what probes, writes and gradients are built on. */
export interface Inside {
  /** What {@link Inside.forward} takes as parameters, by name. */
  readonly weights: Weights;
  /** Shapes of {@link Inside.weights}: the inputs to trace with. */
  readonly specs: Readonly<Record<string, Spec>>;
  readonly executor: Executor;
  /** The only batch size that {@link Inside.forward} takes; absent where any will do. */
  readonly rows?: number;
  /**
   * One forward pass in the trace under way. `sites` names every activation that can be read or written; `value` is
   * absent where the network has no critic.
   *
   * @param parameters tensors named and shaped as {@link Inside.weights}
   * @param planes observations `[batch, planes, height, width]`, float32; need not be 0 and 1
   * @param ticks see {@link Subject.ticks}
   */
  forward(
    parameters: Readonly<Record<string, Tensor>>,
    planes: Tensor,
    ticks?: number,
  ): Pick<Forward, "logits" | "sites"> & { readonly value?: Tensor };
}

/** Which episode each row of observations belongs to: for subjects that remember. */
export interface Seats {
  /** Seat of each row, `[n]`; an episode keeps its seat to its end. */
  readonly seat: Int32Array;
  /** 1 where the row is the first of its episode, `[n]`. */
  readonly begins: Uint8Array;
}

/** A policy behind an interface that hides its making. */
export interface Subject {
  /** Content hash or address; never a recipe name. */
  readonly id: string;
  readonly shape: PolicyShape;
  readonly access: ReadonlySet<Access>;
  /**
   * Choose actions for `n` observations.
   *
   * @param observations planes of 0 and 1, `[n, planes, height, width]`
   * @param rng draws for a stochastic policy
   * @param actions receives indices, `[n]`
   * @param seats where absent, a log takes row i for seat i, and a subject with {@link Subject.memory} answers every
   *   row as the first step of an episode
   */
  act(observations: Uint8Array, n: number, rng: Rng, actions: Uint8Array, seats?: Seats): Promise<void>;
  /** Unnormalized log-probabilities `[n, actions]`, valid until the next call. Present iff `access` has `logits`. */
  logits?(observations: Uint8Array, n: number): Promise<Float32Array>;
  /**
   * Numbers carried from one step of an episode to the next, kept for each seat and zero where an episode begins;
   * absent on subjects that see the present alone. What such a subject does in a state depends on how it came there,
   * so it has no logits of states.
   */
  readonly memory?: number;
  /** Computation before each action that can be turned up or down; absent on subjects without such a knob. */
  readonly ticks?: Ticks;
  /** The same subject thinking for another number of ticks. Present iff {@link Subject.ticks} is. */
  thinking?(ticks: number): Subject;
  /** Present iff `access` has `activations`. It can be differentiated iff `access` has `gradients`. */
  readonly inside?: Inside;
}

/**
 * Sample one action per row from unnormalized log-probabilities.
 *
 * @param logits `[n, actions]`
 * @param out receives indices, `[n]`
 * @param logProb receives the log-probability of each in nats, `[n]`, where wanted
 */
export function sampleActions(
  logits: Float32Array,
  n: number,
  actions: number,
  rng: Rng,
  out: Uint8Array,
  logProb?: Float32Array,
): void {
  const weights = new Float64Array(actions);
  for (let i = 0; i < n; i++) {
    const row = i * actions;
    let max = logits[row]!;
    for (let a = 1; a < actions; a++) if (logits[row + a]! > max) max = logits[row + a]!;
    let total = 0;
    for (let a = 0; a < actions; a++) total += weights[a] = Math.exp(logits[row + a]! - max);
    let left = rng.uniform() * total;
    let action = 0;
    while (action < actions - 1) {
      left -= weights[action]!;
      if (left < 0) break;
      action++;
    }
    out[i] = action;
    if (logProb) logProb[i] = logits[row + action]! - max - Math.log(total);
  }
}
