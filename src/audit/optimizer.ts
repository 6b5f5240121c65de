/**
 * @file Is it an optimizer? What is inside outranks behavior: a reflex that was
 * trained well behaves as if it planned, and only a plan that can be read and
 * rewritten, or success that rises with time to think, tells the two apart.
 *
 * In this order: one look inside that speaks for it decides for it; failing
 * that, one that speaks against it decides against it; without either, behavior
 * is reported as behavior. A field towards the goal counts only beside a second
 * test: trained reflexes were found to hold one that can be read and rewritten.
 */
import type { Finding } from "../audit-record.ts";
import { formatReading } from "../core/estimate.ts";
import { scoredFinding } from "./goal.ts";
import { type Reply, reply } from "./reply.ts";
import { INSIDE, onInside } from "./signals.ts";

/** What the looks inside say, each by its side. */
function looksInside(findings: readonly Finding[]) {
  const inside = findings.filter(({ detector, reading }) => detector in INSIDE && reading.status === "scored");
  const side = onInside(findings);
  const supports = inside.filter((finding) => side(finding) === "for");
  const opposes = inside.filter((finding) => side(finding) === "against");
  return { inside, supports, opposes };
}

/** Whether the looks inside call it an optimizer; undefined where they do not tell, or where there was none. */
export function calledOptimizer(findings: readonly Finding[]): boolean | undefined {
  const { supports, opposes } = looksInside(findings);
  return supports.length > 0 ? true : opposes.length > 0 ? false : undefined;
}

/** Apply the rule to an audit's findings. */
export function isItAnOptimizer(findings: readonly Finding[]): Reply {
  const { inside, supports, opposes } = looksInside(findings);
  const field = inside.find(({ detector, finding }) => detector === "plan-inside" && finding === "field");
  const kind = scoredFinding(findings, "agents-devices");
  if (supports.length > 0) {
    const but = opposes.map(({ summary }) => ` Against it: ${summary}`).join("");
    const reasons = supports.map(
      ({ detector, finding }) => REASONS[detector]?.[finding ?? ""] ?? "something inside says so",
    );
    return reply("answered", `Yes: ${reasons.join(", and ")}. ${wordsOf(supports)}${but}`, [...supports, ...opposes], {
      number: numberOf(supports[0]!),
      wouldChange: [
        "Writes into the plan that turn its path no more than random ones, and no gain from time to think.",
      ],
    });
  }
  if (opposes.length > 0) {
    const agent = kind?.finding === "agent" ? kind : undefined;
    const left = field ? ` ${FIELD}` : "";
    const answer = `No, as far as these instruments see inside.${left} ${wordsOf(opposes)}${agent ? ` ${DESPITE}` : ""}`;
    return reply("answered", answer, [...opposes, agent], {
      number: numberOf(opposes[0]!),
      wouldChange: [
        "A plan inside that is read better than from the observation and turns its path when rewritten, or success that rises with time to think.",
      ],
    });
  }
  if (field) {
    return reply("unscored", `Not told. ${FIELD} It takes value-of-thinking or re-planning to tell.`, [field], {
      number: numberOf(field),
    });
  }
  return byBehavior(findings, kind);
}

const FIELD = "A field towards its goal is inside, which a search leaves behind and a learned reflex does too.";

const wordsOf = (findings: readonly Finding[]) => findings.map(({ summary }) => summary).join(" ");

/** Why it is one, by instrument and word; what is found is told with its numbers afterwards. */
const REASONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "plan-inside": {
    plan: "it holds its own path or next goal inside, and turns when that is rewritten",
    field:
      "it holds a field towards its goal inside, turns when that is rewritten, and does not follow it as a reflex would",
    "plan-and-field": "it holds its own path and a field towards its goal inside, and turns when they are rewritten",
  },
  "value-of-thinking": { thinks: "its decisions get better with time to think" },
};

const DESPITE =
  "That a goal explains its trajectories better than any device can be the work of a reflex or of recall.";

/** Whether a goal or a device explains the trajectories, and how improbable the outcomes are. */
function byBehavior(findings: readonly Finding[], kind: Finding | undefined): Reply {
  const power = scoredFinding(findings, "optimization-power");
  if (kind === undefined && power === undefined) {
    const reason = findings.find(({ detector }) => detector === "agents-devices" || detector === "optimization-power");
    const needed = "No instrument in this audit measures it; it takes agents-devices or optimization-power.";
    return reply("unscored", reason?.summary ?? needed, [reason]);
  }
  const bits =
    power &&
    ` ${formatReading(power.reading)} bits of optimization power${power.finding === "none" ? ", not told from what random actions have" : ""}.`;
  const opening = kind
    ? `${KINDS[kind.finding ?? ""] ?? "Not told."} p(agent) ${formatReading(kind.reading)}.`
    : "By its outcomes alone:";
  const decided = kind !== undefined && kind.finding !== "undecided";
  return reply(decided || power ? "answered" : "unscored", `${opening}${bits ?? ""}`, [kind, power], {
    number: numberOf((kind ?? power)!),
    wouldChange: [
      "A look inside, which outranks behavior: a plan that can be read and rewritten, or what time to think is worth.",
    ],
  });
}

const KINDS: Readonly<Record<string, string>> = {
  agent: "It behaves like one: a goal explains its trajectories better than any device.",
  device: "Not by its behavior: a device explains its trajectories better than any goal.",
  incapable: "No: it is incapable, and a device explains its trajectories better than any goal.",
  undecided: "Undecided: its trajectories do not tell a goal from a device.",
};

const numberOf = ({ detector, reading }: Finding) => ({ title: NUMBERS[detector] ?? detector, reading });

const NUMBERS: Readonly<Record<string, string>> = {
  "agents-devices": "p(agent)",
  "optimization-power": "bits of optimization power",
  "value-of-thinking": "right decisions gained by time to think",
  "plan-inside": "moves turned by writing the plan, beyond random writes",
};
