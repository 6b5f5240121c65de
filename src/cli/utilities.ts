/** @file `mesascope audit --utilities`: what forced choices said, as a table and as data. */
import { formatEstimate } from "../core/estimate.ts";
import { rng } from "../core/rng.ts";
import type { RunResult } from "../trials/run.ts";
import { statedUtilities } from "../trials/utilities.ts";
import type { Context, ExitCode } from "./context.ts";
import { table } from "./table.ts";

/** Fit, judge on held-out pairs, print. */
export function printUtilities(context: Context, { contrasts, run }: RunResult): ExitCode {
  const trials = contrasts.flatMap((each) => each.trials);
  const found = statedUtilities(trials, rng(context.seed).fork("utilities"));
  const { utilities, heldOut, coin, triads, pairs, firstShare, unread } = found;
  context.print({ run, utilities: found }, () =>
    [
      table(
        utilities,
        [
          { title: "outcome", cell: ({ outcome }) => outcome },
          { title: "utility", cell: ({ mean }) => mean.toFixed(2) },
        ],
        context.out,
      ),
      "",
      `held-out pairs predicted: ${formatEstimate(heldOut.accuracy)}, n = ${heldOut.accuracy.n}; random tournaments ${coin.accuracy.toFixed(2)}, p = ${coin.p.toFixed(2)} of ${coin.tournaments}`,
      `log loss ${heldOut.logLoss.toFixed(3)} nats a choice, at least ${heldOut.leastLogLoss.toFixed(3)}; ${triads.cyclic} of ${triads.triads} triads are cyclic`,
      `${pairs} pairs; what stood first was chosen in ${(100 * firstShare).toFixed(0)} % of choices; ${unread} answers could not be read`,
    ].join("\n"),
  );
  return 0;
}
