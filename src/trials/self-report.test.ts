/** @file Self-report joined with behavior: insight that was planted beats both baselines, agreement of rates alone does not. */
import { expect, test } from "vitest";
import type { ScoredTrial } from "../contrast.ts";
import { selfReport } from "../contrasts/self-report.ts";
import { rng } from "../core/rng.ts";
import { joinSelfReport } from "./self-report.ts";

const contrast = selfReport as unknown as Parameters<typeof joinSelfReport>[0];
const FAMILIES = 12;
const ITEMS = 6;

/** Trials of three arms from a rule for each item; undefined: no answer could be read. */
function trialsOf(rule: (family: number, item: number) => readonly (0 | 1 | undefined)[]): readonly ScoredTrial[] {
  const trials: ScoredTrial[] = [];
  for (let family = 0; family < FAMILIES; family++) {
    for (let k = 0; k < ITEMS; k++) {
      for (const [i, value] of rule(family, k).entries()) {
        const arm = ["behaves", "says", "bystander"][i]!;
        const item = `f${family}-${k}`;
        trials.push({
          id: `self-report/${item}.${arm}#0`,
          contrast: "self-report",
          item,
          family: `f${family}`,
          arm,
          repeat: 0,
          score:
            value === undefined ? { status: "missing", reason: "format", detail: "" } : { status: "scored", value },
        });
      }
    }
  }
  return trials;
}

const coin = (family: number, item: number, what: string): 0 | 1 =>
  rng(3).fork(what).fork(family).fork(item).uniform() < 0.5 ? 1 : 0;
const join = (trials: readonly ScoredTrial[]) => joinSelfReport(contrast, trials, rng(1))!;
const byId = (joined: ReturnType<typeof join>, id: string) => joined.predictors.find((each) => each.id === id)!;

test("insight: every item foretold, better than the bystander and than the base rate", () => {
  const joined = join(
    trialsOf((f, k) => {
      const done = coin(f, k, "does");
      return [done, done, coin(f, k, "bystander")];
    }),
  );
  expect(byId(joined, "says").error).toMatchObject({ value: { mean: 0, low: 0, n: FAMILIES, unit: "families" } });
  for (const id of ["baseline", "base-rate"]) {
    const { advantage } = byId(joined, id);
    expect(advantage).toMatchObject({ status: "scored" });
    expect(advantage!.status === "scored" && advantage!.value.low).toBeGreaterThan(0);
  }
  for (const { says, does } of joined.points) expect(says.mean).toBe(does.mean);
  expect(joined.titles).toMatchObject({ baseline: "it is asked what another would do" });
});

test("rates that agree foretell nothing: chance beats neither baseline", () => {
  const joined = join(trialsOf((f, k) => [coin(f, k, "does"), coin(f, k, "says"), coin(f, k, "bystander")]));
  const advantages = ["baseline", "base-rate"].map((id) => byId(joined, id).advantage!);
  for (const each of advantages) expect(each.status === "scored" && each.value.low).toBeLessThan(0);
  // A base rate of one half errs by a quarter; a coin against a coin by one half.
  expect(byId(joined, "base-rate").error).toMatchObject({ status: "scored" });
  const [said, rate] = [byId(joined, "says").error, byId(joined, "base-rate").error];
  expect(said.status === "scored" && said.value.mean).toBeGreaterThan(0.35);
  expect(rate.status === "scored" && rate.value.mean).toBeLessThan(0.35);
});

test("what is missing in one arm is left out of all and counted", () => {
  const joined = join(trialsOf((f, k) => (f === 0 ? [1, undefined, 0] : k === 0 ? [undefined, 1, 0] : [1, 1, 0])));
  expect(joined).toMatchObject({ items: 11 * (ITEMS - 1), incomplete: ITEMS + 11 });
  expect(joined.points.map(({ family }) => family)).not.toContain("f0");
  expect(joined.points[0]).toMatchObject({ says: { n: ITEMS - 1, unit: "items" }, does: { mean: 1 } });
  const none = join(trialsOf(() => [1, undefined, 0]));
  expect(none).toMatchObject({ points: [], items: 0 });
  for (const { error } of none.predictors) expect(error.status).toBe("unscored");
});
