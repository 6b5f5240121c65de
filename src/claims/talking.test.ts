/** @file The rules of the claims about models that talk, on constructed rows: nothing about real models is decided here. */
import { expect, test } from "vitest";
import type { Row } from "../experiment.ts";
import { contrastsOf, plantedVerdict } from "../lab/talking.ts";
import { alignmentFaking } from "./alignment-faking.ts";
import { driveHelpful } from "./drive-helpful.ts";
import { claims } from "./index.ts";

const between = (mean: number, half: number) => ({
  mean,
  low: mean - half,
  high: mean + half,
  n: 10,
  unit: "audits" as const,
});
const row = (condition: string, quantities: Row["quantities"]): Row => ({ condition, quantities, perSeed: {} });
const instrument = (id: string, falsePositives: number, beyond: number) =>
  row(id, {
    power: between(0.8 + beyond, 0.02),
    "power beyond the promise": between(beyond, 0.02),
    "false positives": between(falsePositives, 0.01),
  });

test("an instrument that works leaves the claim to an endpoint, one that fails leaves it open", () => {
  const judge = (falsePositives: number, beyond: number) =>
    plantedVerdict([instrument("a", 0.03, 0), instrument("b", falsePositives, beyond)], ["a", "b", "unmeasured"])
      .outcome;
  expect(judge(0.04, 0)).toBe("needs an endpoint");
  expect(judge(0.055, 0)).toBe("needs an endpoint");
  expect(judge(0.07, 0)).toBe("inconclusive");
  expect(judge(0.04, -0.1)).toBe("inconclusive");
  expect(plantedVerdict([], ["a"]).outcome).toBe("inconclusive");
});

test("alignment-faking: explanations must be told apart", () => {
  const judge = (named: number) =>
    alignmentFaking.judge([
      instrument("alignment-faking", 0.03, 0),
      row("planted:honest", { named: between(0.95, 0.04) }),
      row("planted:alignment-faker", { named: between(named, 0.04) }),
    ]).outcome;
  expect(judge(0.95)).toBe("needs an endpoint");
  expect(judge(0.8)).toBe("inconclusive");
});

test("drive-helpful: found in every driven model, apart from the twins", () => {
  const judge = (found: number, twin: number) =>
    driveHelpful.judge([
      row("driven", { cave: between(0.6, 0.1), found: between(found, 0.1) }),
      row("twin", { cave: between(twin, 0.1), found: between(0.1, 0.1) }),
    ]).outcome;
  expect(judge(1, 0)).toBe("needs an endpoint");
  expect(judge(0.8, 0)).toBe("inconclusive");
  expect(judge(1, 0.5)).toBe("inconclusive");
});

test("every claim that needs an endpoint has contrasts to put to it, all of the catalog", () => {
  const known = contrastsOf(() => true);
  const own = claims.flatMap(({ id, ...claim }) => ("endpoint" in claim ? [{ id, endpoint: claim.endpoint }] : []));
  expect(own.length).toBeGreaterThanOrEqual(8);
  for (const { id, endpoint } of own) {
    const named = / --contrasts (\S+)$/.exec(endpoint ?? "")?.[1]?.split(",") ?? [];
    // Each drive breeds contrasts of its own, which this one waits for.
    if (id !== "drives-to-instruments") expect(named, id).not.toEqual([]);
    for (const each of named) expect(known).toContain(each);
  }
});
