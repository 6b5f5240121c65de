/** @file The watch: the limit of many learners, false alarms, and the lag of births. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { type Watch, watchedMean, watchNovelty } from "./novelty-watch.ts";
import type { Habitat } from "./reward-circuits.ts";

const habitat: Habitat = {
  worth: [1, 0.6, 0.3, 0, -0.5],
  base: 0.5,
  natural: 8,
  barren: 20,
  exploration: 0.1,
  invention: 0.1,
};
const novelty = [1, 1, 1, 0.5, 0];
const watch: Watch = {
  capability: 40,
  learners: 800,
  imitation: 0,
  delay: 10,
  sample: 40,
  births: 0.5,
  periods: 400,
  error: 0.05,
};
const circuits = [habitat.worth];

test("many learners take as long as the limit says, with imitation and without", () => {
  for (const imitation of [0, 0.3]) {
    const given = { ...watch, imitation, sample: 300 };
    const { diverged, detected, expected } = watchNovelty(circuits, habitat, novelty, given, rng(1));
    const limit = watchedMean(habitat, given, expected);
    expect(Math.abs(diverged - limit.diverged)).toBeLessThanOrEqual(0.12 * limit.diverged + 1);
    expect(Math.abs(detected - limit.detected)).toBeLessThanOrEqual(0.2 * limit.detected + 1);
  }
});

test("without a novelty there are alarms in one run of twenty at most", () => {
  const quiet = { ...watch, learners: 60, capability: 4, periods: 150 };
  const runs = Array.from({ length: 60 }, (_, seed) => watchNovelty(circuits, habitat, undefined, quiet, rng(seed)));
  // Of 60 runs 3 are expected at most; 9 would have a probability below .004.
  expect(runs.filter(({ isAlarmed }) => isAlarmed).length).toBeLessThan(9);
  expect(runs.every(({ diverged }) => diverged === 150)).toBe(true);
});

test("births lag: the faster learners are, the more of the delay is lost, and slow ones are seen in time", () => {
  const lead = (capability: number) => {
    const { diverged, detected } = watchNovelty(
      circuits,
      habitat,
      novelty,
      { ...watch, capability, learners: 200 },
      rng(2),
    );
    return detected - diverged;
  };
  expect(lead(1000)).toBeGreaterThan(8);
  expect(lead(10)).toBeLessThan(0);
});
