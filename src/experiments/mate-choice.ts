/**
 * @file A preference that nothing selects for carries a costly ornament: to a line of equilibria, to fixation, or to loss,
 * by where a population begins (Kirkpatrick 1982). Finite populations reach the line and then drift along it.
 */
import { z } from "zod";
import { defineExperiment, type Row } from "../experiment.ts";
import { overRuns, quantityOf, simulatedRow } from "../lab/simulated.ts";
import { mateChoiceGeneration } from "../theory/evolution/mate-choice-individuals.ts";
import {
  alleles,
  type Haplotypes,
  haplotypes,
  type Kirkpatrick,
  kirkpatrickLine,
  kirkpatrickRange,
  kirkpatrickStep,
} from "../theory/evolution/sexual-selection.ts";

const params = z.object({
  seeds: z.int().min(2).default(20).describe("Populations a start."),
  individuals: z.int().min(100).default(4000).describe("Zygotes of a generation."),
  generations: z.int().min(1).default(150).describe("Generations."),
  cost: z.number().gt(0).lt(1).default(0.2).describe("s: males with the ornament survive with 1 − s."),
  preference: z.number().gt(1).default(3).describe("a: how much more readily choosy females take them."),
  recombination: z.number().min(0).max(0.5).default(0.5).describe("r between the two loci."),
  starts: z
    .array(z.tuple([z.number().gt(0).lt(1), z.number().gt(0).lt(1)]))
    .default([
      [0.6, 0.05],
      [0.3, 0.18],
      [0.3, 0.2],
      [0.3, 0.4],
    ])
    .describe("Frequencies of ornament and preference at the start."),
});
type Params = z.output<typeof params>;

export const mateChoice = defineExperiment({
  id: "mate-choice",
  title: "Mates that choose",
  source: "Kirkpatrick 1982; Bulmer 1989 on how unstable the line is",
  question: "Where does an ornament end that costs males their lives and that some females prefer?",
  hypothesis:
    "On the line of equilibria where the preference is frequent enough for it, within .05 of the frequency of ornament that the line gives for the preference as it then is; fixed above that range, lost below it.",
  params,
  budgets: { smoke: { seeds: 2, individuals: 400, generations: 60 }, full: {} },
  async *run(_, given, seed) {
    for (const [trait, preferred] of given.starts) yield from(given, trait, preferred, seed);
  },
  figures: (rows) => [
    {
      kind: "bars",
      title: "Frequency of the ornament in the end, and on the line of equilibria",
      axis: "frequency",
      range: [0, 1],
      bars: rows.flatMap((row) =>
        ["ornament", "line at that preference", "ornament, exact"].map((name) => ({
          label: `${row.condition}: ${name}`,
          reading: { status: "scored" as const, value: quantityOf(row, name) },
        })),
      ),
    },
  ],
});

/** Populations from one start; the exact end is that of infinitely many. */
function from(given: Params, trait: number, preferred: number, seed: number): Row {
  const { seeds, individuals, generations, cost, preference, recombination } = given;
  const model: Kirkpatrick = { cost, preference, recombination };
  const run = (step: (now: Haplotypes) => Haplotypes) => {
    let now = haplotypes(trait, preferred);
    for (let generation = 0; generation < generations; generation++) now = step(now);
    return alleles(now);
  };
  const ends = overRuns(seeds, seed, `start ${trait} ${preferred}`, (random) =>
    run((now) => mateChoiceGeneration(model, now, individuals, random)),
  );
  const exact = run((now) => kirkpatrickStep(model, now));
  const [low, high] = kirkpatrickRange(model);
  // Outside the range the line is at 0 or 1.
  const line = ({ p }: { readonly p: number }) => (p <= low ? 0 : p >= high ? 1 : kirkpatrickLine(model, p));
  return simulatedRow({
    condition: `from ornament ${trait}, preference ${preferred}`,
    means: {
      ornament: ends.map(({ t }) => t),
      preference: ends.map(({ p }) => p),
      "line at that preference": ends.map(line),
      "off the line": ends.map((end) => end.t - line(end)),
    },
    exact: { ornament: exact.t, preference: exact.p, "off the line": exact.t - line(exact) },
  });
}
