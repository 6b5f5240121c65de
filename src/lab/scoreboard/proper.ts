/**
 * @file What a probability is worth: the gain in log-loss over the base rate with its interval, and power at a fixed
 * share of false positives.
 */
import { assert } from "../../core/errors.ts";
import type { Estimate } from "../../core/estimate.ts";
import { clopperPearson, overSeeds } from "../../core/intervals.ts";
import { mean } from "../../core/stats.ts";
import { logLossOf } from "../../statistics/forecasts.ts";

/**
 * Log-loss skill over the base rate, 1 − loss / loss of the base rate: 1 = certain and right, 0 = no better than the
 * base rate, below 0 worse. The interval is Student's t over worlds (each world's mean gain in nats is one value),
 * divided by the loss of the base rate; absent for fewer than two worlds.
 *
 * @param base probabilities of the base rate, one an agent (held-out folds have each their own)
 * @param clusters world of each agent
 */
export function logLossSkill(
  probabilities: ArrayLike<number>,
  base: ArrayLike<number>,
  labels: ArrayLike<number>,
  clusters: ArrayLike<number>,
): Estimate | undefined {
  const perWorld = new Map<number, { gain: number; reference: number; n: number }>();
  for (let i = 0; i < labels.length; i++) {
    const world = perWorld.get(clusters[i]!) ?? { gain: 0, reference: 0, n: 0 };
    const reference = logLossOf(base[i]!, labels[i]!);
    world.gain += reference - logLossOf(probabilities[i]!, labels[i]!);
    world.reference += reference;
    world.n++;
    perWorld.set(clusters[i]!, world);
  }
  if (perWorld.size < 2) return undefined;
  const worlds = [...perWorld.values()];
  const reference = mean(worlds.map((world) => world.reference / world.n));
  const gain = overSeeds(worlds.map((world) => world.gain / world.n));
  return {
    mean: gain.mean / reference,
    low: gain.low / reference,
    high: gain.high / reference,
    n: gain.n,
    unit: "worlds",
  };
}

/**
 * Share of positives above a threshold that at most `most` of the negatives reach, with Clopper and Pearson's interval
 * given the threshold. What was not scored is never above it, and counts.
 *
 * @param scores undefined = not scored
 */
export function powerAt(
  most: number,
  scores: readonly (number | undefined)[],
  labels: ArrayLike<number>,
): Estimate | undefined {
  assert(most >= 0 && most < 1, "powerAt: a share of false positives");
  const negatives = scores.flatMap((score, i) => (labels[i] === 0 ? [score ?? -Infinity] : []));
  const positives = scores.flatMap((score, i) => (labels[i] === 1 ? [score ?? -Infinity] : []));
  if (negatives.length === 0 || positives.length === 0) return undefined;
  // The threshold lies just above the first negative that may not reach it.
  const threshold = negatives.toSorted((a, b) => b - a)[Math.floor(most * negatives.length)]!;
  const found = positives.filter((score) => score > threshold).length;
  return clopperPearson(found, positives.length, "agents");
}
