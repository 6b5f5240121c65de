/** @file Contracts and menus that are tried out settle on what is derived for them. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { learnEffort, parabolaPeak, settleContract, settleMenu } from "./contract-play.ts";
import { multitaskContract } from "./moral-hazard.ts";
import { twoTypeMenu } from "./screening.ts";

const task = { substitution: 0.5, riskAversion: 1, noise: 0.1 };
const seeds = Array.from({ length: 12 }, (_, seed) => rng(seed));

test("an agent learns C⁻¹α from its pay: effort where it is paid, damage where it is not", () => {
  const efforts = seeds.map((random) => learnEffort(task, 0.9, 4000, random));
  const [measured, unmeasured] = [0, 1].map((k) => sampledMean(efforts.map((effort) => effort[k]!)));
  expect(Math.abs(measured!.mean - 0.9 / 0.75)).toBeLessThan(0.03);
  expect(Math.abs(unmeasured!.mean + (0.5 * 0.9) / 0.75)).toBeLessThan(0.03);
});

test("a patient principal settles on the best contract, a hasty one on the best for the first task alone", () => {
  const exact = (second: number) =>
    multitaskContract({
      tasks: 2,
      benefit: Float64Array.of(1, second),
      cost: Float64Array.of(1, 0.5, 0.5, 1),
      noise: Float64Array.of(0.1, Infinity),
      riskAversion: 1,
    });
  const trying = { learning: 2000, judging: 1000, contracts: 9 };
  for (const [isPatient, second] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const settled = seeds.map((random) => settleContract(task, trying, isPatient, random));
    const incentive = sampledMean(settled.map((each) => each.incentive));
    expect(Math.abs(incentive.mean - exact(second).incentives[0]!)).toBeLessThan(0.03);
    const unmeasured = sampledMean(settled.map((each) => each.unmeasured));
    expect(Math.abs(unmeasured.mean - exact(second).effort[1]!)).toBeLessThan(0.03);
  }
});

test("menus that are tried settle on 1/3 for the dear type and a profit of 1/3", () => {
  const types = { cheap: 1, dear: 2, cheapShare: 0.5 };
  const settled = seeds.map((random) => settleMenu(types, { menus: 9, agents: 2000 }, random));
  const exact = twoTypeMenu(types);
  expect(Math.abs(sampledMean(settled.map(({ effort }) => effort)).mean - exact.dear.effort)).toBeLessThan(0.02);
  expect(Math.abs(sampledMean(settled.map(({ profit }) => profit)).mean - exact.profit)).toBeLessThan(0.01);
});

test("the peak of a parabola, uneven points and points that only rise", () => {
  const at = (x: number) => 3 - 2 * (x - 0.7) ** 2;
  expect(parabolaPeak([0, 0.3, 0.35, 1, 2].map((x) => [x, at(x)] as const))).toBeCloseTo(0.7, 10);
  expect(parabolaPeak([0, 1, 2].map((x) => [x, x * x] as const))).toBe(2);
  expect(parabolaPeak([0, 0.1, 0.2].map((x) => [x, at(x)] as const))).toBe(0.2);
});
