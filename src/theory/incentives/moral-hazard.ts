/**
 * @file Paying for what is measured: linear contracts between a principal and a risk-averse agent
 * whose effort is not seen. What is not measured is neglected, and damaged where efforts compete,
 * exactly when incentives are strong.
 *
 * Wage w = α + β·signal, constant absolute risk aversion r, normal noise, quadratic cost of effort;
 * surplus is the total certainty equivalent, in units of output.
 *
 * Source: Holmström and Milgrom 1987 (one task), 1991 (several); Baker 2002 (distortion).
 */
import { assert } from "../../core/errors.ts";
import { apply, cholesky, dot, solve } from "../numerics/dense.ts";

/** One task: output = effort + N(0, noise), cost ½ c e². */
export interface SingleTask {
  /** r, per unit of output. */
  readonly riskAversion: number;
  /** σ², variance of output. */
  readonly noise: number;
  /** c */
  readonly cost: number;
}

/** The best linear contract for one task. */
export interface SingleContract {
  /** b* = 1/(1 + r c σ²), share of output that is paid. */
  readonly share: number;
  /** e = b/c */
  readonly effort: number;
  /** 1/(2c (1 + r c σ²)) */
  readonly surplus: number;
}

/** The best share for one task. */
export function singleContract(task: SingleTask): SingleContract {
  const share = 1 / (1 + task.riskAversion * task.cost * task.noise);
  return { share, effort: share / task.cost, surplus: singleSurplus(task, share) };
}

/** Surplus at any share b: e − ½ c e² − ½ r b² σ², e = b/c. */
export function singleSurplus({ riskAversion, noise, cost }: SingleTask, share: number): number {
  return share / cost - share ** 2 / (2 * cost) - (riskAversion / 2) * share ** 2 * noise;
}

/** Several tasks with signals x = effort + N(0, Σ). */
export interface Multitask {
  readonly tasks: number;
  /** B′, what a unit of each effort is worth to the principal, `[tasks]`. */
  readonly benefit: Float64Array;
  /** C, Hessian of the cost ½ eᵀCe, positive definite; off the diagonal positive where efforts compete, `[tasks, tasks]`. */
  readonly cost: Float64Array;
  /** Σ of independent signals, `[tasks]`; ∞ for what is not measured. */
  readonly noise: Float64Array;
  /** r */
  readonly riskAversion: number;
}

/** A linear contract for several tasks, with what the agent makes of it. */
export interface MultitaskContract {
  /** α, pay per unit of each signal; 0 where there is none, `[tasks]`. */
  readonly incentives: Float64Array;
  /** C⁻¹α, `[tasks]`; negative is damage. */
  readonly effort: Float64Array;
  /** B′·e − ½ eᵀCe − ½ r αᵀΣα */
  readonly surplus: number;
}

/**
 * The best linear contract, α* = (I + r C Σ)⁻¹ B′, in the limit where tasks are not measured:
 * their incentives are 0, and the measured ones solve (C⁻¹)ₘₘ α + r Σ α = (C⁻¹B′)ₘ.
 */
export function multitaskContract(given: Multitask): MultitaskContract {
  const { tasks, benefit, cost, noise, riskAversion } = given;
  checkCost(cost, tasks);
  const measured = Array.from({ length: tasks }, (_, i) => i).filter((i) => noise[i] !== Infinity);
  const inverse = solve(
    cost,
    Float64Array.from({ length: tasks * tasks }, (_, at) => (at % (tasks + 1) === 0 ? 1 : 0)),
    tasks,
  );
  const wanted = apply(inverse, benefit);
  const m = measured.length;
  const system = new Float64Array(m * m);
  for (const [row, i] of measured.entries()) {
    for (const [column, j] of measured.entries()) system[row * m + column] = inverse[i * tasks + j]!;
    system[row * m + row]! += riskAversion * noise[i]!;
  }
  const incentives = new Float64Array(tasks);
  if (m > 0) {
    const solved = solve(
      system,
      Float64Array.from(measured, (i) => wanted[i]!),
      m,
    );
    for (const [row, i] of measured.entries()) incentives[i] = solved[row]!;
  }
  return { incentives, effort: apply(inverse, incentives), surplus: multitaskSurplus(given, incentives) };
}

/** Surplus at any incentives; −∞ where a signal that does not exist is paid for. */
export function multitaskSurplus(
  { tasks, benefit, cost, noise, riskAversion }: Multitask,
  incentives: Float64Array,
): number {
  const effort = solve(cost, incentives, tasks);
  let risk = 0;
  for (let i = 0; i < tasks; i++) if (incentives[i] !== 0) risk += incentives[i]! ** 2 * noise[i]!;
  return dot(benefit, effort) - dot(effort, apply(cost, effort)) / 2 - (riskAversion / 2) * risk;
}

function checkCost(cost: Float64Array, tasks: number): void {
  assert(cost.length === tasks * tasks, `a cost matrix of ${tasks} rows`);
  cholesky(cost, tasks);
}

/** Value V = f·a + noise, measure P = g·a + N(0, σ²), cost ½ |a|², wage bP. */
export interface DistortedMeasure {
  /** f, what each action adds to value, `[actions]`. */
  readonly value: Float64Array;
  /** g, what it adds to the measure, `[actions]`. */
  readonly measure: Float64Array;
  readonly riskAversion: number;
  /** σ² of the measure. */
  readonly noise: number;
}

/** Pay by a measure that is not the value. */
export interface DistortedContract {
  /** b* = f·g / (|g|² + r σ²) */
  readonly rate: number;
  /** V at a = b g. */
  readonly value: number;
  /** V less the cost of effort and of risk. */
  readonly surplus: number;
  /** ½ |f|², with f itself as measure and no risk. */
  readonly firstBest: number;
  /** Surplus as a share of first best; without risk it is cos² of the angle between f and g. */
  readonly efficiency: number;
}

/** The best rate of pay for a distorted measure. Scale of the measure does not matter without risk; its angle does. */
export function distortedContract({ value, measure, riskAversion, noise }: DistortedMeasure): DistortedContract {
  const shared = dot(value, measure);
  const burden = dot(measure, measure) + riskAversion * noise;
  assert(burden > 0, "a measure that responds to something");
  const rate = shared / burden;
  const surplus = rate * shared - (rate ** 2 * burden) / 2;
  const firstBest = dot(value, value) / 2;
  return { rate, value: rate * shared, surplus, firstBest, efficiency: surplus / firstBest };
}

/** cos² of the angle between what is wanted and what is measured. */
export const squaredCosine = (a: Float64Array, b: Float64Array): number => dot(a, b) ** 2 / (dot(a, a) * dot(b, b));
