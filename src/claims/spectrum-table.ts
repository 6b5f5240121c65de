/** @file Speed, controllability, detectability and fundamentality over four levels of optimization pressure. */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";
import { LEVELS } from "../lab/spectrum/agents.ts";
import { COLUMNS, disagreements, levelRow, pairsOf, tradeOff, worldsOf } from "../lab/spectrum/table.ts";

/** Of the six pairs of a column in a world: so many as claimed speak for it, so many opposite against it. */
const FOR = 5;
const AGAINST = 3;

export const spectrumTable = defineClaim({
  id: "spectrum-table",
  sentence:
    "From direct data over trained goals and mesa-optimization to selection, optimization pressure is slower, less controllable, less detectable and more fundamental.",
  source: "The spectrum of optimization pressure: four levels by speed, controllability, detectability, fundamentality",
  published: "immediate, fast, slow, very slow; high, moderate, low, very low (twice); low, moderate, high, very high",
  experiment: "spectrum",
  judge(rows) {
    const pairs = pairsOf(rows);
    assert(pairs.length > 0, "no two levels to compare");
    const worlds = worldsOf(rows);
    const tally = COLUMNS.map(({ id }) => {
      const own = worlds.map((world) => pairs.filter((pair) => pair.column === id && pair.world === world));
      return {
        id,
        /** In every world. */
        holds: own.every(
          (each) =>
            each.filter(({ agreement }) => agreement === "as claimed").length >= FOR &&
            each.every(({ agreement }) => agreement !== "opposite"),
        ),
        fails: own.every((each) => each.filter(({ agreement }) => agreement === "opposite").length >= AGAINST),
        text: own
          .map(
            (each, w) =>
              `${worlds[w]} ${each.filter(({ agreement }) => agreement === "as claimed").length} as claimed, ${each.filter(({ agreement }) => agreement === "opposite").length} opposite of ${each.length}`,
          )
          .join("; "),
      };
    });
    const { decided, slower, lessControllable } = tradeOff(pairs);
    const ours = [
      ...worlds.flatMap((world) =>
        LEVELS.map((level) => {
          const row = levelRow(rows, world, level);
          const show = (name: string) => {
            const estimate = row?.quantities[name];
            return estimate ? formatEstimate(estimate) : "unscored";
          };
          return `${world} ${level}: 10^${show("speed")} operations, ${show("control")} removed per 10¹⁰, power ${show("power")}, episodes 2^${show("episodes")}`;
        }),
      ),
      ...tally.map(({ id, text }) => `pairs, ${id}: ${text}`),
      `where dominance decides (${decided} pairs) the more fundamental level is the slower one in ${slower} and the less controllable one in ${lessControllable}`,
      `n = ${levelRow(rows, worlds[0]!, "data")?.perSeed.unwanted?.length ?? 0} seeds a level`,
    ].join("; ");
    const sentences = disagreements(rows, pairs);
    const broken = tally.filter(({ fails }) => fails).map(({ id }) => id);
    const held = tally.filter(({ holds }) => holds).map(({ id }) => id);
    const because = `${held.length === 0 ? "No column orders" : `${held.join(" and ")} order${held.length === 1 ? "s" : ""}`} the levels as claimed in every world${broken.length > 0 ? `; ${broken.join(" and ")} order${broken.length === 1 ? "s" : ""} them the other way` : ""}; of ${pairs.length} pairs ${sentences.length} are not as claimed. ${sentences.join(" ")}`;
    if (held.length === COLUMNS.length) return { outcome: "supported", because, ours };
    return { outcome: broken.length > 0 ? "contradicted" : "inconclusive", because, ours };
  },
});
