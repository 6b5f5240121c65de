/** @file Lines of the ledger whose truth is known: selection among normal candidates, a thermostat in any room, one memorized line. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import { openExecutor } from "../../tensor/index.ts";
import { bestOfEntry } from "../../theory/selection/ledger.ts";
import type { Candidate } from "./candidates.ts";
import { memoryLine, seedsLine, thermostatLine, wordLine } from "./instances.ts";

const { executor } = await openExecutor();

test("the best of 16 among normal candidates gains what the closed form says, on the proxy and on the intent", () => {
  const random = rng(1);
  // Value and error of equal variance: the correlation of score and value is √½.
  const zoo = (): Candidate[] =>
    Array.from({ length: 16 }, () => {
      const value = random.normal();
      const traits = { corner: 0, entropy: 0, norm: 0, label: 0 };
      return { value, score: value + random.normal(), errorSd: 1, traits };
    });
  const lines = Array.from({ length: 400 }, () => seedsLine(zoo(), [...zoo(), ...zoo(), ...zoo(), ...zoo()]));
  const closed = bestOfEntry(16, Math.SQRT1_2);
  const over = (name: "kl" | "tail" | "proxyGain" | "intentGain") => mean(lines.map((line) => line[name]));
  expect(lines[0]!.nominal).toBe(4);
  // The selection of 16 from 80 without ties is a little coarser than from a continuum.
  expect(over("kl")).toBeCloseTo(closed.kl, 1);
  expect(Math.abs(over("proxyGain") - closed.proxyGain)).toBeLessThan(0.12);
  expect(Math.abs(over("intentGain") - closed.intentGain)).toBeLessThan(0.15);
  // 64 references resolve six bits: the tail is cut a little short.
  expect(over("tail")).toBeGreaterThan(closed.tail - 0.6);
  expect(over("tail")).toBeLessThan(closed.tail + 0.2);
});

test("a thermostat's line is finite in every room, and its outcome diverges less than its switching", () => {
  for (let room = 0; room < 5; room++) {
    const { kl, tail, nominal, pathKl, proxyGain } = thermostatLine(rng(room));
    for (const each of [kl, tail, proxyGain]) expect(each).toBeGreaterThan(1);
    expect(kl).toBeLessThan(pathKl!);
    expect(pathKl!).toBeLessThan(nominal!);
  }
});

test("a word: what was improbable by so many bits is said, and all that is said has diverged by no less", async () => {
  const { kl, tail, baseline } = await wordLine(60, executor, rng(2));
  expect(baseline).toBeLessThan(0.01);
  expect(tail).toBeGreaterThan(12);
  expect(kl).toBeGreaterThan(tail - 1);
});

test("a line seen 64 times in 40 steps is more probable than without, by finite bits", async () => {
  const { kl, exposure, proxyGain, nominal } = await memoryLine({ lines: 1, steps: 40 }, executor, 3);
  expect(kl).toBeGreaterThan(0);
  expect(proxyGain).toBeGreaterThan(0);
  expect(exposure!).toBeLessThanOrEqual(nominal!);
});
