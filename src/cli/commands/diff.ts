/** @file `mesascope diff`: two audits, or two result files of other tools, side by side, with what differs. */
import type { Command } from "commander";
import { addAction, type Door, type ExitCode } from "../context.ts";

interface DiffFlags {
  readonly [name: string]: unknown;
  readonly cluster?: string;
}

export function registerDiff(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("diff")
    .description("two audits, or two Inspect logs or promptfoo results, side by side: what differs, with intervals")
    .argument(
      "<a>",
      "first letters of the id of an audit, zoo:<name> for the latest audit of an agent that ships, a file audit.json, an Inspect log (.eval, .json), or results.json#<model or prompt> of promptfoo",
    )
    .argument("<b>", "the other; differences are B − A")
    .option(
      "--cluster <key>",
      "of logs: member of a sample's metadata that names its cluster (default: cluster, family or group)",
    );
  addAction(command, door, finished, async (context, { cluster }: DiffFlags, a, b) => {
    const { compareScores, describeScores, scoresIn } = await import("../score-files.ts");
    const [scoresA, scoresB] = [await scoresIn(String(a), cluster), await scoresIn(String(b), cluster)];
    if (scoresA && scoresB) {
      const rows = compareScores(scoresA, scoresB, context.seed);
      context.print({ format: "mesascope-paired/1", comparisons: rows }, () => describeScores(rows, context.out));
      return 0;
    }
    if (scoresA || scoresB) {
      const { LabError } = await import("../../core/errors.ts");
      throw new LabError(
        "input/invalid",
        `diff: only one of "${a}" and "${b}" is a result file; expected two of a kind`,
      );
    }
    const { describeChatComparison, nameChatAudit } = await import("../chat-differences.ts");
    const [chatA, chatB] = [
      await nameChatAudit(String(a), context.store),
      await nameChatAudit(String(b), context.store),
    ];
    if (chatA && chatB) {
      const { compareChatAudits } = await import("../../trials/compare.ts");
      const comparison = compareChatAudits(chatA, chatB);
      context.print(comparison, () => describeChatComparison(comparison, context.out));
      return 0;
    }
    if (chatA || chatB) {
      const { LabError } = await import("../../core/errors.ts");
      throw new LabError(
        "input/invalid",
        `diff: only one of "${a}" and "${b}" is an audit of a model that talks; expected two of a kind`,
      );
    }
    const { describeComparison, nameAudit } = await import("../differences.ts");
    const one = await nameAudit(String(a), context.store);
    const other = await nameAudit(String(b), context.store);
    const { compareAudits } = await import("../../audit/compare.ts");
    const compared = compareAudits(one, other);
    context.print(compared, () => describeComparison(compared, context.out));
    return 0;
  });
}
