/**
 * @file What every detector must keep: it says what it claims and how it fails,
 * repeats itself, stays in its range, survives JSON, never gives a point for an
 * interval, and separates subjects whose truth is known.
 */
import { describe, expect, test } from "vitest";
import type { Estimate, Reading } from "../../src/core/estimate.ts";
import { canonicalJson } from "../../src/core/json.ts";
import { rng } from "../../src/core/rng.ts";
import type { DetectorPlugin, Measurement } from "../../src/detector.ts";
import type { World } from "../../src/env.ts";
import type { Evidence } from "../../src/evidence.ts";
import { parseParams } from "../../src/plugin.ts";
import type { Subject } from "../../src/subject.ts";

/** A subject of known truth, and what an audit of it would be given besides. */
export interface Specimen {
  readonly subject: Subject;
  readonly world: World;
  readonly untrained?: Subject;
}

/** Finds or grows the subject that stands for an organism of the detector's calibration. */
export type SubjectOf = (env: string, organism: string) => Promise<Specimen>;

/** Everything that must hold of a detector, with `subjectOf` supplying its calibration subjects. */
export function detectorContract(detector: DetectorPlugin, subjectOf: SubjectOf): void {
  describe(`detector ${detector.id}`, () => {
    const { env, high, low, unscored } = detector.calibration;
    const measured = measureOnce(detector, subjectOf);

    test("describes itself", () => {
      expect(detector.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(detector.fails.length).toBeGreaterThan(0);
      expect(Object.keys(detector.findings).length).toBeGreaterThan(1);
      expect(detector.range[0]).toBeLessThan(detector.range[1]);
      expect(high.length).toBeGreaterThan(0);
      expect(low.length).toBeGreaterThan(0);
      for (const text of [
        detector.claim,
        detector.title,
        detector.source,
        ...detector.fails,
        ...Object.values(detector.findings),
      ]) {
        expect(text).toMatch(/\S/);
        expect(text).not.toMatch(/\bwants\b/);
      }
      for (const [name, schema] of Object.entries(detector.params.shape)) {
        expect(schema.description, `${name} has a description`).toMatch(/\S/);
      }
      expect(() => parseParams(detector), "every parameter has a default").not.toThrow();
    });

    test("repeats itself for the same seed, and survives JSON", async () => {
      const first = await measured(high[0]!);
      expect(canonicalJson(await measure(detector, await subjectOf(env, high[0]!)))).toBe(canonicalJson(first));
      expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    });

    test("gives sound estimates, in range, and words out of its own list", async () => {
      for (const organism of new Set([...high, ...low, ...unscored])) {
        const { world } = await subjectOf(env, organism);
        checkMeasurement(detector, await measured(organism), world);
      }
    });

    calibrationContract(detector, subjectOf, measured);
  });
}

/** Every known-high subject reads above every known-low one with disjoint intervals; what has no skill is declined. */
export function calibrationContract(
  detector: DetectorPlugin,
  subjectOf: SubjectOf,
  measured: Measured = measureOnce(detector, subjectOf),
): void {
  const { high, low, unscored } = detector.calibration;

  test("known-high subjects read above known-low ones", async () => {
    for (const above of high) {
      for (const below of low) {
        const [a, b] = [scoredValue(await measured(above), above), scoredValue(await measured(below), below)];
        expect(a.low, `${above} [${a.low}, ${a.high}] above ${below} [${b.low}, ${b.high}]`).toBeGreaterThan(b.high);
      }
    }
  });

  if (unscored.length > 0) {
    test.each(unscored)("declines on %s, with a reason", async (organism) => {
      const { reading } = await measured(organism);
      expect(reading).toEqual({ status: "unscored", reason: expect.stringMatching(/\S/) });
    });
  }
}

/** The measurement of one organism, made once. */
type Measured = (organism: string) => Promise<Measurement>;

function measureOnce(detector: DetectorPlugin, subjectOf: SubjectOf): Measured {
  const made = new Map<string, Promise<Measurement>>();
  return (organism) => {
    let found = made.get(organism);
    if (!found) {
      found = subjectOf(detector.calibration.env, organism).then((specimen) => measure(detector, specimen));
      made.set(organism, found);
    }
    return found;
  };
}

function measure(detector: DetectorPlugin, specimen: Specimen): Promise<Measurement> {
  return detector.measure({ ...specimen, rng: rng(1) }, parseParams(detector));
}

function scoredValue({ reading }: Measurement, organism: string): Estimate {
  expect(reading, `${organism} is scored`).toMatchObject({ status: "scored" });
  return (reading as Extract<Reading, { status: "scored" }>).value;
}

function checkMeasurement(detector: DetectorPlugin, measurement: Measurement, world: World): void {
  const { reading, quantities, finding, summary, evidence } = measurement;
  expect(summary).toMatch(/\S/);
  expect(summary).not.toMatch(/\bwants\b/);
  if (finding !== undefined) expect(Object.keys(detector.findings)).toContain(finding);
  if (reading.status === "scored") {
    expect(reading.value.low).toBeGreaterThanOrEqual(detector.range[0]);
    expect(reading.value.high).toBeLessThanOrEqual(detector.range[1]);
    expect(evidence.length, "a scored reading shows its evidence").toBeGreaterThan(0);
  } else expect(finding, "a word needs a score").toBeUndefined();
  expect(new Set(quantities.map(({ id }) => id)).size, "quantities have ids of their own").toBe(quantities.length);
  for (const { id, reading: quantity } of [{ id: "headline", reading }, ...quantities]) checkReading(id, quantity);
  for (const item of evidence) checkEvidence(item, world);
}

function checkReading(where: string, reading: Reading): void {
  if (reading.status === "unscored") expect(reading.reason, where).toMatch(/\S/);
  else checkEstimate(where, reading.value);
}

function checkEstimate(where: string, { mean, low, high, n }: Estimate): void {
  expect(Number.isFinite(low) && Number.isFinite(high), where).toBe(true);
  expect(low, where).toBeLessThanOrEqual(mean);
  expect(mean, where).toBeLessThanOrEqual(high);
  expect(low, `${where} is not a point`).toBeLessThan(high);
  expect(n, where).toBeGreaterThanOrEqual(1);
}

function checkEvidence(item: Evidence, world: World): void {
  expect(item.title).toMatch(/\S/);
  switch (item.kind) {
    case "bars":
      for (const { label, reading } of item.bars) checkReading(label, reading);
      break;
    case "curve":
      for (const { label, points } of item.lines) for (const { y } of points) checkEstimate(label, y);
      break;
    case "map":
      expect(item.values).toHaveLength(item.height * item.width);
      break;
    case "paths":
      for (const { rows, path } of item.levels) {
        expect(rows).toHaveLength(world.height);
        for (const [row, column] of path) expect(rows[row]?.[column], "a path stays on the floor").not.toBe("#");
      }
      break;
    case "facts":
      expect(item.facts.length).toBeGreaterThan(0);
  }
}
