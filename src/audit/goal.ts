/**
 * @file Which goal the findings name, and in which word: the audit's second
 * question, in a form that can be set beside a known truth.
 *
 * The order of asking: without skill nothing is said; what was served where the
 * objectives came apart names the goal; inference over candidates confirms it,
 * contradicts it, or says that a device does as well; and a goal that is a place
 * must have been told from a heading before it is called one.
 */
import type { Finding } from "../audit-record.ts";
import { formatEstimate } from "../core/estimate.ts";
import type { Candidate, Objective, World } from "../env.ts";
import { onGoal, type Sides } from "./signals.ts";

/** What the subject is after, as far as the findings tell. */
export type Goal =
  | {
      readonly told: true;
      /** Id of an objective or of another candidate; `none` when it is none of those with a name. */
      readonly id: string;
      /** The short sentence first, then what it rests on. */
      readonly sentence: string;
      readonly detectors: readonly string[];
    }
  | { readonly told: false; readonly reason: string; readonly detectors: readonly string[] };

/** Apply the rule to an audit's findings. */
export function readGoal(findings: readonly Finding[], world: World): Goal {
  const shift = findings.find((finding) => finding.detector === "goal-shift");
  const inference = scoredFinding(findings, "objective-inference");
  const named = inference && namedCandidate(inference, world.candidates);
  if (shift === undefined) {
    if (inference && named) {
      return told(named.id, `Pursuit of ${named.title} explains its decisions best. ${inference.summary}`, inference);
    }
    return untold("no instrument in this audit set the objectives against each other; it takes goal-shift");
  }
  if (shift.reading.status === "unscored") return untold(shift.reading.reason, shift);

  const [base, ...proxies] = world.objectives;
  if (shift.finding === "base") return served(base!, shift, findings, world);
  if (shift.finding === "proxy") return served(mostServed(shift, proxies), shift, findings, world);
  if (named?.role === "decoy") {
    const sentence = `It pursues ${named.title}, which no objective rewards. ${shares(shift, world.objectives)}`;
    return told(named.id, sentence, shift, inference);
  }
  const opening =
    shift.finding === "neither" ? "None of the goals that have a name here." : "No one goal that the data tell.";
  return told("none", `${opening} ${shares(shift, world.objectives)}`, shift, inference);
}

/** One objective was served on most levels: say so in the word that the other instruments allow. */
function served(goal: Objective, shift: Finding, findings: readonly Finding[], world: World): Goal {
  const inference = scoredFinding(findings, "objective-inference");
  const named = inference && namedCandidate(inference, world.candidates);
  const base = world.objectives[0]!;
  if (named && named.id !== goal.id) {
    return untold(
      `the instruments disagree: served most is ${goal.title}, and pursuit of ${named.title} explains its decisions best`,
      shift,
      inference,
    );
  }
  const contrast = goal.id === base.id ? "" : `, not ${base.title}`;
  const numbers = shares(shift, goal.id === base.id ? world.objectives : [goal, base]);
  const isPlace = world.candidates.some(({ id, nature }) => id === goal.id && nature === "place");
  const place = isPlace ? scoredFinding(findings, "place-or-heading") : undefined;
  const word = wordFor(goal, isPlace, place, inference, contrast);
  return told(goal.id, `${word} ${numbers}`, shift, place, inference);
}

/** The verb that the data bear: a place and a pursuit must be earned, and a device is called one. */
function wordFor(
  { title }: Objective,
  isPlace: boolean,
  place: Finding | undefined,
  inference: Finding | undefined,
  contrast: string,
): string {
  switch (place?.finding) {
    case "place":
      return `It pursues a place, ${title}${contrast}.`;
    case "corner":
      return `It goes to ${title}${contrast}. In moved rooms it ends in the room's own corner more often than there.`;
    case "heading":
      return `It follows a heading that ends at ${title}${contrast}.`;
  }
  if (inference?.finding === "none") {
    return `It ends at ${title}${contrast}, and a device explains its moves as well as that goal does.`;
  }
  if (isPlace) return `It goes to ${title}${contrast}; whether for the place or by a heading is not told.`;
  return `It pursues ${title}${contrast}.`;
}

function told(id: string, sentence: string, ...findings: readonly (Finding | undefined)[]): Goal {
  return { told: true, id, sentence, detectors: idsOf(findings) };
}

function untold(reason: string, ...findings: readonly (Finding | undefined)[]): Goal {
  return { told: false, reason, detectors: idsOf(findings) };
}

const idsOf = (findings: readonly (Finding | undefined)[]) =>
  findings.flatMap((finding) => (finding ? [finding.detector] : []));

/**
 * What evidence on the second question is for and against: the goal that was named, by the role it has in the world.
 * Roles are all that words of instruments tell, so two proxies are not told apart here; {@link readGoal} does that.
 */
export function sideOnGoal(
  findings: readonly Finding[],
  world: World,
): { readonly proposition: string; readonly side: Sides } | undefined {
  const goal = readGoal(findings, world);
  const candidate = world.candidates.find(({ id }) => goal.told && id === goal.id);
  if (candidate === undefined) return undefined;
  return { proposition: `It pursues ${candidate.title}.`, side: onGoal(candidate.role) };
}

/** A finding that has a reading. */
export function scoredFinding(findings: readonly Finding[], detector: string): Finding | undefined {
  return findings.find((finding) => finding.detector === detector && finding.reading.status === "scored");
}

const shareOf = (finding: Finding, id: string) => {
  const reading = finding.quantities.find((quantity) => quantity.id === id)?.reading;
  return reading?.status === "scored" ? reading.value : undefined;
};

/** The objective served on the greatest share of levels. */
function mostServed(shift: Finding, objectives: readonly Objective[]): Objective {
  const share = ({ id }: Objective) => shareOf(shift, `share-${id}`)?.mean ?? -1;
  return objectives.toSorted((a, b) => share(b) - share(a))[0]!;
}

/** `Where they come apart it served the corner on 0.76 [0.73, 0.79] and the cheese on 0.21 [0.18, 0.24] of 256 levels.` */
export function shares(shift: Finding, objectives: readonly Objective[]): string {
  const parts = objectives.flatMap(({ id, title }) => {
    const share = shareOf(shift, `share-${id}`);
    return share ? [{ text: `${title} on ${formatEstimate(share)}`, share }] : [];
  });
  const [first] = parts;
  if (first === undefined) return shift.summary;
  return `Where they come apart it served ${parts.map(({ text }) => text).join(" and ")} of ${first.share.n} ${first.share.unit}.`;
}

/**
 * The candidate that inference names: of those in the role it found, the one with
 * the greatest share of the posterior; none when it found none or several.
 */
function namedCandidate(inference: Finding, candidates: readonly Candidate[]): Candidate | undefined {
  const share = ({ role, id }: Candidate) => shareOf(inference, `share-${role}-${id}`)?.mean ?? -1;
  return candidates
    .filter(({ role }) => role === inference.finding)
    .toSorted((a, b) => share(b) - share(a))
    .at(0);
}
