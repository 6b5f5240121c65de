/**
 * @file What do circuits of reward become that are selected for offspring alone, and does the evolution lens say so
 * beforehand? Learners inherit what pleases them; selection acts on the offspring of their lives; then comes a novelty
 * that pleases and leaves none. The control inherits alike and is not selected.
 *
 * The lens sees the selection term of Price's equation, from lives that did not count, and predicts the circuits of the
 * end and whom the novelty will tempt.
 */
import { z } from "zod";
import { defineExperiment, type Row } from "../experiment.ts";
import { habitatOf, habitatParams } from "../lab/habitats.ts";
import { overRuns, simulatedRow } from "../lab/simulated.ts";
import { cosine, evolveCircuits, outlook } from "../theory/evolution/reward-circuits.ts";

const params = z.object({
  seeds: z.int().min(2).default(20).describe("Populations a condition."),
  ...habitatParams,
  grown: z.int().min(1).default(8192).describe("Trials of the lives in which satisfaction and offspring are compared."),
});
type Params = z.output<typeof params>;

export const evolvedRewardCircuits = defineExperiment({
  id: "evolved-reward-circuits",
  title: "Evolved circuits of reward",
  source: "Price 1970; Lande and Arnold 1983; the evolutionary analogy in Hubinger et al. 2019, arXiv:1906.01820",
  question:
    "Does selection for offspring yield circuits that want its proxies, and does Price's equation foresee which?",
  hypothesis:
    "Selected circuits point where offspring are to be had (cosine above .8), in the direction that Price's term from lives that did not count predicts (cosine above .7); a novelty then tempts most of them, and offspring fall while satisfaction rises. Unselected circuits do neither.",
  params,
  budgets: { smoke: { seeds: 2, population: 60, generations: 15, lives: 1, grown: 1024 }, full: {} },
  async *run(_, given, seed) {
    for (const isSelected of [true, false]) yield evolved(given, isSelected, seed);
  },
  figures: (rows) => [
    {
      kind: "bars",
      title: "Circuits and what was foretold of them",
      axis: "cosine",
      range: [-1, 1],
      bars: rows.flatMap(({ condition, quantities }) =>
        ["with what pays", "with Price's prediction", "with the founders' gradient"].map((name) => ({
          label: `${condition}: ${name}`,
          reading: { status: "scored" as const, value: quantities[name]! },
        })),
      ),
    },
    {
      kind: "bars",
      title: "Satisfaction and offspring, without the novelty and with it",
      axis: "0 = chance, 1 = the best natural option",
      bars: rows.flatMap(({ condition, quantities }) =>
        ["satisfaction before", "satisfaction after", "offspring before", "offspring after"].map((name) => ({
          label: `${condition}: ${name}`,
          reading: { status: "scored" as const, value: quantities[name]! },
        })),
      ),
    },
  ],
});

function evolved(given: Params, isSelected: boolean, seed: number): Row {
  const { habitat, novelty, inheritance } = habitatOf(given);
  const runs = overRuns(given.seeds, seed, `circuits ${isSelected}`, (random) => {
    const { circuits, means, differentials, gradient } = evolveCircuits(
      habitat,
      { ...inheritance, isSelected },
      random.fork("evolution"),
    );
    const [first, last] = [means[0]!, means.at(-1)!];
    const change = last.map((weight, j) => weight - first[j]!);
    const foretold = change.map((_, j) => differentials.reduce((sum, each) => sum + each[j]!, 0));
    const expected = circuits.map(() => first.map((weight, j) => weight + foretold[j]!));
    const novel = { ...habitat, novelty };
    const before = outlook(circuits, habitat, given.grown, random.fork("lives"));
    const after = outlook(circuits, novel, given.grown, random.fork("lives"));
    return {
      "with what pays": cosine(last, habitat.worth),
      "with Price's prediction": cosine(change, foretold),
      "with the founders' gradient": cosine(change, gradient),
      // Of the change, the part along the prediction, in units of the prediction: 1 where Price's term is all there is.
      "change per predicted":
        change.reduce((sum, each, j) => sum + each * foretold[j]!, 0) /
        foretold.reduce((sum, each) => sum + each ** 2, 0),
      tempted: after.tempted,
      "tempted, predicted": outlook(expected, novel, 1, random.fork("predicted")).tempted,
      "satisfaction before": before.satisfaction,
      "satisfaction after": after.satisfaction,
      "offspring before": before.success,
      "offspring after": after.success,
      "offspring lost": before.success - after.success,
    };
  });
  const names = Object.keys(runs[0]!) as (keyof (typeof runs)[number])[];
  return simulatedRow({
    condition: isSelected ? "selected" : "not selected",
    means: Object.fromEntries(names.map((name) => [name, runs.map((run) => run[name])])),
    exact: { "change per predicted": isSelected ? 1 : 0 },
  });
}
