/** @file What the assertions in documentation examples mean. Compiled examples import these. */

import { expect } from "vitest";

/** `// => value` */
export function isEqual(actual: unknown, expected: unknown, where: string): void {
  expect(actual, where).toEqual(expected);
}

/** `// => ≈ 1.41`: equal to the digits that are written, give or take half a unit of the last one. */
export function isNear(actual: unknown, expected: string, where: string): void {
  const [, digits = "", exponent = "0"] = /^-?\d+(?:\.(\d+))?(?:e([-+]?\d+))?$/.exec(expected) ?? [];
  expect(Number.isFinite(Number(expected)), `${where}: "${expected}" is no decimal number`).toBe(true);
  const halfUnit = 0.5 * 10 ** (Number(exponent) - digits.length);
  expect(typeof actual, where).toBe("number");
  // Written digits are rounded, so the comparison allows for the rounding of the comparison itself.
  expect(Math.abs((actual as number) - Number(expected)), `${where}: got ${actual}`).toBeLessThanOrEqual(
    halfUnit * (1 + 1e-9),
  );
}

/** `// throws code`: a LabError with that code, or any error whose name or message contains the text. */
export async function doesThrow(run: () => Promise<unknown>, expected: string, where: string): Promise<void> {
  const error = await run().then(
    () => expect.fail(`${where}: expected a throw of ${expected}, got none`),
    (thrown: unknown) => thrown,
  );
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  if (code !== expected) expect(`${name}: ${message}`, where).toContain(expected);
}
