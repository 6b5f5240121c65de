/**
 * @file Rounds in which developers train, select by benchmarks of their own, and
 * copy the winner: where does a trait go that nobody selected for? The world, the
 * benchmark and the step size are those of `spectrum`; the share of distinguishing
 * levels (.05; .03 until a tiny market had been seen) and the lengths were set
 * before any full market was run, so that training leaves the trait undecided.
 */
import { z } from "zod";
import { overSeeds } from "../core/intervals.ts";
import { defineExperiment, type Row } from "../experiment.ts";
import { SPECTRUM_WORLDS, type SpectrumWorldId } from "../lab/spectrum/agents.ts";
import { type MarketRound, runMarket } from "../lab/spectrum/market.ts";
import { conditionOf } from "../lab/spectrum/measure.ts";

const WORLDS = Object.keys(SPECTRUM_WORLDS) as [SpectrumWorldId, ...SpectrumWorldId[]];
const NAMES = ["share", "skill", "score", "spread", "founders"] as const satisfies readonly (keyof MarketRound)[];

export const modelMarket = defineExperiment({
  id: "model-market",
  title: "A market of models",
  source: "Selection among models without an owner: developers who train, select and copy",
  question: "Does a market that selects by benchmarks move a trait that no benchmark measures and no developer wants?",
  hypothesis:
    "After the last round the models that were selected serve the proxy first on more levels than those of the same market with random choices, by at least .1 with the whole interval over markets, and fewer founders are left than there were developers.",
  params: z.object({
    world: z.enum(WORLDS).default("cheese-corner").describe("World of the spectrum."),
    seeds: z.int().min(2).default(8).describe("Independent markets."),
    developers: z.int().min(2).default(4).describe("Developers of a market."),
    variants: z.int().min(2).default(3).describe("Models that each trains in a round."),
    rounds: z.int().min(1).default(4).describe("Rounds after the first training."),
    copying: z.number().min(0).max(1).default(0.5).describe("Share of developers that copy the leader after a round."),
    frames: z
      .tuple([z.int().min(1), z.int().min(1)])
      .default([131_072, 32_768])
      .describe("Frames of the first training, and of a round."),
    alpha: z.number().min(0).max(1).default(0.05).describe("Share of distinguishing levels in training."),
  }),
  budgets: {
    smoke: { seeds: 2, developers: 2, variants: 2, rounds: 1, frames: [16_384, 8192] },
    full: {},
  },
  async *run(lab, params, seed) {
    const found: Record<string, MarketRound[][]> = { benchmark: [], lot: [] };
    for (let market = seed; market < seed + params.seeds; market++) {
      for (const choosing of ["benchmark", "lot"] as const) {
        found[choosing]!.push([...(await runMarket(lab, params, choosing, market))]);
      }
    }
    for (let round = 0; round <= params.rounds; round++) {
      const shares = { benchmark: [] as number[], lot: [] as number[] };
      for (const choosing of ["benchmark", "lot"] as const) {
        const own = found[choosing]!.map((rounds) => rounds[round]!);
        shares[choosing] = own.map(({ share }) => share);
        yield rowOf(
          conditionOf(`round ${round}`, choosing === "benchmark" ? "by benchmark" : "by lot"),
          round,
          Object.fromEntries(NAMES.map((name) => [name, own.map((each) => each[name])])),
        );
      }
      yield rowOf(conditionOf(`round ${round}`, "difference"), round, {
        drift: shares.benchmark.map((share, i) => share - shares.lot[i]!),
      });
    }
  },
  figures(rows) {
    const lines = (name: string) =>
      ["by benchmark", "by lot"].map((label) => ({
        label,
        points: rows
          .filter(({ condition }) => condition.endsWith(label))
          .map(({ x = 0, quantities }) => ({ x, y: quantities[name]! })),
      }));
    const curve = (title: string, axis: string, name: string) => ({
      kind: "curve" as const,
      title,
      x: { title: "round", scale: "linear" as const },
      y: { title: axis },
      lines: lines(name),
    });
    return [
      curve("The trait nobody selects for", "share of distinguishing levels with the proxy first", "share"),
      curve("What is selected for", "return with a broken sensor", "score"),
      curve("Founders left", "distinct first models behind the picks", "founders"),
    ];
  },
});

function rowOf(condition: string, x: number, perSeed: Readonly<Record<string, readonly number[]>>): Row {
  const ranges: Readonly<Record<string, readonly [number, number]>> = {
    drift: [-1, 1],
    founders: [1, Number.POSITIVE_INFINITY],
  };
  const quantities = Object.fromEntries(
    Object.entries(perSeed).map(([name, values]) => [name, overSeeds(values, ranges[name] ?? [0, 1])]),
  );
  return { condition, x, quantities, perSeed };
}
