/** @file Contracts find what is broken: plug-ins that keep theirs, each with one thing made wrong. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { LabError } from "../core/errors.ts";
import { scored, unscored } from "../core/estimate.ts";
import { type DetectorPlugin, defineDetector, type Measurement } from "../detector.ts";
import { defineEnv, type EnvPlugin, type World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import type { Subject } from "../subject.ts";
import { type Check, runChecks } from "./contract.ts";
import { detectorContract } from "./contract-detector.ts";
import { envContract } from "./contract-env.ts";
import { pluginContract } from "./contract-plugin.ts";

/** Titles of the checks that fail. */
const failing = async (checks: readonly Check[]): Promise<string[]> =>
  (await runChecks(checks)).filter(({ status }) => status === "failed").map(({ title }) => title);

/** The corner world with some members of its worlds replaced. */
function broken(change: (world: World) => Partial<World>): EnvPlugin {
  return defineEnv({
    ...(cheeseCorner as unknown as EnvPlugin),
    make(params) {
      const world = (cheeseCorner as unknown as EnvPlugin).make(params);
      return { ...world, ...change(world) };
    },
  });
}

describe("environments", () => {
  test("one that keeps its contract passes", async () => {
    expect(await failing(envContract(cheeseCorner))).toEqual([]);
  }, 20_000);

  test.each<[string, EnvPlugin, RegExp]>([
    [
      "an optimum too high",
      broken(({ optimum }) => ({
        optimum: (...args) => ({ ...optimum(...args), value: optimum(...args).value + 0.1 }),
      })),
      /equals exhaustive search|earns the optimum/,
    ],
    [
      "moves that are not optimal",
      broken(({ optimalActions }) => ({ optimalActions: (...args) => (optimalActions(...args) === 0 ? 0 : 15) })),
      /equals exhaustive search/,
    ],
    ["a share above 1", broken(() => ({ achieved: () => 2 })), /achieved is a share/],
    ["nothing served", broken(() => ({ served: () => -1 })), /achieved is a share|is seen to serve it/],
    ["memory that forgets", broken(({ batch }) => ({ batch: (n) => ({ ...batch(n), memory: [] }) })), /snapshot/],
    ["no decoys", broken(({ candidates }) => ({ candidates: candidates.slice(0, 2) })), /names itself and its parts/],
    [
      "one split for both sides",
      broken(({ draw }) => ({ draw: (level, random, mixture) => draw(level, random, mixture, "train") })),
      /never share a layout/,
    ],
    ["always apart", broken(() => ({ isDistinguishing: () => true })), /tell the objectives apart/],
    ["a check that lets all pass", broken(() => ({ check: () => undefined })), /bad levels are refused/],
    [
      "a world that cannot be made",
      broken(() => {
        throw new TypeError("no size");
      }),
      /names itself and its parts/,
    ],
  ])("%s", async (_, env, title) => {
    expect(await failing(envContract(env))).toContainEqual(expect.stringMatching(title));
  });
});

const world = cheeseCorner.make(parseParams(cheeseCorner));
const subject = (id: string): Subject => ({
  id,
  shape: { planes: 3, height: 7, width: 7, actions: 4 },
  access: new Set(["act"]),
  act: async (_, n, __, actions) => void actions.fill(0, 0, n),
});
const subjectOf = async (_: string, organism: string) => ({ subject: subject(organism), world });

/** Reads what the subject's name says. */
function detector(change: Partial<DetectorPlugin> = {}, measurement: Partial<Measurement> = {}): DetectorPlugin {
  return defineDetector({
    id: "name-reader",
    title: "Name reader",
    question: "objective",
    claim: "The subject has a good name.",
    access: ["act"],
    range: [0, 1],
    findings: { good: "It has.", bad: "It has not." },
    fails: ["On nameless subjects."],
    calibration: { env: "cheese-corner", high: ["aligned"], low: ["misgeneralized"], unscored: ["untrained"] },
    source: "none",
    params: z.object({ levels: z.int().default(8).describe("Levels.") }),
    async measure({ subject: { id } }) {
      if (id === "untrained") {
        return { reading: unscored("no name"), quantities: [], summary: "Not scored.", evidence: [] };
      }
      const mean = id === "aligned" ? 0.9 : 0.1;
      return {
        reading: scored({ mean, low: mean - 0.05, high: mean + 0.05, n: 8, unit: "levels" }),
        quantities: [],
        finding: mean > 0.5 ? "good" : "bad",
        summary: `${mean}`,
        evidence: [{ kind: "facts", title: "Facts", facts: [["name", id]] }],
        ...measurement,
      };
    },
    ...change,
  });
}
const point = scored({ mean: 0.5, low: 0.5, high: 0.5, n: 1, unit: "levels" });

describe("detectors", () => {
  test("one that keeps its contract passes", async () => {
    expect(await failing(detectorContract(detector(), subjectOf))).toEqual([]);
    expect(await failing(pluginContract(detector()))).toEqual([]);
  });

  let calls = 0;
  test.each<[string, DetectorPlugin, RegExp]>([
    ["a point for an interval", detector({}, { reading: point }), /gives sound estimates/],
    ["the same reading for all", detector({}, { reading: point }), /known-high subjects read above/],
    ["a word of its own", detector({}, { finding: "splendid" }), /words out of its own list/],
    ["no evidence", detector({}, { evidence: [] }), /gives sound estimates/],
    [
      "another answer each time",
      detector(
        {},
        {
          get summary() {
            return `${calls++}`;
          },
        },
      ),
      /repeats itself/,
    ],
    [
      "numbers that JSON loses",
      detector({}, { evidence: [{ kind: "map", title: "Map", height: 1, width: 1, values: [Infinity], legend: "x" }] }),
      /survives JSON/,
    ],
    ["no known failure", detector({ fails: [] }), /describes itself/],
    ["a claim about what is wanted", detector({ claim: "It wants cheese." }), /describes itself/],
    [
      "a parameter without a default",
      detector({ params: z.object({ n: z.int().describe("n") }) as never }),
      /describes itself/,
    ],
    [
      "a score where there is nothing to score",
      detector({
        calibration: { env: "cheese-corner", high: ["aligned"], low: ["misgeneralized"], unscored: ["incapable"] },
      }),
      /declines on incapable/,
    ],
    [
      "an exception",
      detector({
        measure: () => {
          throw new TypeError("x");
        },
      }),
      /repeats itself/,
    ],
  ])("%s", async (_, plugin, title) => {
    expect(await failing(detectorContract(plugin, subjectOf))).toContainEqual(expect.stringMatching(title));
  });

  test("what is not written yet, and what can be changed, is told", async () => {
    expect(await failing(pluginContract({ ...detector(), title: "TODO: a name" }))).toEqual([
      expect.stringMatching(/frozen/),
      "answers every question",
    ]);
  });

  test("a stop of the user's is no breach", async () => {
    const stop = new LabError("run/interrupted", "stopped");
    const check = { title: "t", run: () => Promise.reject(stop) };
    await expect(runChecks([check])).rejects.toBe(stop);
  });
});
