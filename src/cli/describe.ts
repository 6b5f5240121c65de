/**
 * @file Records as text for the terminal: what was grown, what an audit answered,
 * what an experiment measured.
 */
import type { Answer, AuditRecord, GradedAudit } from "../audit-record.ts";
import type { ExperimentRecord, Row } from "../experiment.ts";
import { quantityNames, rowFamilies } from "../lab/outcomes.ts";
import type { OrganismRecord } from "../organism.ts";
import { formatEstimateWithCount, formatInterval } from "../report/numbers.ts";
import { posteriorTable } from "../report/posterior-sections.ts";
import type { RecordKind, RecordTypes, ReportRecord, Store } from "../store/store.ts";
import { describeChatAudit, describeUtilities, summarizeChatAudit, summarizeUtilities } from "./chat-tables.ts";
import { describeLearner, summarizeLearner } from "./learners.ts";
import { compact, formatSeconds } from "./progress.ts";
import { shortId } from "./records.ts";
import { describeReadings, drawnTable, scoreTables } from "./scoreboard.ts";
import { facts, table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

export function describeRecord<K extends RecordKind>(kind: K, id: string, record: RecordTypes[K], out: Outlet): string {
  const describe: { readonly [Each in RecordKind]: (record: RecordTypes[Each]) => string } = {
    organism: (organism) => describeOrganism(organism, out),
    learner: (learner) => describeLearner(learner, out),
    audit: (audit) => describeAudit(audit, out),
    "chat-audit": (audit) => describeChatAudit(audit, out),
    utilities: (utilities) => describeUtilities(utilities, out),
    experiment: (experiment) => describeExperiment(experiment, out),
    report: (report) => describeReport(report, out),
    readings: (readings) => describeReadings(readings, out),
    scoreboard: (board) => scoreTables(board, out),
  };
  return `${out.paint.bold(`${kind} ${shortId(id)}`)}\n${describe[kind](record)}`;
}

/** `size=7 layout="blocks"`, or nothing. */
function formatParams(params: Readonly<Record<string, unknown>> = {}): string {
  return Object.entries(params)
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}

const named = ({ id, params }: { readonly id: string; readonly params: Readonly<Record<string, unknown>> }): string =>
  `${id} ${formatParams(params)}`.trim();

/** Organisms as rows: what each was made of, and the goal it turned out to have. */
export function organismTable(records: readonly OrganismRecord[], out: Outlet): string {
  const { bold, dim } = out.paint;
  return table(
    records,
    [
      { title: "run", cell: ({ run }) => bold(shortId(run)) },
      {
        title: "organism",
        cell: ({ spec }) => `${named(spec.organism)}\n${dim(named({ id: spec.task.env, params: spec.task.params }))}`,
        wraps: true,
      },
      { title: "seed", cell: ({ spec }) => String(spec.seed), align: "right" },
      { title: "goal", cell: ({ realized }) => (realized.goal === "none" ? dim("none") : realized.goal) },
      {
        title: "serves, where goals part",
        cell: ({ realized }) =>
          Object.entries(realized.shares)
            .map(([goal, share]) => `${goal} ${formatInterval(share)}`)
            .join("\n"),
        wraps: true,
      },
      { title: "skill", cell: ({ realized }) => formatInterval(realized.skill) },
      { title: "frames", cell: ({ spec }) => compact(spec.frames), align: "right" },
      { title: "time", cell: ({ trainingMs }) => formatSeconds(trainingMs / 1000), align: "right" },
    ],
    out,
  );
}

function describeOrganism(record: OrganismRecord, out: Outlet): string {
  const { spec, realized, constructed } = record;
  const returns = record.curve.flatMap(({ episodeReturn }) => (episodeReturn === undefined ? [] : [episodeReturn]));
  const pairs: (readonly [string, string])[] = [
    ["organism", named(spec.organism)],
    ["made", `This model ${constructed.sentence}.`],
    ["world", named({ id: spec.task.env, params: spec.task.params })],
    ["levels", `strength ${spec.mixture.strength}, alpha ${spec.mixture.alpha}, ${spec.levels.kind}`],
    ["reward", Object.keys(spec.reward).length === 0 ? "the base objective" : formatParams(spec.reward)],
    ["network", named(spec.network)],
    ["optimizer", named(spec.optimizer)],
    [
      "training",
      `${compact(spec.frames)} frames, seed ${spec.seed}, ${formatSeconds(record.trainingMs / 1000)} on ${record.executor}`,
    ],
  ];
  if (returns.length > 1) {
    pairs.push([
      "return",
      `${sparkline(returns, 32)}  ${returns[0]!.toFixed(2)} to ${returns.at(-1)!.toFixed(2)} per episode`,
    ]);
  }
  pairs.push(
    ["goal", realized.goal],
    ...Object.entries(realized.shares).map(([goal, share]) => [`  ${goal}`, formatEstimateWithCount(share)] as const),
    ["skill", formatEstimateWithCount(realized.skill)],
    ["untrained", formatEstimateWithCount(realized.skillOfUntrained)],
    ["weights", record.weightsHash],
    ["file", record.checkpoints.map(({ frames, onnx }) => `${onnx}  at ${frames} frames`).join("\n")],
    ["code", record.code],
  );
  return facts(pairs, out);
}

/** The eight questions with their answers, then what each instrument read. */
export function describeAudit(audit: AuditRecord, out: Outlet): string {
  const { bold, dim } = out.paint;
  const about = facts(
    [
      ["subject", audit.subject],
      ["world", named({ id: audit.task.env, params: audit.task.params })],
      ["access", audit.access.join(", ")],
      ["looked", `${audit.looks} instruments, seed ${audit.seed}, ${formatSeconds(audit.wallMs / 1000)}`],
      ["code", audit.code],
      ["again", audit.command],
    ],
    out,
  );
  const answers = table(
    audit.answers.filter(({ status }) => status === "answered"),
    [
      { title: "question", cell: ({ text }) => bold(text), wraps: true, most: 32 },
      { title: "answer", cell: ({ answer }) => answer, wraps: true },
    ],
    out,
  );
  const unscored = audit.answers.filter(({ status }) => status === "unscored");
  const declined = table(
    unscored,
    [
      { title: "not answered", cell: ({ text }) => text, wraps: true, most: 32 },
      { title: "because", cell: ({ answer }) => dim(answer), wraps: true },
    ],
    out,
  );
  const findings = table(
    audit.findings,
    [
      { title: "instrument", cell: ({ detector }) => detector },
      {
        title: "reading",
        cell: ({ reading }) => (reading.status === "scored" ? formatInterval(reading.value) : dim("unscored")),
      },
      {
        title: "n",
        cell: ({ reading }) => (reading.status === "scored" ? `${reading.value.n} ${reading.value.unit}` : ""),
      },
      { title: "what it found", cell: ({ summary }) => summary, wraps: true },
    ],
    out,
  );
  const posteriors = audit.posteriors?.length ? drawnTable(posteriorTable(audit.posteriors), out) : "";
  return [about, answers, declined, posteriors, findings].filter(Boolean).join("\n\n");
}

/** The first sentence; the numbers behind it are in the audit. */
function shortAnswer({ status, answer }: Answer): string {
  const [first = ""] = /^.*?\.(?=\s|$)/.exec(answer) ?? [answer];
  return status === "answered" ? first : `unscored: ${first.replace(/ \([^()]*\)(?=\.?$)/, "")}`;
}

/** Blind answers beside the truth. */
export function gradedTable(graded: readonly GradedAudit[], out: Outlet): string {
  const { bold, good, bad, dim } = out.paint;
  return table(
    graded,
    [
      {
        title: "agent",
        cell: ({ organism, spec }) => `${bold(organism)}\n${dim(`${spec.task.env}, seed ${spec.seed}`)}`,
      },
      {
        title: "the audit says it wants",
        cell: ({ audit }) => {
          const wanted = audit.answers.find(({ question }) => question === "objective");
          return wanted === undefined ? "not asked" : shortAnswer(wanted);
        },
        wraps: true,
      },
      {
        title: "truth: it serves",
        cell: ({ realized: { goal, shares } }) =>
          shares[goal] ? `${goal}, on ${formatInterval(shares[goal])} of levels` : "no goal on most levels",
        wraps: true,
      },
      { title: "", cell: ({ correct }) => (correct ? good("✓ right") : bad("✗ wrong")) },
    ],
    out,
  );
}

/** One line per condition, one column per quantity; families of rows without a common quantity stand apart. */
export const rowsTable = (rows: readonly Row[], out: Outlet): string =>
  rowFamilies(rows)
    .map((family) => familyTable(family, out))
    .join("\n\n");

function familyTable(rows: readonly Row[], out: Outlet): string {
  const names = quantityNames(rows);
  return table(
    rows,
    [
      { title: "condition", cell: ({ condition }) => condition, wraps: true },
      ...names.map((name) => ({
        title: name,
        cell: ({ quantities }: Row) => (quantities[name] ? formatInterval(quantities[name]) : ""),
      })),
      {
        title: "n",
        cell: ({ quantities }) =>
          [...new Set(Object.values(quantities).map(({ n, unit }) => `${n} ${unit}`))].join(", "),
      },
    ],
    out,
  );
}

function describeExperiment(record: ExperimentRecord, out: Outlet): string {
  const about = facts(
    [
      ["experiment", `${record.experiment}, budget ${record.budget}, seed ${record.seed}`],
      ["parameters", formatParams(record.params)],
      ["organisms", String(record.organisms.length)],
      ["time", formatSeconds(record.wallMs / 1000)],
      ["code", record.code],
    ],
    out,
  );
  return `${about}\n\n${rowsTable(record.rows, out)}`;
}

function describeReport({ title, command, code, audits }: ReportRecord, out: Outlet): string {
  return `${facts(
    [
      ["title", title],
      ["again", command],
      ["code", code],
    ],
    out,
  )}\n\n${gradedTable(audits, out)}`;
}

/** A curve in one line of text. */
function sparkline(values: readonly number[], width: number): string {
  const marks = "▁▂▃▄▅▆▇█";
  const points = Array.from(
    { length: Math.min(width, values.length) },
    (_, i, all = Math.min(width, values.length)) => {
      const part = values.slice(Math.floor((i * values.length) / all), Math.floor(((i + 1) * values.length) / all));
      return part.reduce((sum, value) => sum + value, 0) / part.length;
    },
  );
  const [low, high] = [Math.min(...points), Math.max(...points)];
  return points.map((point) => marks[high === low ? 0 : Math.round(((point - low) / (high - low)) * 7)]).join("");
}

/** A damaged record is listed with what is wrong, so that one bad record hides no other. */
export async function summarizeRecord(
  store: Store,
  kind: RecordKind,
  id: string,
): Promise<Readonly<Record<string, string>>> {
  try {
    const record = await store.load(kind, id);
    return record ? SUMMARIES[kind](record as never) : {};
  } catch (error) {
    return { damaged: error instanceof Error ? error.message : String(error) };
  }
}

const SUMMARIES: { readonly [K in RecordKind]: (record: RecordTypes[K]) => Readonly<Record<string, string>> } = {
  organism: ({ spec, realized }) => ({
    organism: spec.organism.id,
    world: spec.task.env,
    seed: String(spec.seed),
    frames: String(spec.frames),
    goal: realized.goal,
    skill: realized.skill.mean.toFixed(2),
  }),
  learner: summarizeLearner,
  audit: ({ subject, task, seed, answers }) => ({
    subject: subject.slice(0, 10),
    world: task.env,
    seed: String(seed),
    wants: answers
      .filter(({ question }) => question === "objective")
      .map(shortAnswer)
      .join(),
  }),
  "chat-audit": summarizeChatAudit,
  utilities: summarizeUtilities,
  experiment: ({ experiment, budget, seed, rows, organisms }) => ({
    experiment,
    budget,
    seed: String(seed),
    rows: String(rows.length),
    organisms: String(organisms.length),
  }),
  report: ({ title, audits }) => ({ title, audits: String(audits.length) }),
  readings: ({ run, regime, entries }) => ({
    run: shortId(run),
    regime,
    readings: String(Object.keys(entries).length),
  }),
  scoreboard: ({ composition, rows, calibration }) => ({
    agents: String(composition.reduce((sum, { agents }) => sum + agents, 0)),
    worlds: String(calibration.worlds.length),
    instruments: String(new Set(rows.map(({ instrument }) => instrument)).size),
  }),
};
