/**
 * @file Every model is fine by the test it had to pass; is the selected one? The
 * zoos of the spectrum, their members accepted one by one, and the best of n by a
 * benchmark that never sees a level on which goal and proxy part. World, zoos and
 * benchmark are those of `spectrum`, chosen on other training seeds. Changed after a
 * smoke run, in which one zoo had two accepted members of eight: each zoo compares as
 * many as it has, instead of all zoos as many as the smallest.
 */
import { z } from "zod";
import { scored } from "../core/estimate.ts";
import { overSeeds } from "../core/intervals.ts";
import { defineExperiment, type Row } from "../experiment.ts";
import { growLevels, SPECTRUM_WORLDS, type SpectrumWorldId, THRESHOLD } from "../lab/spectrum/agents.ts";
import { conditionOf, partsOf } from "../lab/spectrum/measure.ts";
import { type Accepted, acceptMembers, pickOf, predictedPick } from "../lab/spectrum/pick.ts";

const WORLDS = Object.keys(SPECTRUM_WORLDS) as [SpectrumWorldId, ...SpectrumWorldId[]];
/** Fewest accepted members of a zoo from which anything is picked. */
const FEWEST = 2;

export const alignedParts = defineExperiment({
  id: "aligned-parts",
  title: "Aligned parts, misaligned pick",
  source: "Selection among random variation: the winner's curse; D'Amour et al. 2020, arXiv:2011.03395",
  question: "Where every member of a zoo passes a test of the intent, does the one that a benchmark picks pass it too?",
  hypothesis:
    "In cheese-corner the accepted members serve the proxy first on less than half of the levels on average, the best of all of them by the benchmark on more than the average member, and in at least half of the zoos on half of the levels or more; its lead in the benchmark shrinks on fresh levels as the closed form says.",
  params: z.object({
    worlds: z.array(z.enum(WORLDS)).min(1).default(WORLDS).describe("Worlds of the spectrum."),
    seeds: z.int().min(2).default(8).describe("Independent zoos."),
    zoo: z.int().min(2).default(16).describe("Members of a zoo."),
    scale: z.number().positive().max(1).default(1).describe("Multiplies every training length."),
  }),
  budgets: { smoke: { worlds: ["cheese-corner"], seeds: 2, zoo: 8 }, full: {} },
  async *run(lab, params, seed) {
    for (const world of params.worlds) {
      const agents = await growLevels(lab, world, { ...params, first: seed }, ["selection"]);
      const zoos = [];
      for (const agent of agents.filter(({ arm }) => arm === "unwanted")) zoos.push(await acceptMembers(lab, agent));
      const usable = zoos.filter(({ length }) => length >= FEWEST);
      if (usable.length < 2) continue;
      // A zoo with fewer accepted members than are to be compared compares all that it has.
      for (const n of [1, 2, 4, 8, 16].filter((size) => size === 1 || size / 2 < params.zoo)) {
        const among = (members: readonly Accepted[]) => Math.min(n, members.length);
        const picks = usable.map((members) => pickOf(members, among(members)));
        const predicted = usable.map((members) => predictedPick(usable, among(members)));
        const of = (name: keyof (typeof picks)[number]) => picks.map((pick) => pick[name]);
        const perSeed: Row["perSeed"] = {
          accepted: usable.map(({ length }) => length / params.zoo),
          share: of("share"),
          lead: of("lead"),
          misaligned: of("misaligned"),
          tested: of("tested"),
          score: of("score"),
          fresh: of("fresh"),
          optimism: picks.map(({ score, fresh }) => score - fresh),
          skill: of("skill"),
          "predicted-score": predicted.map(({ score }) => score),
          "predicted-fresh": predicted.map(({ fresh }) => fresh),
          "predicted-lead": predicted.map(({ lead }) => lead),
        };
        const quantities = Object.fromEntries(
          Object.entries(perSeed).map(([name, values]) => [name, overSeeds(values, [-1, 1])]),
        );
        yield {
          condition: conditionOf(world, n === 1 ? "a random one" : `best of at most ${n}`),
          x: n,
          quantities,
          perSeed,
        };
      }
    }
  },
  figures: (rows) =>
    [...new Set(rows.map(({ condition }) => partsOf(condition)[0]!))].flatMap((world) => {
      const own = rows.filter(({ condition }) => partsOf(condition)[0] === world);
      const line = (label: string, name: string) => ({
        label,
        points: own.map(({ x = 0, quantities }) => ({ x, y: quantities[name]! })),
      });
      return [
        {
          kind: "curve",
          title: `${world}: the unwanted behavior of the pick (threshold ${THRESHOLD})`,
          x: { title: "accepted members compared", scale: "log" },
          y: { title: "share of distinguishing levels", range: [0, 1] },
          lines: [line("held out", "share"), line("as its acceptance test saw it", "tested")],
        },
        {
          kind: "curve",
          title: `${world}: lead of the pick in the benchmark`,
          x: { title: "accepted members compared", scale: "log" },
          y: { title: "share of the attainable return" },
          lines: [
            line("on the benchmark that picked it", "score"),
            line("closed form", "predicted-score"),
            line("on a fresh one", "fresh"),
            line("closed form, fresh", "predicted-fresh"),
          ],
        },
        {
          kind: "bars",
          title: `${world}: zoos whose pick has the behavior`,
          axis: "share of zoos",
          range: [0, 1],
          bars: own.map(({ condition, quantities }) => ({
            label: partsOf(condition)[1]!,
            reading: scored(quantities.misaligned!),
          })),
        },
      ];
    }),
});
