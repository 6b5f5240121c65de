/**
 * @file Contracts tried out instead of solved for: an agent that learns from its pay what to do, and a principal that tries
 * contracts, looks at what they brought, and keeps the best. What they settle on is what `moral-hazard.ts` and
 * `screening.ts` derive.
 *
 * The second task is not measured, and what it brings or costs comes late: a principal who judges by the first results
 * sees the first task alone.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { gainFrom, type TwoTypes } from "./screening.ts";

/** Two tasks of which the first is measured, each worth 1; the cost of effort is ½ (a² + 2 t a b + b²). */
export interface DeferredTask {
  /** t: how far the two efforts compete, in (−1, 1). */
  readonly substitution: number;
  /** r */
  readonly riskAversion: number;
  /** σ², variance of the measure. */
  readonly noise: number;
}

/** How long anybody tries. */
export interface Trying {
  /** Periods in which an agent learns under one contract. */
  readonly learning: number;
  /** Periods from which a contract is judged. */
  readonly judging: number;
  /** Contracts tried, evenly from 0 to 1.5 of output paid. */
  readonly contracts: number;
}

/** What a principal and its agent come to. */
export interface Settled {
  /** Share of the measure that is paid. */
  readonly incentive: number;
  readonly measured: number;
  /** Effort at the task that is not; negative is damage. */
  readonly unmeasured: number;
  /** What the contract brings in the long run, less the costs of effort and risk. */
  readonly surplus: number;
}

const cost = ({ substitution: t }: DeferredTask, a: number, b: number) => (a * a + 2 * t * a * b + b * b) / 2;

/**
 * Effort learned from pay: in each period the agent tries both sides of what it does and moves by what it earned
 * (simultaneous perturbation, Spall 1992, with steps 1/k and averaging over the second half).
 */
export function learnEffort(
  task: DeferredTask,
  incentive: number,
  periods: number,
  rng: Rng,
): readonly [measured: number, unmeasured: number] {
  let [a, b, sumA, sumB, kept] = [0, 0, 0, 0, 0];
  const width = 0.5;
  const earned = (x: number, y: number) => incentive * (x + Math.sqrt(task.noise) * rng.normal()) - cost(task, x, y);
  for (let k = 1; k <= periods; k++) {
    const [da, db] = [rng.uniform() < 0.5 ? width : -width, rng.uniform() < 0.5 ? width : -width];
    const slope = (earned(a + da, b + db) - earned(a - da, b - db)) / 2;
    const step = 1 / (k + 10) ** 0.6;
    a += step * (slope / da);
    b += step * (slope / db);
    if (k <= periods / 2) continue;
    sumA += a;
    sumB += b;
    kept++;
  }
  return [sumA / kept, sumB / kept];
}

/**
 * A principal that tries contracts and keeps the best by a parabola through what they brought.
 *
 * @param isPatient waits for what the second task brings; else the contract is judged by the first results
 */
export function settleContract(task: DeferredTask, trying: Trying, isPatient: boolean, rng: Rng): Settled {
  const { riskAversion: r, noise } = task;
  const judged = (incentive: number, waits: boolean) => {
    const [a, b] = learnEffort(task, incentive, trying.learning, rng);
    let [output, premium] = [0, 0];
    for (let k = 0; k < trying.judging; k++) {
      const luck = Math.sqrt(noise) * rng.normal();
      output += a + luck + (waits ? b : 0);
      // Of a normal wage the premium is ½ r Var; the agent is paid it.
      premium += (r * (incentive * luck) ** 2) / 2;
    }
    return { a, b, surplus: (output - premium) / trying.judging - cost(task, a, b) };
  };
  const points = Array.from({ length: trying.contracts }, (_, k) => {
    const incentive = (1.5 * k) / (trying.contracts - 1);
    return [incentive, judged(incentive, isPatient).surplus] as const;
  });
  const incentive = parabolaPeak(points);
  const { a, b, surplus } = judged(incentive, true);
  return { incentive, measured: a, unmeasured: b, surplus };
}

/** Effort asked of the dear type that brought most, and what it brought, by offering menus to agents who choose. */
export interface SettledMenu {
  readonly effort: number;
  readonly profit: number;
}

/**
 * A principal that tries menus: for each effort asked of the dear type the least pay at which that type takes part, and at
 * which the cheap one does not pass for it. Agents choose what they gain most from.
 */
export function settleMenu(
  types: TwoTypes,
  { menus, agents }: { readonly menus: number; readonly agents: number },
  rng: Rng,
): SettledMenu {
  const { cheap, dear, cheapShare } = types;
  const profitOf = (effort: number) => {
    const low = { effort, pay: (dear * effort ** 2) / 2 };
    const rent = gainFrom(cheap, low);
    const high = { effort: 1 / cheap, pay: 1 / cheap / 2 + rent };
    let profit = 0;
    for (let i = 0; i < agents; i++) {
      const own = rng.uniform() < cheapShare ? cheap : dear;
      // A type that is indifferent takes what is meant for it: rounding must not decide.
      const [first, second] = own === cheap ? [high, low] : [low, high];
      const taken = gainFrom(own, first) >= gainFrom(own, second) - 1e-9 ? first : second;
      profit += taken.effort - taken.pay;
    }
    return profit / agents;
  };
  const points = Array.from({ length: menus }, (_, k) => {
    const effort = k / ((menus - 1) * dear);
    return [effort, profitOf(effort)] as const;
  });
  const effort = parabolaPeak(points);
  return { effort, profit: profitOf(effort) };
}

/** Where the parabola of least squares through points has its peak, kept within them. */
export function parabolaPeak(points: readonly (readonly [x: number, y: number])[]): number {
  assert(points.length >= 3, `three points at least, got ${points.length}`);
  const center = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  // Normal equations of y = c0 + c1 u + c2 u², u = x − center; sums of odd powers do not vanish in general.
  let [s1, s2, s3, s4, y0, y1, y2] = [0, 0, 0, 0, 0, 0, 0];
  for (const [x, y] of points) {
    const u = x - center;
    s1 += u;
    s2 += u * u;
    s3 += u ** 3;
    s4 += u ** 4;
    y0 += y;
    y1 += u * y;
    y2 += u * u * y;
  }
  const n = points.length;
  // Eliminate c0.
  const [a11, a12, a22] = [s2 - (s1 * s1) / n, s3 - (s1 * s2) / n, s4 - (s2 * s2) / n];
  const [b1, b2] = [y1 - (s1 * y0) / n, y2 - (s2 * y0) / n];
  const determinant = a11 * a22 - a12 * a12;
  const [c1, c2] = [(b1 * a22 - b2 * a12) / determinant, (b2 * a11 - b1 * a12) / determinant];
  const [least, most] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))];
  if (c2 >= 0) return c1 > 0 ? most : least;
  return Math.min(most, Math.max(least, center - c1 / (2 * c2)));
}
