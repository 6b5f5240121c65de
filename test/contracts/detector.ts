/** @file The contract of detectors as tests; what it holds is in src/lab/contract-detector.ts, which users' own detectors meet too. */
import { describe } from "vitest";
import type { DetectorPlugin } from "../../src/detector.ts";
import * as contract from "../../src/lab/contract-detector.ts";
import { testChecks } from "./checks.ts";

export type { Specimen } from "../../src/lab/contract-detector.ts";

/** Everything that must hold of a detector, with `subjectOf` supplying its calibration subjects. */
export function detectorContract(detector: DetectorPlugin, subjectOf: contract.SubjectOf): void {
  describe(`detector ${detector.id}`, () => testChecks(contract.detectorContract(detector, subjectOf)));
}

/** Every known-high subject reads above every known-low one with disjoint intervals; what has no skill is declined. */
export function calibrationContract(detector: DetectorPlugin, subjectOf: contract.SubjectOf): void {
  testChecks(contract.calibrationContract(detector, subjectOf));
}
