/** @file Every quick reference value lies within its tolerance, and every known mistake outside. */
import { describe, expect, test } from "vitest";
import { isWithin } from "../reference.ts";
import { references } from "./index.ts";

describe.each(references)("$line $id", ({ quantities }) => {
  test.each(quantities.filter(({ isSlow }) => isSlow !== true))(
    "$name",
    async ({ published, compute, mistakes = [] }) => {
      const ours = await compute();
      expect(isWithin(published, ours), JSON.stringify({ published, ours })).toBe(true);
      for (const { name, compute: wrong } of mistakes) {
        const result = await wrong();
        expect(isWithin(published, result), `${name} passes: ${JSON.stringify({ published, result })}`).toBe(false);
      }
    },
  );
});

test("names are unique, lines are E0 to E18, and mistakes say what they are", () => {
  for (const { id, line, quantities } of references) {
    expect(line).toMatch(/^E(\d|1[0-8])$/);
    const names = quantities.map(({ name }) => name);
    expect(new Set(names).size, id).toBe(names.length);
    for (const { low, high } of quantities.map(({ published }) => published)) expect(low).toBeLessThanOrEqual(high);
  }
});
