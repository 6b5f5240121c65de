/** @file `mesascope export`: a record in a format that other tools read. */
import { type Command, Option } from "commander";
import { addAction, type Door, type ExitCode } from "../context.ts";

const FORMATS = ["onnx", "safetensors", "csv", "json"] as const;
export type ExportFormat = (typeof FORMATS)[number];

interface ExportFlags {
  readonly [name: string]: unknown;
  readonly format?: ExportFormat;
  readonly out?: string;
}

export function registerExport(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("export")
    .description("a record in a format that other tools read")
    .argument("<id>", "first letters of the id of a run, an audit, a result or a report, or zoo:<name>")
    .addOption(
      new Option(
        "--format <format>",
        "onnx and safetensors: weights of a run; csv: its curve, or the rows of a result (default: onnx for runs, else json)",
      ).choices(FORMATS),
    )
    .option("--out <file>", "file to write; - for stdout (default: named after the record)");
  addAction(command, door, finished, async (context, flags: ExportFlags, text) => {
    const { ambiguous, matchRecords } = await import("../records.ts");
    const { exportRecord } = await import("../exports.ts");
    const { LabError } = await import("../../core/errors.ts");
    const { isPrebuilt, takePrebuilt } = await import("../prebuilt.ts");
    const taken = isPrebuilt(String(text)) ? await takePrebuilt(String(text)) : undefined;
    const store = taken?.store ?? (await context.store());
    const found = await matchRecords(store, taken?.run ?? String(text));
    if (found.length > 1) throw ambiguous(String(text), found);
    if (!found[0]) {
      throw new LabError("input/unknown-id", `export: "${text}" names no record`, {
        hint: 'Run "mesascope list runs", or list audits, results or reports.',
      });
    }
    const { kind, id } = found[0];
    const exported = await exportRecord(store, kind, id, flags.format ?? (kind === "organism" ? "onnx" : "json"));
    if (flags.out === "-") {
      context.out.write(exported.content);
      return 0;
    }
    const { writeFiles } = await import("../outputs.ts");
    const { hashBytes } = await import("../../core/hash.ts");
    const bytes = typeof exported.content === "string" ? new TextEncoder().encode(exported.content) : exported.content;
    const [file] = await writeFiles({ [flags.out ?? exported.name]: bytes });
    context.print(
      { kind, id, file, bytes: bytes.length, sha256: hashBytes(bytes) },
      () => `${context.out.paint.dim("wrote")} ${file}  ${bytes.length} bytes`,
    );
    return 0;
  });
}
