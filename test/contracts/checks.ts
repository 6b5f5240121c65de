/** @file Checks of a contract as tests: one test a check, which shows every breach. */
import { expect, test } from "vitest";
import type { Check } from "../../src/lab/contract.ts";

export function testChecks(checks: readonly Check[]): void {
  for (const check of checks) test(check.title, async () => expect(await check.run()).toEqual([]));
}
