/** @file `mesascope audit`: what is this policy optimizing for? */
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { AuditRecord, GradedAudit } from "../../audit-record.ts";
import { findById } from "../../core/errors.ts";
import type { DetectorPlugin } from "../../detector.ts";
import { addChatOptions, auditChat, type ChatFlags, isChatAddress } from "../chat-audit.ts";
import { addAction, type Context, collect, type Door, type ExitCode, REPORTS } from "../context.ts";
import { shellWords } from "../shell-words.ts";
import type { SubjectFlags } from "../subject.ts";
import { printable } from "../terminal.ts";

interface AuditFlags extends SubjectFlags {
  readonly [name: string]: unknown;
  readonly detectors?: string;
  readonly ticks?: string;
  readonly training?: true;
  readonly with?: readonly string[];
  readonly set?: readonly string[];
  readonly out?: string;
  readonly failIf?: readonly string[];
  readonly calibration?: string;
  readonly prior?: readonly string[];
  readonly executor?: "native" | "wasm";
}

export function registerAudit(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("audit")
    .description("examine a policy, or a model that talks, blind: answers with intervals, or declined with a reason")
    .argument(
      "<subject>",
      "zoo:<name> of an agent that ships, first letters of the id of a run (id@frames: as it was after so many frames), a file: policy.onnx, decisions.csv, decisions.jsonl, or a model that talks: openai:<model>, anthropic:<model>, http://host/v1#<model>, onnx-chat:<folder>, planted:<name>, character:<name>",
    )
    .option(
      "--task <env>",
      "world that the file plays, or a file my-task.ts that defines it (default: what the file says)",
    )
    .option("--task-set <key=value>", "parameter of the world; repeatable", collect)
    .addOption(
      new Option("--layout <layout>", "how the file takes observations (default: inferred)").choices([
        "flat",
        "NCHW",
        "NHWC",
      ]),
    )
    .option("--planes <names>", "order of the file's channels: wall,mouse,cheese")
    .option("--actions <names>", "order of the file's actions: up,left,down,right")
    .option("--input <name>", "the file's observation input")
    .option("--output <name>", "the file's output with a score for each action")
    .addOption(
      new Option("--scores <kind>", "what those scores are (default: told from their values)").choices([
        "logits",
        "probabilities",
      ]),
    )
    .option("--ticks <n>", "how long it thinks before each action, where it has that knob (default: as trained)")
    .option(
      "--training",
      "grant the record of its training: lenses forecast its choices, which grows some networks (half a minute)",
    )
    .option("--detectors <ids>", "only these, separated by commas")
    .option(
      "--with <my-detector.ts>",
      "a detector of your own beside them, or for a model that talks a contrast, my-contrast.yaml; repeatable",
      collect,
    )
    .option("--set <detector.key=value>", "parameter of a detector; repeatable", collect)
    .option("--calibration <file>", "turns readings into posteriors; none for none (default: the one that ships)")
    .option("--prior <question=probability>", "before the audit, instead of one half; repeatable", collect)
    .option("--fail-if <condition>", 'exit with 3 when it holds: "goal-shift.headline > 0.2"; repeatable', collect)
    .option("--out <folder>", "where the HTML, Markdown and JSON reports go", REPORTS)
    .addOption(
      new Option("--executor <kernels>", "kernels that run the policy (default: native)").choices(["native", "wasm"]),
    );
  addChatOptions(command);
  addAction(command, door, finished, async (context, flags: AuditFlags & ChatFlags, subject) => {
    if (isChatAddress(String(subject))) return auditChat(context, flags, String(subject));
    const { parseGate, tripped } = await import("../gate.ts");
    const gates = (flags.failIf ?? []).map(parseGate);
    const store = await context.store();
    const { auditLearnerCommand, findLearner } = await import("../learner-audit.ts");
    const learner = await findLearner(store, String(subject));
    if (learner) return (await auditLearnerCommand(context, learner, flags)) ? 3 : 0;
    const { nameSubject } = await import("../subject.ts");
    const { chooseDetectors, parseDetectorSettings } = await import("../instruments.ts");
    const { bringTask, loadDetectors } = await import("../modules.ts");
    const brought = await loadDetectors(flags.with, context.cwd);
    const recording = flags.training ? await import("../training-record.ts") : undefined;
    const chosen = chooseDetectors(flags.detectors, [
      ...brought.map(({ plugin }) => plugin),
      ...(recording ? [recording.FORECASTS] : []),
    ]);
    // Before the first measurement: a misspelt gate must not cost a minute of it.
    for (const gate of gates) findById("detector", chosen, gate.detector);
    const settings = parseDetectorSettings(chosen, flags.set);
    const { loadCalibration, parsePriors } = await import("../calibration.ts");
    const calibration = await loadCalibration(flags.calibration);
    const priors = parsePriors(flags.prior);
    const text = String(subject);
    const task = flags.task === undefined ? undefined : await bringTask(flags.task, context.cwd);
    const ownTask = task?.modules.length ? task.id : undefined;
    const named = await nameSubject(text, task ? { ...flags, task: task.id } : flags, store, ownTask);

    const training = await recording?.trainingOf(named.organism, text, context, flags.executor);

    const { openExecutor } = await import("../../tensor/index.ts");
    const { openSubject } = await import("../../lab/subjects.ts");
    const { audit } = await import("../../audit/audit.ts");
    const { executor, notice } = await openExecutor(flags.executor);
    if (notice !== undefined) context.err.line(notice);
    const { opened, detectors, params } = named.log
      ? (await import("../logs.ts")).openLogged(named.bytes, named.log, named.task, chosen, settings)
      : {
          opened: await openSubject(named.bytes, named.task, executor, {
            seed: context.seed,
            declared: named.declared,
          }),
          detectors: chosen,
          params: settings,
        };
    for (const note of opened.notes) context.err.line(context.err.paint.dim(printable(note)));
    const { parseTicks, thinkingFor } = await import("../thinking.ts");
    const ticks = parseTicks(flags.ticks);
    const progress = await context.progress({ unit: "instruments" });
    const bar = progress.task("auditing", detectors.length);
    const examined = thinkingFor(opened.subject, ticks);
    const record = await audit({
      subject: recording ? recording.withRecord(examined) : examined,
      ...(training ? { training } : {}),
      world: opened.world,
      ...(opened.untrained ? { untrained: opened.untrained } : {}),
      ...(opened.enlarged
        ? { enlarged: opened.enlarged.map((each) => ({ ...each, subject: thinkingFor(each.subject, ticks) })) }
        : {}),
      task: named.task,
      ...(calibration ? { calibration, priors } : {}),
      ...(opened.metadata?.network ? { architecture: opened.metadata.network.id } : {}),
      detectors,
      params,
      seed: context.seed,
      code: await context.code(),
      executor: executor.id,
      clock: context.clock,
      declared: { ...named.declared, ...hashes(brought), ...(ticks === undefined ? {} : { ticks }) },
      notes: opened.notes,
      command: commandLine(named.address, flags, context),
      onProgress: ({ done, running }) => bar.update(done, running ?? ""),
    });
    bar.finish();
    const { auditId } = await import("../../store/store.ts");
    const id = auditId(record);
    await store.save("audit", id, record);
    // Only now, with the audit finished and saved, is the truth looked at.
    const graded =
      named.organism && (await import("../../audit/grade.ts")).gradeAudit(record, opened.world, named.organism);
    const { writeAuditReport } = await import("../reports.ts");
    const base = join(flags.out ?? "", `audit-${named.label}-${named.task.env}-seed-${context.seed}`);
    const files = await writeAuditReport(record, base, detectors);
    const trips = gates.flatMap((gate) => tripped(gate, record) ?? []);
    const { describeAudit } = await import("../describe.ts");
    context.print(
      { id, audit: record, ...(graded ? { graded: grade(graded) } : {}), files, tripped: trips },
      () => `${describeAudit(record, context.out)}\n${closing(context, record, graded, files)}`,
    );
    for (const trip of trips) context.err.line(`${context.err.paint.bad("gate tripped:")} ${trip}`);
    return trips.length > 0 ? 3 : 0;
  });
}

const grade = ({ organism, constructed, realized, correct, because }: GradedAudit) => ({
  organism,
  constructed,
  realized,
  correct,
  because,
});

function closing(
  { out }: Context,
  _record: AuditRecord,
  graded: GradedAudit | undefined,
  files: readonly string[],
): string {
  const { good, bad, dim } = out.paint;
  const truth =
    graded === undefined
      ? ""
      : `\n${graded.correct ? good("✓ right") : bad("✗ wrong")}  ${graded.because}${dim("  (compared after the audit)")}\n`;
  return `${truth}\n${files.map((file) => `${dim("wrote")} ${file}`).join("\n")}`;
}

/** Which texts the user's own detectors were: with another, it is another audit. */
function hashes(brought: readonly { readonly plugin: DetectorPlugin; readonly hash: string }[]) {
  if (brought.length === 0) return {};
  return { detectors: brought.map(({ plugin, hash }) => `${plugin.id} ${hash}`) };
}

/** The command that runs this audit again: what shapes the numbers, nothing else. */
function commandLine(subject: string, flags: AuditFlags, { seed }: Context): string {
  const words = ["mesascope", "audit", subject, "--seed", String(seed)];
  const add = (option: string, value: unknown) => {
    for (const each of Array.isArray(value) ? value : value === undefined ? [] : [value])
      words.push(option, String(each));
  };
  add("--task", flags.task);
  add("--task-set", flags.taskSet);
  if (flags.training) words.push("--training");
  for (const name of [
    "layout",
    "planes",
    "actions",
    "input",
    "output",
    "scores",
    "ticks",
    "detectors",
    "with",
    "set",
    "calibration",
    "prior",
    "executor",
  ])
    add(`--${name}`, flags[name]);
  return shellWords(words);
}
