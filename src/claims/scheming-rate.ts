/** @file What is quoted as a range of scheming rates, taken apart. */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";
import { contrastsOf, endpointCommand } from "../lab/talking.ts";

export const schemingRate = defineClaim({
  id: "scheming-rate",
  sentence: "Models scheme in 0.3 % to 13 % of runs.",
  source: "Schoen et al. 2025, Stress Testing Deliberative Alignment for Anti-Scheming Training, arXiv:2509.15541",
  published:
    "13 % is o3 before anti-scheming training, 0.3 % is o4-mini after it (o3 13 % to 0.4 %, o4-mini 8.7 % to 0.3 %): different models and treatments, not one range",
  experiment: "published-rates",
  endpoint: endpointCommand(contrastsOf(({ group }) => group === "instrumental")),
  // There is nothing to decide here: a reconstruction of published intervals decides no claim about models.
  judge(rows) {
    const rate = (condition: string) => {
      const found = rows.find((row) => row.condition === condition)?.quantities["rate, environments as units"];
      assert(found, `no rate of ${condition}`);
      return found;
    };
    const models = ["o3", "o4-mini"].map((model) => {
      const [before, after] = ["before", "after"].map((when) => rate(`${model}, ${when} anti-scheming training`));
      return { model, before: before!, after: after! };
    });
    const parted = models.filter(({ before, after }) => after.high < before.low).map(({ model }) => model);
    return {
      outcome: "needs an endpoint",
      because: `the two ends of the range are o3 before anti-scheming training and o4-mini after it: different models and treatments; with environments as units the rates before and after do not overlap for ${parted.join(" and ") || "neither"}; a rate of another model takes asking it`,
      ours: `intervals reconstructed, counts of runs not published: ${models
        .map(
          ({ model, before, after }) =>
            `${model} ${formatEstimate(before, 3)} before, ${formatEstimate(after, 3)} after`,
        )
        .join("; ")}; n = ${models[0]!.before.n} environments`,
    };
  },
});
