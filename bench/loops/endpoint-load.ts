/**
 * @file An audit over HTTP as processes: the local server of planted subjects with faults, and the command that audits
 * it, ended by SIGKILL in the middle if wanted and started again. What the journal holds afterwards is counted.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const entry = join(import.meta.dirname, "../../bin/mesascope.js");

export interface LoadOptions {
  /** Where journal and reports go. */
  readonly folder: string;
  /** Items of each of the 14 families of answer-sycophancy, in 6 arms: 120 make 10,080 trials. */
  readonly items: number;
  /** As `serve-model --fault` takes them. */
  readonly faults: readonly string[];
  /** Seconds after which an answer is none. */
  readonly timeout: number;
  readonly concurrency: number;
  /** Kill the audit when its journal has so many bytes, and start it again; absent: never. */
  readonly killAtBytes?: number;
}

export interface LoadResult {
  /** Exit code of the last audit process. */
  readonly code: number;
  readonly err: string;
  /** Was it really ended in the middle? */
  readonly isKilled: boolean;
  readonly trials: number;
  /** Answers in the journal, and how many different trials they belong to. */
  readonly answers: number;
  readonly answeredTrials: number;
  /** Keys that occur twice: something that was answered and asked again. */
  readonly doubled: number;
  /** Trials with a score, or missing with a reason. */
  readonly accounted: number;
  readonly missing: Readonly<Record<string, number>>;
  /** What the server answered, by outcome. */
  readonly served: Readonly<Record<string, number>>;
  /** Of the last audit process. */
  readonly wallMs: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly peakMiB: number;
  readonly cpuMs: number;
}

/** Run one load. */
export async function endpointLoad(options: LoadOptions): Promise<LoadResult> {
  const { folder, items, faults, timeout, concurrency, killAtBytes } = options;
  const env = { ...process.env, NO_COLOR: "1", MESASCOPE_HOME: join(folder, "home") };
  const server = start(
    [
      "serve-model",
      "planted:faulty",
      "--retry-after",
      "100",
      "--json",
      ...faults.flatMap((fault) => ["--fault", fault]),
    ],
    env,
    folder,
  );
  const address = await firstAddress(server);
  const journal = join(folder, "journal.jsonl");
  const words = [
    ...["audit", address, "--contrasts", "answer-sycophancy", "--items", String(items), "--json"],
    ...["--journal", journal, "--timeout", String(timeout), "--concurrency", String(concurrency), "--out", folder],
  ];
  let isKilled = false;
  if (killAtBytes !== undefined) {
    const first = start(words, env, folder);
    await Promise.race([first.ended, grown(journal, killAtBytes)]);
    isKilled = first.child.kill("SIGKILL");
    await first.ended;
  }
  const last = start(["-r", "measured", ...words], env, folder);
  const { code, out, err } = await last.ended;
  server.child.kill("SIGTERM");
  const { err: farewell } = await server.ended;
  const served = JSON.parse(/answered: (\{.*\})/.exec(farewell)?.[1] ?? "{}") as Record<string, number>;
  return { code, err, isKilled, ...counted(out, journal), served, ...measured(err) };
}

interface Started {
  readonly child: ChildProcess;
  readonly said: { out: string; err: string };
  readonly ended: Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

/** A process of the command line; `-r measured` before its words prints its memory and time when it ends. */
function start(words: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Started {
  const isMeasured = words[0] === "-r";
  const program = isMeasured ? ["--import", MEASURE, entry, ...words.slice(2)] : [entry, ...words];
  const child = spawn(process.execPath, program, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said.err += chunk;
  });
  const ended = new Promise<{ code: number; out: string; err: string }>((resolve) =>
    child.on("close", (code) => resolve({ code: code ?? -1, ...said })),
  );
  return { child, said, ended };
}

/** Prints what a process used, as its last line on stderr. `maxRSS` is in KiB, the times in microseconds. */
const MEASURE = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write("used " + maxRSS + " " + (userCPUTime + systemCPUTime) + "\\n"); });',
)}`;

async function firstAddress({ said, ended }: Started): Promise<string> {
  const isOver = ended.then(() => true);
  for (;;) {
    const found = /"(http:[^"]*#[^"]*)"/.exec(said.out)?.[1];
    if (found !== undefined) return found;
    if (await Promise.race([isOver, pause(10)])) throw new Error(`the server did not start: ${said.err}`);
  }
}

const pause = (ms: number): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), ms));

async function grown(file: string, bytes: number): Promise<void> {
  while ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) < bytes) await pause(5);
}

function counted(out: string, journal: string) {
  const keys: string[] = [];
  const trials = new Set<string>();
  for (const line of readFileSync(journal, "utf8").split("\n")) {
    if (line === "") continue;
    const { kind, key, trial } = JSON.parse(line) as { kind: string; key: string; trial: string };
    if (kind !== "answer") continue;
    keys.push(key);
    trials.add(trial);
  }
  const { audit } = JSON.parse(out || '{"audit":{"contrasts":[],"counts":{},"wallMs":0}}') as {
    audit: {
      contrasts: { trials: number; arms: { trials: number; missing: Record<string, number> }[] }[];
      counts: Record<string, number>;
      wallMs: number;
    };
  };
  const arms = audit.contrasts.flatMap((contrast) => contrast.arms);
  const missing: Record<string, number> = {};
  for (const arm of arms) {
    for (const [reason, n] of Object.entries(arm.missing)) missing[reason] = (missing[reason] ?? 0) + n;
  }
  return {
    trials: audit.contrasts.reduce((sum, contrast) => sum + contrast.trials, 0),
    accounted: arms.reduce((sum, arm) => sum + arm.trials, 0),
    answers: keys.length,
    answeredTrials: trials.size,
    doubled: keys.length - new Set(keys).size,
    missing,
    wallMs: audit.wallMs,
    counts: audit.counts,
  };
}

function measured(err: string): { readonly peakMiB: number; readonly cpuMs: number } {
  const [, kib = "0", micros = "0"] = /used (\d+) (\d+)/.exec(err) ?? [];
  return { peakMiB: Number(kib) / 1024, cpuMs: Number(micros) / 1000 };
}
