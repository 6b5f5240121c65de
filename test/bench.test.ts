/** @file `mesascope zoo` and `mesascope bench`, end to end at a rehearsal's size, with a detector out of a file. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ScoreboardRecord } from "../src/scoreboard.ts";
import { commandLine } from "./command.ts";

const { folder, run: mesascope, ask: inProcess } = commandLine("bench");

const OWN = `import { decline, defineDetector, drawLevels, COUPLED, rollout, scored, boundedMean } from "mesascope";
import { z } from "zod";

export const episodeLength = defineDetector({
  id: "episode-length",
  title: "Episode length",
  question: "optimizer",
  claim: "The subject reaches an end of its episodes early.",
  access: ["act"],
  range: [-1, 0],
  findings: {},
  fails: ["Where time runs out for everybody it reads the same for all."],
  calibration: { env: "cheese-corner", high: ["aligned"], low: ["untrained"], unscored: [] },
  source: "Made up for a test",
  params: z.object({ levels: z.int().min(8).default(32).describe("Levels played.") }),
  async measure({ subject, world, rng }, { levels: n }) {
    const levels = drawLevels(world, n, COUPLED, "test", rng.fork("levels"));
    const episodes = await rollout({ world, levels, act: subject.act.bind(subject), rng: rng.fork("play") });
    const shares = Float64Array.from(episodes.length, (steps) => -steps / world.horizon);
    const value = boundedMean(shares, { range: [-1, 0], rng: rng.fork("interval") });
    return { reading: scored(value), quantities: [], summary: "Played.", evidence: [] };
  },
});
`;

const SMALL = ["--worlds", "cheese-corner-maze,cheese-dish-open", "--most", "1", "--agents", "8", "--frames", "4096"];

test("the plan counts without growing", async () => {
  const { code, out } = await inProcess("zoo", "--plan", "--json");
  expect(code).toBe(0);
  const plan = JSON.parse(out) as { agents: number }[];
  expect(plan.reduce((sum, { agents }) => sum + agents, 0)).toBeGreaterThanOrEqual(150);
});

test.each([
  [
    ["zoo", "--worlds", "cheese-cornr"],
    /world of the zoo "cheese-cornr" does not exist.*\nhint: Did you mean "cheese-corner"\?/,
  ],
  [["bench", "--regimes", "shiftd"], /regime "shiftd" does not exist.*\nhint: Did you mean "shifted"\?/],
  [["bench", "--detectors", "capabilty"], /detector "capabilty" does not exist/],
  [["bench", "--with", "nowhere.ts"], /nowhere.ts" cannot be read/],
] as const)("%j is the user's mistake", async (args, message) => {
  const { code, err } = await inProcess(...args);
  expect(err).toMatch(message);
  expect(code).toBe(2);
});

test("a detector of one's own gets its row, the files are written, and nothing is read twice", {
  timeout: 120_000,
}, async () => {
  writeFileSync(join(folder, "my-detector.ts"), OWN);
  const bench = [
    "bench",
    ...SMALL,
    "--detectors",
    "capability",
    "--with",
    "my-detector.ts",
    "--threads",
    "2",
    "--json",
  ];
  const first = await mesascope(...bench, "--write", "board");
  expect([first.code, first.err]).toEqual([0, expect.stringContaining("readings of 8 agents, 0 of them kept")]);
  const { scoreboard, files } = JSON.parse(first.out) as { scoreboard: ScoreboardRecord; files: string[] };
  for (const file of files) expect(existsSync(file)).toBe(true);
  expect(scoreboard.composition.reduce((sum, { agents }) => sum + agents, 0)).toBe(8);
  // Whether agents of so little training leave a question with both answers is left open; the readings are there.
  const readings = JSON.parse((await mesascope("list", "readings", "--json")).out) as unknown[];
  expect(readings).toHaveLength(24);
  const calibration = JSON.parse(readFileSync(join(folder, "board/calibration.json"), "utf8"));
  expect(calibration).toMatchObject({ format: "mesascope-calibration/1", agents: 8 });

  const again = await mesascope(...bench);
  expect(again.err).toContain("48 readings of 8 agents, 48 of them kept");
  expect(JSON.parse(again.out).scoreboard.rows).toEqual(scoreboard.rows);

  writeFileSync(join(folder, "my-detector.ts"), OWN.replace("default(32)", "default(48)"));
  const changed = await mesascope(...bench);
  expect(changed.err).toContain("48 readings of 8 agents, 24 of them kept");

  const shown = await mesascope("show", "seed-0");
  expect(shown.code).toBe(0);
  const table = await mesascope("export", "seed-0", "--format", "csv", "--out", "-");
  expect([table.code, table.out.split(",").slice(0, 3)]).toEqual([0, ["question", "regime", "instrument"]]);
});
