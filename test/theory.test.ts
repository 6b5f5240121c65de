/** @file `mesascope theory`: tables, exit codes, and the slow reference values. */
import { describe, expect, test } from "vitest";
import { selectQuantities } from "../src/lab/reference-values.ts";
import { isWithin } from "../src/reference.ts";
import { references } from "../src/references/index.ts";
import { commandLine } from "./command.ts";

const { ask } = commandLine("theory");

describe("the command", () => {
  test("one line of the list, ours beside theirs", async () => {
    const { code, out } = await ask("theory", "--only", "E7");
    expect(code).toBe(0);
    expect(out).toMatch(/E7 +E max of 10 normal draws +1\.53875 +1\.538753 +±0\.00001 +✓/);
    expect(out).toMatch(/✓ \d+ numbers, all within/);
    expect(out).not.toContain("E6");
  });

  test("a subject by name, with what mistakes would give", async () => {
    const { code, out } = await ask("theory", "--only", "deflated-scores", "--mistakes");
    expect(code).toBe(0);
    expect(out).toMatch(/wrong: excess kurtosis +0\.\d+ +outside/);
  });

  test("JSON and comma-separated values", async () => {
    const json = JSON.parse((await ask("theory", "--only", "E6", "--json")).out);
    expect(json).toMatchObject({ isWithin: true, outside: 0, leftOut: 0 });
    expect(json.rows[3]).toMatchObject({ line: "E6", reference: "exposure", published: "−0.0874628" });
    expect(json.rows[3].ours).toBeCloseTo(-0.0874628, 7);
    const { out } = await ask("theory", "--only", "E6", "--csv");
    expect(out.split("\n")[0]).toBe("line,reference,quantity,published,tolerance,ours,low,high,n,within");
    expect(out.trim().split("\n")).toHaveLength(json.rows.length + 1);
  });

  test("an unknown line is the user's mistake", async () => {
    const { code, err } = await ask("theory", "--only", "E99");
    expect(code).toBe(2);
    expect(err).toMatch(/got "E99"[\s\S]*hint: .*E7 best-of-n/);
  });
});

describe("slow numbers", () => {
  const all = selectQuantities(references).filter(({ quantity }) => quantity.isSlow === true);
  // A minute of one processor: by `mesascope theory --slow`.
  const left = ["trained-two-layers", "trained-preconditioner"];
  const slow = all.filter(({ reference }) => !left.includes(reference.id));
  test.each(slow.map(({ reference, quantity }) => ({ id: reference.id, ...quantity })))(
    "$id: $name",
    { timeout: 120_000 },
    async ({ published, compute, mistakes = [] }) => {
      const ours = await compute();
      expect(isWithin(published, ours), JSON.stringify({ published, ours })).toBe(true);
      // Both sides of the line are tested here: a wrong version does not pass.
      for (const { name, compute: wrong } of mistakes) {
        expect(isWithin(published, await wrong()), name).toBe(false);
      }
    },
  );
});
