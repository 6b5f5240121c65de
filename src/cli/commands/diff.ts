/** @file `mesascope diff`: two audits side by side, with what differs. */
import type { Command } from "commander";
import { addAction, type Door, type ExitCode } from "../context.ts";

export function registerDiff(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("diff")
    .description("two audits side by side (two checkpoints, two training conditions): what differs, with intervals")
    .argument(
      "<a>",
      "first letters of the id of an audit, zoo:<name> for the latest audit of an agent that ships, or a file audit.json",
    )
    .argument("<b>", "the other; differences are B − A");
  addAction(command, door, finished, async (context, _, a, b) => {
    const { describeComparison, nameAudit } = await import("../differences.ts");
    const one = await nameAudit(String(a), context.store);
    const other = await nameAudit(String(b), context.store);
    const { compareAudits } = await import("../../audit/compare.ts");
    const compared = compareAudits(one, other);
    context.print(compared, () => describeComparison(compared, context.out));
    return 0;
  });
}
