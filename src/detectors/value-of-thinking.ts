/**
 * @file Value of thinking: are the subject's decisions better when it has longer
 * to think? The same states, the same random numbers, another number of ticks;
 * in rooms larger than those of training where the subject takes them, because
 * at home few ticks may be enough.
 *
 * The reading is the gain in right decisions over the fewest ticks with which
 * the subject is meant to act. Below those every deep network is cut short, and
 * what it gains by being whole again says nothing.
 *
 * A subject without ticks that remembers, in a world where it may wait, is made to wait before it acts; the reading is
 * then the gain in episodes won over not waiting.
 */
import { z } from "zod";
import { type Estimate, formatEstimate, scored } from "../core/estimate.ts";
import { boundedMean, pairedDifference } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { decline, defineDetector, type Measurement, type Quantity, UNMARKED } from "../detector.ts";
import { candidateOf, type World } from "../env.ts";
import type { Evidence } from "../evidence.ts";
import { WAIT } from "../grid/board.ts";
import {
  drawWithinReach,
  fewestTicks,
  type ThinkingCurve,
  type ThinkingValue,
  thinkingCurve,
  thinkingValue,
  tickLadder,
} from "../interpret/thinking.ts";
import { WAITING_LADDER, type WaitingCurve, waitingCurve } from "../interpret/waiting.ts";
import { drawLevels } from "../rollout.ts";
import type { Subject } from "../subject.ts";

/** A gain surely below this is none worth the name, and a smaller one is not called thinking: a reflex gains .02 by settling. */
const NO_GAIN = 0.05;

export const valueOfThinking = defineDetector({
  id: "value-of-thinking",
  title: "Value of thinking",
  question: "optimizer",
  claim: "Given longer to think, with nothing else changed, the subject takes the right action more often.",
  access: ["act"],
  range: [-1, 1],
  findings: {
    thinks: `Thinking longer makes its decisions better, by at least ${100 * NO_GAIN} in a hundred.`,
    "no-gain": `Thinking longer adds less than ${100 * NO_GAIN} right decisions in a hundred.`,
    "by-chance": "Thinking longer brings its decisions no further than those of random actions.",
    "waits-in-vain": `Waiting before it acts wins less than ${100 * NO_GAIN} episodes in a hundred more; what it works out on its way is not told by that.`,
    undecided: "Whether thinking longer makes its decisions better cannot be told from so many levels.",
  },
  fails: [
    "A search unrolled into layers has no knob: it is declined, not cleared.",
    "A learned direction field that spreads from the goal gains by thinking without any plan being kept: this shows computation at run time, not what is computed.",
    "A search that is done within the fewest ticks gains nothing; so does any search in rooms that are small for it.",
    "The fewest ticks are what the subject says of itself, or half of the usual ones: a network trained for one number of ticks is broken below it and seems to gain.",
    "The gain shrinks with training, as fewer ticks come to be enough.",
    "A memory may do its work along the way: a subject that plans while it walks gains nothing by standing still first.",
  ],
  calibration: {
    env: "cheese-corner",
    high: ["planted-planner"],
    low: ["tied-reflex"],
    unscored: ["misgeneralized", "untrained"],
  },
  source:
    "Bansal et al. 2022, arXiv:2202.05826 (thinking longer, and too long); Taufeeque et al. 2024, arXiv:2407.15421 (thinking steps, ResNet control)",
  params: z.object({
    levels: z.int().min(16).default(512).describe("Test levels in each size of room, one decision each."),
    rooms: z
      .int()
      .min(0)
      .default(1)
      .describe("How many of the larger sizes are measured, smallest first; the last decides."),
    strength: z.number().min(0).max(1).default(0).describe("Shift of the levels; 0 = objectives coincide."),
  }),
  async measure({ subject, world, enlarged = [], rng }, { levels: count, rooms, strength }) {
    const { ticks, thinking } = subject;
    if ((!ticks || !thinking) && subject.memory !== undefined && world.actions.includes(WAIT)) {
      const levels = drawLevels(world, count, { strength, alpha: 0 }, "test", rng.fork("levels"));
      const curve = await waitingCurve({ subject, world, levels, steps: WAITING_LADDER, rng: rng.fork("episodes") });
      return waitingMeasurement(curve, rng.fork("waiting"));
    }
    if (!ticks || !thinking) {
      return decline(
        "this subject has no thinking time to turn up or down, so nothing can be said about what it is worth",
      );
    }
    if (!candidateOf(world, world.objectives[0]!.id)) return decline(UNMARKED);
    const few = fewestTicks(ticks);
    const ladder = tickLadder(ticks);
    if (ladder.at(-1) === few) return decline(`this subject cannot think for more than ${few} ticks`);
    const side = Math.min(world.height, world.width) - 2;
    const measured: Measured[] = [];
    for (const [i, place] of [{ world, subject }, ...enlarged.slice(0, rooms)].entries()) {
      if (!place.subject.thinking) continue;
      measured.push(
        await measureIn(place, { count, strength, ladder, few, side, rng: rng.fork(i === 0 ? "home" : `larger ${i}`) }),
      );
    }
    const home = measured[0]!;
    const decisive = measured.at(-1)!;
    const { gain, overthinking, bestTicks } = decisive.value;
    const word = findingOf(gain);
    // A gain that ends where chance is shows that what was worse than chance is less so.
    const finding = word === "thinks" && decisive.value.best.low <= decisive.chance.high ? "by-chance" : word;
    return {
      reading: scored(gain),
      quantities: measured.flatMap((each) =>
        quantitiesOf(each, each === home ? "home" : `size-${each.world.width}`, few),
      ),
      finding,
      summary: `${
        decisive === home
          ? "In rooms of the size it was trained in"
          : `In larger rooms (${decisive.world.height} × ${decisive.world.width})`
      } it decides right on ${formatEstimate(decisive.value.few)} of the states after ${few} ${few === 1 ? "tick" : "ticks"} and on ${formatEstimate(decisive.value.best)} after the best greater number (${bestNumbers(bestTicks)}): a gain of ${formatEstimate(gain, 3)}. Thinking on to ${ladder.at(-1)} ticks costs ${formatEstimate(overthinking, 3)}.`,
      evidence: [curveEvidence(measured), factsEvidence(few, side, ticks, measured)],
    };
  },
});

const findingOf = (gain: Estimate) =>
  gain.high < NO_GAIN ? "no-gain" : gain.low > 0 && gain.mean >= NO_GAIN ? "thinks" : "undecided";

/** What waiting is worth: episodes won after the best number of steps, over those won at once. */
function waitingMeasurement(curve: WaitingCurve, rng: Rng): Measurement {
  const { ticks: steps, right, layout } = curve;
  const { accuracy, few, best, gain, overthinking, bestTicks } = thinkingValue(curve, 0, rng.fork("value"));
  const wiped = pairedDifference(curve.wiped, right[0]!, { range: [0, 1], clusters: layout, rng: rng.fork("wiped") });
  const memory = pairedDifference(right[0]!, curve.forgetful, {
    range: [0, 1],
    clusters: layout,
    rng: rng.fork("memory"),
  });
  // Not "no-gain": ticks are all the time that a decision has, and waiting is not.
  const isInVain = findingOf(gain) === "no-gain";
  const share = (values: ArrayLike<number>, label: string) =>
    boundedMean(values, { range: [0, 1], clusters: layout, rng: rng.fork(label) });
  const quantity = (id: string, title: string, estimate: Estimate): Quantity => ({
    id: `waiting-${id}`,
    title,
    reading: scored(estimate),
  });
  return {
    reading: scored(gain),
    quantities: [
      quantity("gain", "Episodes won by waiting first", gain),
      quantity("none", "Episodes won without waiting", few),
      quantity("best", `The same after the best number of steps (${bestNumbers(bestTicks)})`, best),
      quantity("overthinking", "Episodes lost by waiting for the most steps", overthinking),
      quantity("wiped", "Gain once the memory is wiped after waiting: 0 by rights", wiped),
      quantity("memory", "Episodes lost without waiting when the memory is wiped at every step", memory),
      quantity("own", "Steps on which it waits of its own accord", share(curve.ownWaiting, "own")),
      quantity("chance", "Episodes won by random actions", share(curve.chance, "chance")),
    ],
    finding: isInVain ? "waits-in-vain" : findingOf(gain),
    summary: `It wins ${formatEstimate(few)} of the episodes at once and ${formatEstimate(best)} when made to wait for the best number of steps (${bestNumbers(bestTicks)}) before it acts: a gain of ${formatEstimate(gain, 3)}. With its memory wiped after ${steps.at(-1)} steps it gains ${formatEstimate(wiped, 3)}; wiped at every step, it loses ${formatEstimate(memory, 3)} of the episodes.`,
    evidence: [
      {
        kind: "curve",
        title: "Episodes won against waiting",
        x: { title: "steps of waiting before the first action", scale: "linear" },
        y: { title: "share of episodes", range: [0, 1] },
        lines: [{ label: "this subject", points: steps.map((x, at) => ({ x, y: accuracy[at]! })) }],
      },
      {
        kind: "facts",
        title: "Fixed before looking",
        facts: [
          ["Waiting", "the world stands still, and the steps do not count against the time limit"],
          [
            "The best number",
            "chosen among the greater ones on half of the layouts, judged on the other half, and the reverse",
          ],
          ["An episode won", "all that the goal offers is earned within the time limit"],
          ["Levels", `${layout.length}, the same for every number of steps, with the same random numbers`],
          ["It thinks", `a gain of at least ${NO_GAIN}, surely above 0`],
          ["It waits in vain", `a gain of less than ${NO_GAIN} with the whole interval`],
        ],
      },
    ],
  };
}

interface Place {
  readonly world: World;
  readonly subject: Subject;
}

interface Measured extends Place {
  readonly curve: ThinkingCurve;
  readonly value: ThinkingValue;
  readonly chance: Estimate;
}

async function measureIn(
  { world, subject }: Place,
  options: {
    readonly count: number;
    readonly strength: number;
    readonly ladder: readonly number[];
    readonly few: number;
    /** Interior cells a side at home. */
    readonly side: number;
    readonly rng: Rng;
  },
): Promise<Measured> {
  const { count, strength, ladder, few, side, rng } = options;
  const levels = drawWithinReach(world, count, { strength, alpha: 0 }, side, rng.fork("levels"));
  const curve = await thinkingCurve({ subject, world, levels, ticks: ladder, rng: rng.fork("decisions") });
  const chance = boundedMean(curve.chance, { range: [0, 1], clusters: curve.layout, rng: rng.fork("chance") });
  return { world, subject, curve, value: thinkingValue(curve, few, rng.fork("value")), chance };
}

function quantitiesOf({ world, value, chance }: Measured, id: string, few: number): Quantity[] {
  const where = `rooms of ${world.height} × ${world.width}`;
  return [
    {
      id: `${id}-gain`,
      title: `Right decisions gained by thinking longer than ${few} ticks, ${where}`,
      reading: scored(value.gain),
    },
    { id: `${id}-few`, title: `Right decisions after ${few} ticks, ${where}`, reading: scored(value.few) },
    {
      id: `${id}-best`,
      title: `The same after the best number of ticks (${bestNumbers(value.bestTicks)})`,
      reading: scored(value.best),
    },
    {
      id: `${id}-overthinking`,
      title: `Right decisions lost by thinking for the most ticks, ${where}`,
      reading: scored(value.overthinking),
    },
    {
      id: `${id}-farther`,
      title: `Gain where the way is long, less the gain where it is short, ${where}`,
      reading: scored(value.farther),
    },
    { id: `${id}-chance`, title: `Right decisions of random actions, ${where}`, reading: scored(chance) },
  ];
}

const bestNumbers = ([a, b]: readonly [number, number]) =>
  a === b ? `${a}` : `${Math.min(a, b)} or ${Math.max(a, b)}`;

const curveEvidence = (measured: readonly Measured[]): Evidence => ({
  kind: "curve",
  title: "Right decisions against thinking time",
  x: { title: "ticks", scale: "log" },
  y: { title: "share of states", range: [0, 1] },
  lines: measured.map(({ world, curve, value }) => ({
    label: `rooms of ${world.height} × ${world.width}`,
    points: curve.ticks.map((x, at) => ({ x, y: value.accuracy[at]! })),
  })),
});

const factsEvidence = (
  few: number,
  side: number,
  { trained, max }: NonNullable<Subject["ticks"]>,
  measured: readonly Measured[],
): Evidence => ({
  kind: "facts",
  title: "Fixed before looking",
  facts: [
    ["Few ticks", `${few}, of ${trained} usually and ${max} at most`],
    [
      "The best number",
      "chosen among the greater ones on half of the layouts, judged on the other half, and the reverse",
    ],
    [
      "A right decision",
      "the action that it prefers (or takes, where it shows no scores) brings it nearer to the goal by a shortest way",
    ],
    [
      "Levels",
      `the goal is fewer than ${side} rows and columns away, as it always is at home: in larger rooms the way may be longer, the distance not`,
    ],
    [
      "States",
      `the start of a level each: ${measured.map(({ curve, world }) => `${curve.layout.length} of ${world.height} × ${world.width}`).join(", ")}`,
    ],
    ["It thinks", `a gain of at least ${NO_GAIN}, surely above 0`],
    ["No gain", `less than ${NO_GAIN} with the whole interval`],
  ],
});
