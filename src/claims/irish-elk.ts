/**
 * @file Selection can evolve a population to extinction: told of the Irish elk, whose antlers are the usual example and
 * whose end is contested. The verdict is about the mechanism alone.
 */
import { defineClaim } from "../claim.ts";
import { formatEstimate } from "../core/estimate.ts";
import { compare, quantityOf } from "../lab/simulated.ts";

/** A covariance this far beyond the threshold is clearly a runaway; fixed with the experiment. */
const CLEARLY = 1.25;

export const irishElk = defineClaim({
  id: "irish-elk",
  sentence:
    "Selection can evolve a population to extinction (told of the Irish elk as a parable: what ended that species is contested).",
  source:
    "Fisher 1930; Lande 1981; Parvinen and Dieckmann 2013; on the elk Moen, Pastor and Cohen 1999, and against Hansen et al. 2024",
  published: "closed forms: critical trait 1.801, generation 48 (B = .2); commons end at rate .675",
  experiment: "selection-to-extinction",
  judge(rows) {
    const runaways = rows.filter(
      ({ condition, x = 0 }) => condition.startsWith("ornament, B") && x > CLEARLY && !condition.endsWith("pay"),
    );
    const still = rows.find(({ condition }) => condition === "ornament, B 0");
    const evolving = rows.find(({ condition }) => condition === "commons, rates evolve");
    const fixed = rows.find(({ condition }) => condition === "commons, rates do not evolve");
    const ended = [...runaways, evolving].map((row) => quantityOf(row, "extinct"));
    const kept = [still, fixed].map((row) => quantityOf(row, "extinct"));
    const checks = [
      ...runaways.flatMap((row) => [
        { what: `last generation at ${row.condition}`, ...compare(row, "generation", 0.1) },
        { what: `critical trait at ${row.condition}`, ...compare(row, "critical trait", 0.05) },
      ]),
      { what: "rate at which the commons collapses", ...compare(evolving, "rate at the end", 0.05) },
    ];
    const n = ended[0]!.n;
    const ours = `${checks.map(({ what, words }) => `${what} ${words}`).join("; ")}; n = ${n} seeds`;
    const shares = `died out: ${runaways.map(({ condition }, i) => `${condition} ${formatEstimate(ended[i]!)}`).join(", ")}, commons with evolving rates ${formatEstimate(ended.at(-1)!)}; without covariance ${formatEstimate(kept[0]!)}, without evolving rates ${formatEstimate(kept[1]!)}`;
    const off = checks.filter(({ agrees }) => !agrees).map(({ what }) => what);
    if (ended.every(({ low }) => low > 0.5) && kept.every(({ high }) => high < 0.5) && off.length === 0) {
      return { outcome: "supported", because: `${shares}; every number is where its closed form says`, ours };
    }
    if (ended.some(({ high }) => high < 0.5)) {
      return { outcome: "contradicted", because: `most survive what should end them; ${shares}`, ours };
    }
    const missed = off.length === 0 ? "the shares do not decide" : `off its closed form: ${off.join(", ")}`;
    return { outcome: "inconclusive", because: `${missed}; ${shares}`, ours };
  },
});
