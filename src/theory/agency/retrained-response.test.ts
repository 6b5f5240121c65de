/** @file Responses of training to interventions: false positives, power, a change of spread alone, wrong versions. */
import { describe, expect, test } from "vitest";
import { type Rng, rng } from "../../core/rng.ts";
import { type Arm, retrainedResponses } from "./retrained-response.ts";

/** Policies over four states of two actions; the seed moves each by `spread`. */
const arm = (seeds: number, lean: number, spread: number, random: Rng): Arm =>
  Array.from({ length: seeds }, () => {
    const policy = new Float64Array(8);
    for (let s = 0; s < 4; s++) {
      const p = Math.min(1, Math.max(0, lean + spread * random.normal()));
      policy[2 * s] = p;
      policy[2 * s + 1] = 1 - p;
    }
    return policy;
  });

describe("twenty seeds an arm", () => {
  test("the same law is called different about as seldom as it should be", () => {
    let called = 0;
    for (let run = 0; run < 200; run++) {
      const random = rng(run);
      const [found] = retrainedResponses(
        [{ mechanism: "U", before: arm(20, 0.5, 0.1, random), after: arm(20, 0.5, 0.1, random) }],
        { actions: 2, rng: rng(run), permutations: 99 },
      );
      if (found!.p <= 0.05) called++;
    }
    expect(called).toBeGreaterThan(1);
    expect(called).toBeLessThan(22);
  });

  test("a policy that turned is seen, and which intervention turned it", () => {
    const random = rng(3);
    const found = retrainedResponses(
      [
        { mechanism: "ice", before: arm(20, 0.9, 0.1, random), after: arm(20, 0.2, 0.1, random) },
        { mechanism: "wallpaper", before: arm(20, 0.9, 0.1, random), after: arm(20, 0.9, 0.1, random) },
      ],
      { actions: 2, rng: rng(4) },
    );
    expect(found[0]!.p).toBeLessThan(0.01);
    // Means .9 and .2 lie .7 apart in total variation, twice that in energy, less the spread of both arms.
    expect(found[0]!.distance).toBeGreaterThan(0.9);
    expect(found[0]!.distance).toBeLessThan(1.4);
    expect(found[1]!.p).toBeGreaterThan(0.05);
    expect(found.map(({ seeds }) => seeds)).toEqual([
      [20, 20],
      [20, 20],
    ]);
  });

  test("wrong version: the difference of mean policies misses arms that split both ways", () => {
    const random = rng(5);
    const before = arm(24, 0.5, 0.02, random);
    const after = [...arm(12, 0.1, 0.02, random), ...arm(12, 0.9, 0.02, random)];
    const mean = (of: Arm) => of.reduce((sum, each) => sum + each[0]!, 0) / of.length;
    expect(Math.abs(mean(after) - mean(before))).toBeLessThan(0.03);
    const [found] = retrainedResponses([{ mechanism: "U", before, after }], { actions: 2, rng: rng(6) });
    expect(found!.p).toBeLessThan(0.01);
  });
});

test("too few seeds are refused; testing more interventions asks more of each", () => {
  const random = rng(7);
  const given = { mechanism: "U", before: arm(19, 0.5, 0.1, random), after: arm(20, 0.5, 0.1, random) };
  expect(() => retrainedResponses([given], { actions: 2, rng: rng(1) })).toThrow("20 seeds");
  const turned = { mechanism: "U", before: arm(20, 0.55, 0.1, random), after: arm(20, 0.45, 0.1, random) };
  const same = (mechanism: string) => ({ ...turned, mechanism, after: arm(20, 0.55, 0.1, random) });
  const alone = retrainedResponses([turned], { actions: 2, rng: rng(1) })[0]!.p;
  const among = retrainedResponses([turned, ...["a", "b", "c"].map(same)], { actions: 2, rng: rng(1) })[0]!.p;
  expect(among).toBeCloseTo(4 * alone, 9);
});
