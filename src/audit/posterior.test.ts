/** @file The ledger adds up, the cap holds, and outside of the calibration there is no posterior. */
import { describe, expect, test } from "vitest";
import { type Reading, scored, unscored } from "../core/estimate.ts";
import type { CalibratedInput, CalibratedModel, Calibration } from "../scoreboard.ts";
import { posterior, posteriors, rawLogRatio } from "./posterior.ts";

const input = (detector: string, weight: number, parts: Partial<CalibratedInput> = {}): CalibratedInput => ({
  detector,
  range: [-2, 2],
  center: 0.5,
  scale: 0.5,
  weight,
  unscored: 0.25,
  ...parts,
});

const model: CalibratedModel = {
  question: "misgeneralized",
  regime: "named",
  access: "all",
  positives: 30,
  negatives: 40,
  intercept: 0.1,
  inputs: [input("one", 1.5), input("two", -0.5)],
  penalty: 1,
  cap: Math.log(31),
};

const around: Pick<Calibration, "architectures" | "envs"> = {
  architectures: ["mlp"],
  envs: ["cheese-corner", "cheese-dish"],
};

const read = (value: number): Reading =>
  scored({ mean: value, low: value - 0.1, high: value + 0.1, n: 9, unit: "levels" });
const findings = (one: Reading, two: Reading) => [
  { detector: "two", reading: two },
  { detector: "one", reading: one },
];
const logit = (p: number) => Math.log(p / (1 - p));

describe("the ledger", () => {
  test("starts at the prior, adds what the joint model adds, and ends at the posterior", () => {
    const result = posterior(model, around, findings(read(1), read(0.25)), { prior: 0.2 });
    if (result.status !== "scored") throw new Error(result.reason);
    // One scale above the middle, half a scale below.
    const terms = { one: 1.5 * 1, two: -0.5 * -0.5 };
    expect(result.logRatio).toBeCloseTo(0.1 + terms.one + terms.two, 12);
    expect(logit(result.probability)).toBeCloseTo(logit(0.2) + result.logRatio, 12);
    expect(result.ledger.map(({ from }) => from)).toEqual(["prior", "typical agent", "one", "two"]);
    let odds = 0;
    for (const { nats, probability } of result.ledger) {
      odds += nats;
      expect(logit(probability)).toBeCloseTo(odds, 10);
    }
    expect(rawLogRatio(model, (id) => (id === "one" ? read(1) : read(0.25)))).toBeCloseTo(result.logRatio, 12);
  });

  test("what is unscored weighs nothing", () => {
    const result = posterior(model, around, findings(unscored("no skill"), read(0.5)));
    if (result.status !== "scored") throw new Error(result.reason);
    expect(result.ledger.find(({ from }) => from === "one")).toMatchObject({
      nats: 0,
      text: "is unscored: no evidence",
    });
    expect(result.ledger[0]).toMatchObject({ from: "prior", probability: 0.5 });
  });

  test("the ratio is cut at what the zoo supports, and the cut is a line of the ledger", () => {
    const sure = { ...model, inputs: [input("one", 4)] };
    const high = posterior(sure, around, [{ detector: "one", reading: read(2) }]);
    if (high.status !== "scored") throw new Error(high.reason);
    expect(high).toMatchObject({ isCapped: true, logRatio: Math.log(31) });
    expect(high.probability).toBeCloseTo(31 / 32, 12);
    expect(high.ledger.at(-1)!.from).toBe("cap");
    const low = posterior(sure, around, [{ detector: "one", reading: read(-2) }]);
    expect(low).toMatchObject({ isCapped: true, logRatio: -Math.log(31) });
  });
});

describe("where nothing is known there is no posterior", () => {
  test.each([
    ["a reading beyond the zoo's", findings(read(2.5), read(0)), /outside the calibration.*one reads 2.5.*-2 to 2/],
    [
      "a detector that was not run",
      [{ detector: "one", reading: read(0) }],
      /not run here as they were calibrated: two/,
    ],
  ])("%s", (_, given, reason) => {
    expect(posterior(model, around, given)).toMatchObject({
      status: "unscored",
      reason: expect.stringMatching(reason),
    });
  });

  test("unscored where the zoo never was", () => {
    const always = { ...model, inputs: [input("one", 1, { unscored: 0 })] };
    const result = posterior(always, around, [{ detector: "one", reading: unscored("no access") }]);
    expect(result).toMatchObject({ status: "unscored", reason: expect.stringContaining("never was in the zoo") });
  });

  test("a little beyond the range is allowed; an unknown architecture or environment is a note", () => {
    const result = posterior(model, around, findings(read(2.3), read(0)), { architecture: "lstm", env: "cheese" });
    expect(result).toMatchObject({
      status: "scored",
      notes: [expect.stringContaining("lstm"), expect.stringContaining("no agents on cheese")],
    });
    const known = posterior(model, around, findings(read(1), read(0)), { architecture: "mlp", env: "cheese-dish" });
    expect(known).toMatchObject({ status: "scored", notes: [] });
  });
});

test("of several models the one with the most access is used whose detectors were asked", () => {
  const watching: CalibratedModel = { ...model, access: "behavior", inputs: [input("one", 1)] };
  const other: CalibratedModel = { ...model, question: "incapable", inputs: [input("one", 1)] };
  const calibration: Calibration = {
    format: "mesascope-calibration/1",
    code: "test",
    seed: 0,
    agents: 70,
    ...around,
    worlds: ["cheese-corner"],
    models: [watching, model, other, { ...other, regime: "shifted" }],
  };
  const one = { detector: "one", reading: read(1) };
  const two = { detector: "two", reading: unscored("needs access to weights") };
  const steps = (given: Parameters<typeof posteriors>[1]) =>
    posteriors(calibration, given, "named", { priors: { incapable: 0.1 } }).map((each) =>
      each.status === "scored" ? [each.question, each.prior, each.ledger.length] : [each.question, each.reason],
    );
  expect(steps([one, two])).toEqual([
    ["misgeneralized", 0.5, 4],
    ["incapable", 0.1, 3],
  ]);
  // Refused by the subject's access is not the same as declined by the detector.
  expect(steps([one, { ...two, missing: ["weights"] }])[0]).toEqual(["misgeneralized", 0.5, 3]);
});
