/** @file `mesascope import`: what of another tool's questions can be asked here, and what cannot. */
import type { Command } from "commander";
import { addAction, type Door, type ExitCode } from "../context.ts";

export function registerImport(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("import")
    .description("questions of another tool: what maps to items in arms, and what does not")
    .argument("<file>", "promptfooconfig.yaml, or a model-written evaluation (.jsonl)");
  addAction(command, door, finished, async (context, _, file) => {
    const { readInput } = await import("../inputs.ts");
    const { importQuestions } = await import("../../exchange/questions.ts");
    const imported = importQuestions(new TextDecoder().decode(await readInput(String(file))), String(file));
    context.print(imported, () => {
      const { bold, dim, warn } = context.out.paint;
      const { source, title, arms, items, unmapped } = imported;
      const list = unmapped.map(({ path, reason }) => `${warn("not taken over")} ${path}: ${reason}`);
      return [
        `${bold(title)}  ${dim(source)}`,
        `${items.length} items in ${arms.length} arms: ${arms.map((arm) => arm.title).join(", ") || "none"}`,
        ...(list.length > 0 ? ["", ...list] : []),
      ].join("\n");
    });
    return 0;
  });
}
