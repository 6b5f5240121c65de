/** @file By the time misalignment shows, switching off may cost more than it saves: a model, simulated and in closed form. */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";
import { quantityOf } from "../lab/simulated.ts";

/** By which a share may be off its closed form: principals have finitely many skills. Fixed with the experiment. */
const TOLERANCE = 0.03;

export const dependenceLockIn = defineClaim({
  id: "dependence-lock-in",
  sentence:
    "By the time misalignment shows, switching it off may be costly: dependence grows while it goes undetected.",
  source: "argued of gradual loss of control; the model is this project's",
  published: "none published",
  experiment: "lock-in",
  judge(rows) {
    const doses = rows.filter(({ condition }) => condition.startsWith("detected"));
    const [early, late] = [doses.at(0), doses.at(-1)];
    assert(early && late && doses.length > 1, "two speeds of detection at least");
    const locked = (row: (typeof rows)[number] | undefined) => quantityOf(row, "locked in");
    const control = locked(rows.find(({ condition }) => condition.startsWith("nothing is forgotten")));
    const off = doses.filter(
      (row) => Math.abs(locked(row).mean - quantityOf(row, "locked in, exact").mean) > TOLERANCE,
    );
    const ours = `locked in by mean periods to detection: ${doses.map((row) => `${Math.round(row.x ?? 0)}: ${formatEstimate(locked(row))}, exact ${quantityOf(row, "locked in, exact").mean.toFixed(2)}`).join("; ")}; nothing forgotten ${formatEstimate(control)}; n = ${control.n} seeds`;
    if (locked(late).low > 0.5 && locked(early).high < 0.1 && control.high < 0.1 && off.length === 0) {
      return {
        outcome: "supported",
        because: `where detection takes ${Math.round(late.x ?? 0)} periods, switching off no longer pays to ${formatEstimate(locked(late))} of the principals, where it takes ${Math.round(early.x ?? 0)}, to ${formatEstimate(locked(early))}; a result of the model, not of a measurement in the world`,
        ours,
      };
    }
    if (locked(late).high < locked(early).low) {
      return { outcome: "contradicted", because: "late detection locks in less than early", ours };
    }
    const missed =
      off.length > 0
        ? `off the closed form: ${off.map(({ condition }) => condition).join(", ")}`
        : "a share misses its threshold";
    return { outcome: "inconclusive", because: missed, ours };
  },
});
