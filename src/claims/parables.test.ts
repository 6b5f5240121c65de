/** @file The rules of the claims about evolved rewards, hiring and dependence, on constructed rows. */
import { expect, test } from "vitest";
import type { Row } from "../experiment.ts";
import { simulatedRow } from "../lab/simulated.ts";
import { birthControl } from "./birth-control.ts";
import { dependenceLockIn } from "./dependence-lock-in.ts";
import { instrumentBecomesEnd } from "./instrument-becomes-end.ts";
import { lensEvolution } from "./lens-evolution.ts";
import { timescaleAsymmetry } from "./timescale-asymmetry.ts";

/** Four seeds around a mean. */
const seeds = (mean: number, spread = 0.01) => [-1.5, 0.5, -0.5, 1.5].map((step) => mean + step * spread);

/** Means by name of several rows, as a row's `means`. */
const spread = (means: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(means).map(([name, mean]) => [name, seeds(mean)]));

test("birth-control: divergence with capability alone, on the closed form", () => {
  const judge = (least: number, most: number, indulged = 0.5) =>
    birthControl.judge(
      (
        [
          [4, least, 0.1],
          [4096, most, 0.8],
        ] as const
      ).map(([x, divergence, offspring]) =>
        simulatedRow({
          condition: `${x} trials`,
          x,
          means: spread({ divergence, "offspring, no novelty": offspring, indulged }),
          exact: { indulged: 0.5 },
        }),
      ),
    ).outcome;
  expect(judge(0, 2)).toBe("supported");
  expect(judge(0.6, 2)).toBe("inconclusive");
  expect(judge(0, 2, 0.7)).toBe("inconclusive");
  expect(judge(2, 0)).toBe("contradicted");
});

test("lens-evolution: circuits, prediction, cost, and a control that has none of them", () => {
  const row = (condition: string, pays: number, foretold: number, lost: number) =>
    simulatedRow({
      condition,
      means: spread({
        "with what pays": pays,
        "with Price's prediction": foretold,
        "offspring lost": lost,
        tempted: 0.9,
        "tempted, predicted": 1,
      }),
    });
  const control = row("not selected", 0, 0, 0.2);
  expect(lensEvolution.judge([row("selected", 0.95, 0.9, 1), control]).outcome).toBe("supported");
  expect(lensEvolution.judge([row("selected", 0.95, 0.9, 1), row("not selected", 0.9, 0, 0)]).outcome).toBe(
    "inconclusive",
  );
  expect(lensEvolution.judge([row("selected", 0.95, 0.6, 1), control]).outcome).toBe("inconclusive");
  expect(lensEvolution.judge([row("selected", 0.2, 0.9, 1), control]).outcome).toBe("contradicted");
});

test("timescale-asymmetry: who is first among the fastest decides, if alarms are not false", () => {
  const judge = (slow: number, fast: number, alarms = 0) =>
    timescaleAsymmetry.judge([
      ...(
        [
          [1, slow],
          [256, fast],
        ] as const
      ).map(([x, lead]) =>
        simulatedRow({
          condition: `${x} trials a period`,
          x,
          means: spread({ lead, divergence: 8 }),
          exact: { divergence: 8 },
        }),
      ),
      simulatedRow({
        condition: "no novelty",
        shares: { alarm: Array.from({ length: 20 }, (_, i) => i < alarms) },
      }),
    ]);
  expect(judge(-100, 10)).toMatchObject({
    outcome: "supported",
    because: expect.stringMatching(/at 1 the alarm comes first/),
  });
  expect(judge(5, 10)).toMatchObject({ outcome: "supported", because: expect.stringMatching(/is open/) });
  expect(judge(-100, 10, 8).outcome).toBe("inconclusive");
  expect(judge(-100, -5).outcome).toBe("contradicted");
});

test("dependence-lock-in: late detection, early detection, no loss of skill, and the closed form", () => {
  const judge = (early: number, late: number, exact = late, control = 0) =>
    dependenceLockIn.judge([
      ...(
        [
          [2, early, early],
          [100, late, exact],
        ] as const
      ).map(([x, locked, formula]) =>
        simulatedRow({
          condition: `detected at ${1 / x} a period`,
          x,
          means: { "locked in": seeds(locked, 0.001) },
          exact: { "locked in": formula },
        }),
      ),
      simulatedRow({ condition: "nothing is forgotten", means: { "locked in": seeds(control, 0.001) } }),
    ]).outcome;
  expect(judge(0.05, 0.9)).toBe("supported");
  expect(judge(0.05, 0.9, 0.8)).toBe("inconclusive");
  expect(judge(0.05, 0.9, 0.9, 0.4)).toBe("inconclusive");
  expect(judge(0.9, 0.3)).toBe("contradicted");
});

test("instrument-becomes-end: at once, and after an eighth of the further training, paired by seed", () => {
  const judge = (paid: number, eighth: number) => {
    const row = (condition: string, surplus: number, x?: number): Row =>
      simulatedRow({ condition, ...(x === undefined ? {} : { x }), means: { surplus: seeds(surplus) } });
    return instrumentBecomesEnd.judge([
      row("keys always served", paid),
      row("surplus keys met", 0.2),
      row("untrained", 0.3),
      ...[0.5, 0.4, eighth, 0.2].map((surplus, k) => row(`keys served before, ${k} steps on`, surplus, k)),
    ]).outcome;
  };
  expect(judge(0.6, 0.3)).toBe("supported");
  expect(judge(0.6, 0.2)).toBe("inconclusive");
  expect(judge(0.25, 0.3)).toBe("contradicted");
});
