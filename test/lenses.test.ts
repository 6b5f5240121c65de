/**
 * @file Lenses against what is known: a population whose selection differential is known, networks whose order is
 * known, an agent that is a utility. And that none can peek: by what it imports, by what it is told, by when it speaks.
 */
import { describe, expect, test } from "vitest";
import { isTest, isTypeScript, readTree } from "../scripts/source.ts";
import { rng } from "../src/core/rng.ts";
import { mean } from "../src/core/stats.ts";
import { COUPLED, DECOUPLED } from "../src/env.ts";
import { commit, commitLens, heldOutLevels, scoresOf, seal, TREMBLE } from "../src/lab/lenses/commitments.ts";
import type { HeldOutLevel, LensPlugin, Member, Solution } from "../src/lens.ts";
import { decisionTheory } from "../src/lenses/decision-theory.ts";
import { evolution } from "../src/lenses/evolution.ts";
import { lenses as registered } from "../src/lenses/index.ts";
import { optimization } from "../src/lenses/optimization.ts";
import { parseParams } from "../src/plugin.ts";
import { drawLevels } from "../src/rollout.ts";
import { entropyNats } from "../src/theory/numerics/log-score.ts";
import { evidenceOf, softWalker, trueChoices, world } from "./synthetic-evidence.ts";

const lenses = registered as readonly unknown[] as readonly LensPlugin[];
const levels = drawLevels(world, 48, DECOUPLED, "test", rng(21));
const held = heldOutLevels(world, levels, rng(22));
const MIXED = { strength: 0, alpha: 0.5 };

/** A level on which every objective is always reached by who walks to it: a forecast is then the disposition itself. */
const transparent: HeldOutLevel = {
  level: levels[0]!,
  pursuit: (candidate) => Float64Array.from(["cheese", "corner", undefined], (id) => (id === candidate ? 1 : 0)),
  imagine: () => {
    throw new Error("not asked for");
  },
};
const dispositionOf = (lens: LensPlugin, id: string, evidence: Parameters<typeof commitLens>[1]) =>
  lens.operationalizations
    .find((each) => each.id === id)!
    .fit(evidence, parseParams(lens))
    .forecast(transparent);

const member = (kinship: Member["kinship"], fitness: number, more: Partial<Member>): Member => ({
  kinship,
  fitness,
  pursuit: world.candidates.map(() => 0),
  ...more,
});

describe("evolution", () => {
  test("ancestors whose log leaning is linear in fitness are projected onto that line", async () => {
    const line = [
      [-2, 0.5],
      [-3, 2.5],
    ] as const;
    const cloud = [
      member("agent", 0.9, {}),
      ...[0.1, 0.2, 0.25, 0.4, 0.55].map((w) =>
        member(w < 0.3 ? "random" : "early", w, { leaning: [...line.map(([a, b]) => Math.exp(a + b * w)), 0.3] }),
      ),
    ];
    const evidence = await evidenceOf(softWalker("cheese", 2), COUPLED, { cloud });
    const weights = line.map(([a, b]) => Math.exp(a + b * 0.9));
    const total = weights[0]! + weights[1]!;
    const forecast = dispositionOf(evolution as unknown as LensPlugin, "ancestors", evidence);
    // A tenth of episodes is aimless, which here is to serve nothing.
    expect(forecast[0]).toBeCloseTo((0.9 * weights[0]!) / total, 9);
    expect(forecast[1]).toBeCloseTo((0.9 * weights[1]!) / total, 9);
    expect(forecast[2]).toBeCloseTo(0.1, 9);
  });

  test("the cloud's next generation is its mean plus Cov(w, z)/w̄", async () => {
    const [cheese, corner] = ["cheese", "corner"].map((id) => world.candidates.findIndex((each) => each.id === id));
    const traits = [
      [1, 0.5, 0.2],
      [0.6, 0.3, 0.4],
      [0.8, 0.1, 0.6],
    ] as const;
    const cloud = traits.map(([w, a, b], i) => {
      const pursuit = world.candidates.map((_, c) => (c === cheese ? a : c === corner ? b : 0));
      return member(i === 0 ? "agent" : "perturbed", w, { pursuit });
    });
    const next = [1, 2].map((t) => {
      const [w, z] = [traits.map((each) => each[0]), traits.map((each) => each[t]!)];
      const covariance = mean(w.map((each, i) => each * z[i]!)) - mean(w) * mean(z);
      return mean(z) + covariance / mean(w);
    });
    const evidence = await evidenceOf(softWalker("cheese", 2), COUPLED, { cloud });
    const forecast = dispositionOf(evolution as unknown as LensPlugin, "cloud", evidence);
    expect(forecast[0]! / forecast[1]!).toBeCloseTo(next[0]! / next[1]!, 9);
  });
});

describe("optimization", () => {
  const solution = (objective: number, early: number, coefficient: number, rise: number): Solution => ({
    objective,
    early,
    loss: 0,
    coefficient,
    rise,
  });
  test("wins of one goal's networks over the other's, half a win added to each side", async () => {
    const solutions = [solution(0, 1, 5, 3), solution(0, 2, 6, 1), solution(1, 1.5, 1, 2), solution(1, 3, 2, 2)];
    const evidence = await evidenceOf(softWalker("cheese", 2), COUPLED, { solutions });
    const lens = optimization as unknown as LensPlugin;
    // Of four pairs the first goal wins three in speed; none by its coefficient and two by its rise.
    expect(dispositionOf(lens, "speed", evidence)[0]).toBeCloseTo(3.5 / 5, 9);
    expect(dispositionOf(lens, "flatness", evidence)[0]).toBeCloseTo((0.5 / 5 + 2.5 / 5) / 2, 9);
  });

  test("the prior is the mean leaning, and without any it falls back on every goal alike", async () => {
    const cloud = [member("agent", 1, {}), member("random", 0.2, { leaning: [0.1, 0.3, 0.6] })];
    const evidence = await evidenceOf(softWalker("cheese", 2), COUPLED, { cloud });
    const lens = optimization as unknown as LensPlugin;
    expect(dispositionOf(lens, "prior", evidence)[1]).toBeCloseTo(0.75, 9);
    const bare = await evidenceOf(softWalker("cheese", 2), COUPLED);
    for (const each of lens.operationalizations) {
      const forecaster = each.fit(bare, parseParams(lens));
      expect(forecaster.fallback).toMatch(/\S/);
      expect(forecaster.forecast(transparent)[0]).toBeCloseTo(0.5, 9);
    }
  });
});

describe("decision theory", () => {
  test("an agent that is a utility is predicted best by it, and nearly as well as by knowing it", async () => {
    const act = softWalker("cheese", 1);
    // Half of its kin lean to the corner and half to the cheese: the other lenses are told nothing.
    const cloud = [
      member("agent", 1, {}),
      member("early", 0.5, { leaning: [0.4, 0.4, 0.2] }),
      member("early", 0.6, { leaning: [0.4, 0.4, 0.2] }),
    ];
    const evidence = await evidenceOf(act, MIXED, { cloud });
    const truth = await trueChoices(act, levels, 100);
    const entropy = mean(truth.map((each) => entropyNats(each)));
    const expected = (forecasts: readonly Float64Array[]) =>
      mean(forecasts.map((p, i) => truth[i]!.reduce((sum, share, c) => sum + share * Math.log(p[c]!), 0)));
    const scores = Object.fromEntries(
      lenses.flatMap((lens) =>
        commitLens(lens, evidence, held).map(({ forecaster, forecasts }) => [forecaster, expected(forecasts)]),
      ),
    );
    for (const way of ["decision-theory", "decision-theory:maxent", "decision-theory:bayes"]) {
      expect(scores[way]).toBeLessThan(-entropy);
      expect(scores[way]).toBeGreaterThan(-entropy - 0.1);
      expect(scores[way]).toBeGreaterThan(Math.max(scores.evolution!, scores.optimization!) + 0.05);
    }
  });

  test("where both goals explain every walk the posterior keeps both", async () => {
    const evidence = await evidenceOf(softWalker("corner", 2), COUPLED);
    const lens = decisionTheory as unknown as LensPlugin;
    const [, bayes] = lens.operationalizations;
    const forecaster = bayes!.fit(evidence, parseParams(lens));
    expect(forecaster.fallback).toBeUndefined();
    const average = [0, 1].map((c) => mean(held.map((level) => forecaster.forecast(level)[c]!)));
    expect(average[0]).toBeGreaterThan(0.35);
    expect(average[1]).toBeGreaterThan(0.35);
  });

  test("a random walk is explained by a device, and the lens says that it falls back on it", async () => {
    const evidence = await evidenceOf(softWalker("corner", 0), COUPLED);
    const lens = decisionTheory as unknown as LensPlugin;
    expect(lens.operationalizations[1]!.fit(evidence, parseParams(lens)).fallback).toMatch(/device/);
  });
});

describe("every lens", () => {
  test("has at least two ways of being a number, each with an equation, and knows how it fails", () => {
    expect(lenses.length).toBe(3);
    for (const { operationalizations, fails, fallback } of lenses) {
      expect(operationalizations.length).toBeGreaterThan(1);
      for (const { equation } of operationalizations) expect(equation).toMatch(/\S/);
      expect(fails.length).toBeGreaterThan(0);
      expect(fallback).toMatch(/\S/);
    }
  });

  test("commits probabilities, repeats itself, and says of a level what it says without the others", async () => {
    const evidence = await evidenceOf(softWalker("cheese", 1), MIXED);
    for (const lens of lenses) {
      const first = commitLens(lens, evidence, held.slice(0, 6));
      expect(commitLens(lens, evidence, heldOutLevels(world, levels.slice(0, 6), rng(22)))).toEqual(first);
      const reversed = commitLens(lens, evidence, heldOutLevels(world, levels.slice(0, 6).reverse(), rng(22)));
      for (const [i, { forecasts }] of first.entries()) {
        for (const [k, p] of forecasts.entries()) {
          expect(p.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
          expect(Math.min(...p)).toBeGreaterThanOrEqual(TREMBLE / 3);
          expect(reversed[i]!.forecasts[5 - k]).toEqual(p);
        }
      }
    }
  });
});

describe("nobody peeks", () => {
  test("a lens imports nothing that can run a network or play a level", () => {
    const sources = readTree(["src/lenses"], (path) => isTypeScript(path) && !isTest(path));
    expect(sources.size).toBeGreaterThan(3);
    for (const [path, text] of sources) {
      const imports = [...text.matchAll(/from "([^"]+)"/g)].map((match) => match[1]!);
      if (!path.endsWith("index.ts")) expect(imports.length).toBeGreaterThan(0);
      for (const from of imports) {
        expect(`${path}: ${from}`).not.toMatch(
          /policy\/|subject|network|rollout|tensor|train\.ts|decisions\.ts".*record/,
        );
        expect(`${path}: ${from}`).toMatch(/: (\.\/|zod|\.\.\/(core|interpret|theory|lens))/);
      }
      expect(text).not.toMatch(/recordDecisions|deviceRollout|await |async /);
    }
  });

  test("evidence holds data, and functions nowhere but in the rules of the world", async () => {
    const { world: rules, ...rest } = await evidenceOf(softWalker("cheese", 1), MIXED);
    expect(() => structuredClone(rest)).not.toThrow();
    expect(() => structuredClone(rules)).toThrow();
  });

  test("what was said has a hash, which another forecast has not", () => {
    const said = seal(
      "one",
      levels.map(() => [0.2, 0.3, 0.5]),
    );
    expect(
      seal(
        "other",
        levels.map(() => [0.2, 0.3, 0.5]),
      ).hash,
    ).toBe(said.hash);
    expect(
      seal(
        "one",
        levels.map(() => [0.2, 0.3001, 0.4999]),
      ).hash,
    ).not.toBe(said.hash);
  });

  test("who knows nothing scores −ln 3 on whatever is chosen", () => {
    const outcomes = { choice: Uint8Array.from([0, 1, 2, 2]), layout: new Int32Array(4), shares: [] };
    const nothing = commit("nothing", { forecast: () => Float64Array.of(1, 1, 1).map((x) => x / 3) }, held.slice(0, 4));
    for (const score of scoresOf(nothing, outcomes)) expect(score).toBeCloseTo(-Math.log(3), 12);
  });
});
