/** @file Prints the closing line of a test run from vitest's JSON report; fails when a test failed or none ran. */

import { readFileSync } from "node:fs";

let counts = { passed: 0, failed: 0, skipped: 0 };
try {
  const report = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
  const outcomes = report.testResults.flatMap((file) => {
    const tests = file.assertionResults.map((test) => test.status);
    // A file that fails as a whole (a broken import, a failing hook) has no failed test to show for it.
    const isBroken = file.status === "failed" && !tests.includes("failed");
    return isBroken ? [...tests, "failed"] : tests;
  });
  const count = (...wanted) => outcomes.filter((outcome) => wanted.includes(outcome)).length;
  counts = {
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped", "pending", "todo", "disabled"),
  };
} catch (error) {
  console.error(`The test run left no report: ${error.message}`);
}
const { passed, failed, skipped } = counts;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
if (passed === 0 || failed > 0) process.exitCode = 1;
