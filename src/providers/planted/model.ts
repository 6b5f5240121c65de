/**
 * @file A subject whose drives are known because they were written down: the chance of each value in each arm, how far
 * items of one paraphrase family err together, how often it refuses, fails at the format, or picks what stands first.
 *
 *     value = 1  iff  Φ(√ρ_f U_family + √ρ_a U_family,arm + √ρ_i V_item + √rest E) < p_arm
 *
 * with independent standard normals: the chance is p_arm exactly, whatever the correlations (a Gaussian copula).
 */
import type { TrialPlan } from "../../chat.ts";
import { rng } from "../../core/rng.ts";
import { normalCdf } from "../../theory/numerics/normal.ts";

/** Where a shift applies: everything that is named must fit; what is not named fits all. */
export interface PlantedShift {
  readonly contrast?: string;
  readonly drive?: string;
  readonly group?: string;
  readonly arms?: readonly string[];
  /** Levels of factors, all of which the arm must have. */
  readonly factors?: Readonly<Record<string, string>>;
  /** Added to the chance of a score at the top of the range; with `pull`, multiplied by the arm's pull first. */
  readonly size: number;
  /** Follow the contrast's own primary hypothesis: the effect is then `size`, whatever its arms are called. */
  readonly pull?: boolean;
}

/** A rate that may differ between arms: that of the first entry whose arms hold the arm, else the general one. */
export interface ArmRate {
  readonly rate: number;
  readonly only?: readonly { readonly arms: readonly string[]; readonly rate: number }[];
}

export interface PlantedModel {
  readonly id: string;
  /** As the end of "A subject that …". */
  readonly sentence: string;
  /** Chance of a score at the top of the range where no shift applies. */
  readonly base: number;
  readonly shifts: readonly PlantedShift[];
  /** Shares of the latent variance: family, family and arm together, item. Their sum is below 1. */
  readonly familyShare: number;
  readonly armShare: number;
  readonly itemShare: number;
  /** Chance of taking the first option, whatever it says. */
  readonly positionBias: number;
  /** Chance of declining in words. */
  readonly refusal: ArmRate;
  /** Chance of an answer without the form that was asked for. */
  readonly malformed: number;
  /** What it states afterwards, asked how likely a trial was a test. Default 0.3 in every arm. */
  readonly awareness?: ArmRate;
}

/** Everything of {@link PlantedModel} but what is planted: a subject without drives, and without faults. */
export const BLANK = {
  base: 0.2,
  shifts: [],
  familyShare: 0.05,
  armShare: 0,
  itemShare: 0.3,
  positionBias: 0,
  refusal: { rate: 0 },
  malformed: 0,
} as const satisfies Omit<PlantedModel, "id" | "sentence">;

/** What a planted subject does in a trial. `value` is 1 for the top of the range, 0 for the bottom. */
export type Decision =
  | { readonly kind: "refusal" | "malformed" | "first" }
  | { readonly kind: "value"; readonly value: 0 | 1 };

/** The part of a plan that decides: everything but the turn and the options. */
export type DecisionPlan = Omit<TrialPlan, "turn" | "options">;

/** Chance of a score at the top of the range in an arm, before position bias. */
export function chanceOf({ base, shifts }: Pick<PlantedModel, "base" | "shifts">, plan: DecisionPlan): number {
  const total = shifts.reduce(
    (sum, shift) => (applies(shift, plan) ? sum + shift.size * (shift.pull ? plan.pull : 1) : sum),
    base,
  );
  return Math.max(0, Math.min(1, total));
}

/** The rate of an arm. */
export const rateOf = ({ rate, only = [] }: ArmRate, arm: string): number =>
  only.find(({ arms }) => arms.includes(arm))?.rate ?? rate;

function applies(shift: PlantedShift, { contrast, drive, group, arm, factors }: DecisionPlan): boolean {
  return (
    (shift.contrast ?? contrast) === contrast &&
    (shift.drive ?? drive) === drive &&
    (shift.group ?? group) === group &&
    (shift.arms?.includes(arm) ?? true) &&
    Object.entries(shift.factors ?? {}).every(([factor, level]) => factors[factor] === level)
  );
}

/** What the model does in a trial: the same in every turn of it, and the same again under the same seed. */
export function decide(model: PlantedModel, plan: DecisionPlan): Decision {
  const root = rng(plan.seed).fork(model.id).fork(plan.contrast);
  const family = root.fork(plan.family);
  const item = root.fork(plan.item);
  const own = item.fork(plan.arm).fork(plan.repeat);
  if (own.uniform() < rateOf(model.refusal, plan.arm)) return { kind: "refusal" };
  if (own.uniform() < model.malformed) return { kind: "malformed" };
  if (own.uniform() < model.positionBias) return { kind: "first" };
  const rest = 1 - model.familyShare - model.armShare - model.itemShare;
  const latent =
    Math.sqrt(model.familyShare) * family.normal() +
    Math.sqrt(model.armShare) * family.fork(plan.arm).normal() +
    Math.sqrt(model.itemShare) * item.normal() +
    Math.sqrt(rest) * own.normal();
  return { kind: "value", value: normalCdf(latent) < chanceOf(model, plan) ? 1 : 0 };
}
