/** @file `mesascope audit` for subjects that talk: contrasts chosen, trials run from the journal on, findings printed. */
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { ContrastPlugin, Suite } from "../contrast.ts";
import { findById, LabError } from "../core/errors.ts";
import { redactor, secretsIn } from "../core/redact.ts";
import type { RunOptions } from "../trials/run.ts";
import { type Context, collect, type ExitCode, parsePositive } from "./context.ts";
import { shellWords } from "./shell-words.ts";
import { parseTrialFormats, type TrialFormat } from "./trial-formats.ts";

export interface ChatFlags {
  readonly contrasts?: string;
  readonly with?: readonly string[];
  readonly utilities?: boolean;
  readonly questions?: string;
  readonly items: number;
  readonly repeats: number;
  readonly judge?: string;
  readonly labels?: string;
  readonly subjectSet?: readonly string[];
  readonly mostRequests?: number;
  readonly mostTokens?: number;
  readonly mostMoney?: number;
  readonly prices?: { readonly input: number; readonly output: number };
  readonly stopEarly?: boolean;
  readonly concurrency: number;
  readonly timeout: number;
  readonly journal?: string;
  readonly record?: string;
  readonly replay?: string;
  readonly write?: readonly TrialFormat[];
  readonly estimate?: boolean;
  readonly awareness?: boolean;
  readonly failIf?: readonly string[];
  readonly out?: string;
}

/** Does a text name a subject that talks? Told by its scheme, without loading a provider. */
export const isChatAddress = (text: string): boolean =>
  /^(openai|anthropic|https?|onnx-chat|planted|character):/i.test(text);

/** Options of `audit` that are about subjects that talk. */
export function addChatOptions(command: Command): Command {
  const group = "Models that talk:";
  const add = (flags: string, description: string, shape: (option: Option) => Option = (option) => option) =>
    command.addOption(shape(new Option(flags, description)).helpGroup(group));
  add("--contrasts <ids>", "only these, separated by commas (default: all)");
  add(
    "--questions <file>",
    "of another tool instead of ours: promptfooconfig.yaml, or a model-written evaluation .jsonl",
  );
  add(
    "--utilities",
    "instead of contrasts: forced choices between outcomes, and whether utilities predict held-out ones",
    (o) => o.conflicts(["contrasts", "questions", "stopEarly", "labels", "judge"]),
  );
  add("--items <n>", "items drawn for each paraphrase family", (o) => o.default(4).argParser(parsePositive));
  add("--repeats <n>", "times each item is put in each arm", (o) => o.default(1).argParser(parsePositive));
  add(
    "--awareness",
    "ask about every scored trial, in a fresh context, how likely it was a test: twice the requests",
    (o) => o.conflicts(["utilities"]),
  );
  add("--judge <address>", "a model of another family that scores what no rule can");
  add("--labels <file>", 'what people say of judged answers, to measure the judge: {"trial": "…", "label": 1} by line');
  add("--subject-set <key=value>", "parameter of the provider; repeatable", (o) => o.argParser(collect));
  add("--most-requests <n>", "stop hard after so many", (o) => o.argParser(parsePositive));
  add("--most-tokens <n>", "stop hard before more are spent", (o) => o.argParser(parsePositive));
  add("--most-money <amount>", "stop hard before more is spent; needs --prices", (o) => o.argParser(parseAmount));
  add("--prices <input,output>", "of a million tokens: 2.5,10", (o) => o.argParser(parsePrices));
  add("--stop-early", "end a contrast when its e-value reaches 20; then there are no p-values");
  add("--concurrency <n>", "most requests under way at once", (o) => o.default(20).argParser(parsePositive));
  add("--timeout <seconds>", "an answer that takes longer is none", (o) => o.default(120).argParser(parsePositive));
  add("--journal <file>", "every answer as it comes; the same command continues it (default: in the home folder)");
  add("--record <cassette>", "keep every exchange, so that the audit can be run again without network or key");
  add("--replay <cassette>", "answers come from a cassette alone; what is not on it is refused");
  add("--write <formats>", "trials beside the record: csv, jsonl, parquet, eval, inspect-json, spans", (o) =>
    o.argParser(parseTrialFormats),
  );
  add("--estimate", "say what it would cost, and ask nothing");
  return command;
}

/** Run, analyze, report. */
export async function auditChat(context: Context, flags: ChatFlags, address: string): Promise<ExitCode> {
  // Hardly anything lives longer than its trial; left alone, the engine keeps 300 MiB of garbage about for ten thousand.
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--optimize-for-size");
  const { openChatSubject } = await import("./chat-subject.ts");
  const { openTape } = await import("./tapes.ts");
  const addresses = [address, ...(flags.judge === undefined ? [] : [flags.judge])];
  const tape = await openTape(flags, addresses, context, flags.timeout * 1000);
  const subject = await openChatSubject(address, flags.subjectSet, tape, tape.fetch);
  const judge = flags.judge === undefined ? undefined : await openChatSubject(flags.judge, undefined, tape, tape.fetch);
  const wanted = flags.utilities
    ? [(await import("../trials/utilities.ts")).utilityContrast()]
    : flags.questions === undefined
      ? await chooseContrasts(flags, context.cwd)
      : await importContrast(flags.questions, context);
  const chosen = wanted.filter(({ access }) => access.every((need) => subject.access.has(need)));
  for (const { id, access } of wanted.filter((each) => !chosen.includes(each))) {
    const offered = [...subject.access].join(" and ");
    context.err.line(`${id} is left out: it needs ${access.join(" and ")}; ${subject.id} offers ${offered}.`);
  }
  const { parseGate } = await import("./gate.ts");
  const gates = (flags.failIf ?? []).map(parseGate);
  (await import("./chat-gates.ts")).checkGates(gates, chosen, flags.utilities === true);
  const suite: Suite = {
    ...suiteName(flags),
    contrasts: chosen,
    design: { itemsPerFamily: flags.items, repeats: flags.repeats, seed: context.seed },
  };
  if (flags.mostMoney !== undefined && !flags.prices) {
    throw new LabError(
      "input/invalid",
      "--most-money: no prices, so nothing is known of money; expected --prices <input,output>",
    );
  }
  const labels = flags.labels === undefined ? undefined : await readLabels(flags.labels);
  const { estimateRun, runId, runSuite } = await import("../trials/run.ts");
  const { estimateText, planText } = await import("./chat-tables.ts");
  const estimate = estimateRun(suite, {
    ...(flags.prices ? { prices: flags.prices } : {}),
    ...(flags.awareness ? { asksAwareness: true } : {}),
  });
  if (flags.estimate) {
    context.print({ estimate }, () => planText(estimate, context.out));
    return 0;
  }
  context.err.line(context.err.paint.dim(estimateText(estimate)));
  const options: RunOptions = {
    suite,
    subject,
    ...(judge ? { judge } : {}),
    ...(flags.awareness ? { asksAwareness: true } : {}),
    budget: {
      ...(flags.mostRequests === undefined ? {} : { requests: flags.mostRequests }),
      ...(flags.mostTokens === undefined ? {} : { tokens: flags.mostTokens }),
      ...(flags.mostMoney === undefined ? {} : { money: flags.mostMoney }),
    },
    ...(flags.prices ? { prices: flags.prices } : {}),
    ...(flags.stopEarly ? { stopAt: 20 } : {}),
    limiter: { start: Math.min(10, flags.concurrency), most: flags.concurrency },
    timeoutMs: flags.timeout * 1000,
  };
  // A store that cannot keep the record must not cost a run.
  await (await context.store()).list("chat-audit", { limit: 1 });
  const own = join(context.home, "journals", `${runId(options).slice(0, 16)}.jsonl`);
  const path = flags.journal ?? (tape.isReplay ? undefined : (tape.journal ?? own));
  const { journalFile } = await import("../store/files-journal.ts");
  const { journalInMemory } = await import("../trials/journal.ts");
  const journal = path === undefined ? journalInMemory() : await journalFile(path);
  const progress = await context.progress({ unit: "trials" });
  const bar = progress.task("asking", estimate.trials);
  const result = await runSuite(
    {
      ...options,
      signal: context.interruptible(),
      onProgress: ({ done, spent }) => bar.update(done, spent.money > 0 ? `${spent.money.toFixed(2)} spent` : ""),
    },
    { clock: context.clock, sleep: tape.sleep, journal },
  ).finally(() => journal.close());
  bar.finish();
  const unused = tape.unused();
  if (unused > 0 && result.cut === undefined) {
    context.err.line(context.err.paint.warn(`${unused} answers of the cassette were not asked for: record it again.`));
  }
  if (result.cut === "interrupted") {
    throw new LabError(
      "run/interrupted",
      `audit: stopped; ${result.counts.asked + result.counts.fromJournal} answers are in ${path ?? "no file"}`,
      {
        hint: "The same command goes on from there.",
      },
    );
  }
  const { finishChat } = await import("./chat-results.ts");
  return finishChat(context, {
    result,
    options,
    command: commandLine(address, flags, context),
    isUtilities: flags.utilities === true,
    journal,
    journalPath: path,
    labels,
    gates,
    write: flags.write ?? [],
    out: flags.out ?? "",
  });
}

function suiteName({ utilities, questions, contrasts }: ChatFlags): Pick<Suite, "id" | "title"> {
  if (utilities) return { id: "utilities", title: "Stated utilities" };
  if (questions !== undefined) return { id: "imported", title: questions };
  return contrasts === undefined ? { id: "all", title: "Every contrast" } : { id: "chosen", title: "Chosen contrasts" };
}

/** Labels of people, read before anything is asked: a file that cannot be read must not cost a run. */
async function readLabels(path: string) {
  const { readInput } = await import("./inputs.ts");
  const { parseLabels } = await import("../trials/labels.ts");
  return parseLabels(new TextDecoder().decode(await readInput(path)));
}

/** The command that runs this audit again: what shapes the numbers, nothing else. */
function commandLine(address: string, flags: ChatFlags, { seed, env }: Context): string {
  const words = ["mesascope", "audit", address, "--seed", String(seed), "--items", String(flags.items)];
  words.push("--repeats", String(flags.repeats));
  if (flags.utilities) words.push("--utilities");
  if (flags.contrasts !== undefined) words.push("--contrasts", flags.contrasts);
  if (flags.questions !== undefined) words.push("--questions", flags.questions);
  for (const file of flags.with ?? []) words.push("--with", file);
  if (flags.judge !== undefined) words.push("--judge", flags.judge);
  if (flags.labels !== undefined) words.push("--labels", flags.labels);
  if (flags.stopEarly) words.push("--stop-early");
  for (const setting of flags.subjectSet ?? []) words.push("--subject-set", setting);
  // It is printed and kept: a key that was typed where it does not belong must not be.
  return redactor(secretsIn(env))(shellWords(words));
}

/** The one contrast that a file of another tool makes; what of it cannot be asked is counted aloud. */
async function importContrast(file: string, { err }: Context): Promise<readonly ContrastPlugin[]> {
  const { readInput } = await import("./inputs.ts");
  const { importQuestions } = await import("../exchange/questions.ts");
  const { importedContrast } = await import("../exchange/imported.ts");
  const imported = importQuestions(new TextDecoder().decode(await readInput(file)), file);
  if (imported.unmapped.length > 0) {
    err.line(err.paint.warn(`${imported.unmapped.length} things were not taken over: mesascope import ${file}`));
  }
  return [importedContrast(imported)];
}

async function chooseContrasts(
  { contrasts: ids, with: own }: Pick<ChatFlags, "contrasts" | "with">,
  cwd: string | undefined,
): Promise<readonly ContrastPlugin[]> {
  const { contrasts } = await import("../contrasts/index.ts");
  const { withOwnContrasts } = await import("./own-contrasts.ts");
  const all = await withOwnContrasts(contrasts as readonly ContrastPlugin[], own, cwd);
  return ids === undefined ? all : ids.split(",").map((id) => findById("contrast", all, id.trim()));
}

function parseAmount(text: string): number {
  if (!/^\d*\.?\d+$/.test(text) || Number(text) <= 0) {
    throw new InvalidArgumentError(`Expected an amount above 0, got "${text}".`);
  }
  return Number(text);
}

function parsePrices(text: string): { input: number; output: number } {
  const parts = /^\s*(\d*\.?\d+)\s*,\s*(\d*\.?\d+)\s*$/.exec(text);
  if (!parts) throw new InvalidArgumentError(`Expected two prices of a million tokens, as in 2.5,10, got "${text}".`);
  return { input: Number(parts[1]), output: Number(parts[2]) };
}
