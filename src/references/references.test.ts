/** @file Every quick reference value lies within its tolerance, and every known mistake outside. */
import { describe, expect, test } from "vitest";
import { isWithin } from "../reference.ts";
import { references } from "./index.ts";

const quick = references
  .map(({ id, line, quantities }) => ({ id, line, quantities: quantities.filter(({ isSlow }) => isSlow !== true) }))
  .filter(({ quantities }) => quantities.length > 0);

describe.each(quick)("$line $id", ({ quantities }) => {
  test.each(quantities)("$name", async ({ published, compute, mistakes = [] }) => {
    const ours = await compute();
    expect(isWithin(published, ours), JSON.stringify({ published, ours })).toBe(true);
    for (const { name, compute: wrong } of mistakes) {
      const result = await wrong();
      expect(isWithin(published, result), `${name} passes: ${JSON.stringify({ published, result })}`).toBe(false);
    }
  });
});

test("every line of the list has its numbers; names are unique", () => {
  const lines = new Set(references.map(({ line }) => line));
  for (let i = 1; i <= 18; i++) expect(lines, `E${i}`).toContain(`E${i}`);
  for (const { id, line, quantities } of references) {
    expect(line).toMatch(/^E(\d|1[0-8])$/);
    const names = quantities.map(({ name }) => name);
    expect(new Set(names).size, id).toBe(names.length);
    for (const { low, high } of quantities.map(({ published }) => published)) expect(low).toBeLessThanOrEqual(high);
  }
});
