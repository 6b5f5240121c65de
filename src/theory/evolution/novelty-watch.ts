/**
 * @file A novelty comes to learners with inherited rewards, and somebody watches the births: what comes first, that most of
 * what is done is done for it, or that the watch can tell?
 *
 * Time runs in periods of c trials: c is what the learners are capable of between two looks. Births follow choices after a
 * delay, are counted in a sample, and are watched by a cumulative sum of log likelihood ratios (Page 1954): Poisson with
 * half of the former mean against the former mean,
 *
 *     S ← max(0, S + (1 − ρ) μ − X ln(1/ρ)),  ρ = ½,   alarm at S ≥ ln(periods/α)
 *
 * which raises a false alarm in all the periods with probability α at most.
 */
import type { Rng } from "../../core/rng.ts";
import { poisson } from "../numerics/poisson.ts";
import { type Circuit, type Habitat, type Learner, newborn } from "./reward-circuits.ts";

/** What the learners do, and what is seen of it. */
export interface Watch {
  /** c, trials of each learner in a period. */
  readonly capability: number;
  readonly learners: number;
  /** Probability in a period that a learner is shown the novelty if whom it meets likes it. */
  readonly imitation: number;
  /** Periods from a choice to the birth that follows. */
  readonly delay: number;
  /** Learners whose births are counted, drawn anew in each period. */
  readonly sample: number;
  /** Births in a period for each offspring that a trial yields on average. */
  readonly births: number;
  /** Periods at most. */
  readonly periods: number;
  /** α, probability of a false alarm in all the periods. */
  readonly error: number;
}

/** ρ */
const RATIO = 0.5;
/** Trials before the novelty comes: enough to know the natural options. */
const YOUTH = 1000;

/** When what happened, in periods after the novelty came; the limit of periods where it did not. */
export interface Watched {
  /** First period in which half of all trials went to the novelty. */
  readonly diverged: number;
  /** Period of the alarm. */
  readonly detected: number;
  readonly isAlarmed: boolean;
  /** Births forgone until the alarm, in periods of everybody's births before. */
  readonly forgone: number;
  /** Births expected in the sample in a period before the novelty. */
  readonly expected: number;
}

/**
 * Follow learners from the day that a novelty comes until it has taken over and was noticed.
 *
 * @param circuits drawn from with replacement; learners whom the novelty does not tempt are left out
 * @param novelty its features; absent = nothing comes, the control for false alarms
 */
export function watchNovelty(
  circuits: readonly Circuit[],
  habitat: Habitat,
  novelty: readonly number[] | undefined,
  watch: Watch,
  rng: Rng,
): Watched {
  const { capability, learners: n, imitation, delay, sample, births, periods, error } = watch;
  const learners: Learner[] = [];
  let former = 0;
  while (learners.length < n) {
    const learner = newborn(circuits[rng.int(circuits.length)]!, habitat, rng);
    learner.live(YOUTH);
    const before = learner.life().offspring;
    learner.live(YOUTH);
    if (novelty) learner.introduce(novelty);
    if (novelty && !learner.life().isTempted) continue;
    former += (learner.life().offspring - before) / YOUTH / n;
    learners.push(learner);
  }
  const expected = former * births * sample;
  const alarm = Math.log(periods / error);
  /** Offspring by trial of each learner in the last periods; before the novelty the former mean. */
  const recent = Array.from({ length: delay + 1 }, () => new Float64Array(n).fill(former));
  const [offspring, indulged] = [learners.map(total), learners.map(spent)];
  let [diverged, detected, sum, forgone] = [periods, periods, 0, 0];
  for (let period = 1; period <= periods && (diverged === periods || detected === periods); period++) {
    const now = recent[period % (delay + 1)]!;
    const hooked = learners.filter((learner) => learner.isHooked()).length / n;
    let on = 0;
    for (const [i, learner] of learners.entries()) {
      learner.live(capability);
      if (imitation > 0 && rng.uniform() < imitation * hooked) learner.show();
      now[i] = (total(learner) - offspring[i]!) / capability;
      on += spent(learner) - indulged[i]!;
      offspring[i] = total(learner);
      indulged[i] = spent(learner);
    }
    if (diverged === periods && on >= 0.5 * n * capability) diverged = period;
    if (detected < periods) continue;
    forgone += 1 - now.reduce((all, each) => all + each, 0) / n / former;
    const seen = recent[(period + 1) % (delay + 1)]!;
    let mean = 0;
    for (let k = 0; k < sample; k++) mean += births * seen[rng.int(n)]!;
    sum = Math.max(0, sum + (1 - RATIO) * expected + poisson(mean, rng) * Math.log(RATIO));
    if (sum >= alarm) detected = period;
  }
  return { diverged, detected, isAlarmed: detected < periods, forgone, expected };
}

const total = (learner: Learner) => learner.life().offspring;
const spent = (learner: Learner) => learner.life().indulged;

/**
 * The same in the mean of infinitely many learners who are all tempted: the share p who know the novelty, and the sum of
 * ratios at the births expected of the rest,
 *
 *     1 − p′ = (1 − p) (1 − ε ι/M)^c (1 − s p),   births ∝ 1 − (1 − ε) p
 *
 * @param expected births in the sample in a period before the novelty
 */
export function watchedMean(
  { exploration, invention, barren }: Habitat,
  { capability, imitation, delay, periods, error }: Watch,
  expected: number,
): Pick<Watched, "diverged" | "detected"> {
  const miss = (1 - (exploration * invention) / barren) ** capability;
  const alarm = Math.log(periods / error);
  const known = [0];
  let [diverged, detected, sum] = [periods, periods, 0];
  for (let period = 1; period <= periods && (diverged === periods || detected === periods); period++) {
    const before = known[period - 1]!;
    const after = 1 - (1 - before) * miss * (1 - imitation * before);
    known.push(after);
    if (diverged === periods && ((1 - exploration) * (before + after)) / 2 >= 0.5) diverged = period;
    const then = period - delay;
    const behind = then < 1 ? 0 : (known[then - 1]! + known[then]!) / 2;
    sum = Math.max(0, sum + expected * (1 - RATIO + (1 - (1 - exploration) * behind) * Math.log(RATIO)));
    if (detected === periods && sum >= alarm) detected = period;
  }
  return { diverged, detected };
}
