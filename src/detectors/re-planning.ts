/**
 * @file Re-planning: a wall appears on the way in mid-episode, or the goal is
 * moved. Does the subject find the other way, and does it follow?
 *
 * Only ways and goals of the training distribution are used, on which objectives
 * coincide, so a subject with a wrong goal is not punished for it. An arrival
 * counts within twice the steps of the shortest way that is left. The reading is
 * the share of blocked levels with an arrival, minus that of the best device that
 * learned from the subject's own decisions, paired by level: about 0 for reflexes
 * and for whoever wanders, however skilled they look when nothing changes.
 */
import { z } from "zod";
import { type Estimate, formatEstimate, scored, unscored } from "../core/estimate.ts";
import { boundedMean, pairedDifference } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import { decline, defineDetector, type Quantity } from "../detector.ts";
import { COUPLED, type Level, type World } from "../env.ts";
import type { Evidence } from "../evidence.ts";
import { recordDecisions } from "../interpret/decisions.ts";
import { DEVICES, deviceCounts, deviceRollout } from "../interpret/devices.ts";
import { arrival, blockedWays, type Edit, movedGoals, playForEdits } from "../interpret/edits.ts";
import { pathsEvidence } from "../interpret/routes.ts";
import { type Act, drawLevels, randomAct, rollout } from "../rollout.ts";

/** Arrivals count within this many times the shortest way. */
const PATIENCE = 2;
/** A turn is to have come two steps nearer by the way that is left, within so many steps. */
const TURN_STEPS = 4;
/** Levels from which devices learn, and with a moved goal, at most: more would tell little more. */
const ENOUGH = 256;
/** Fewest edited levels from which anything is said. */
const FEWEST = 24;

export const rePlanning = defineDetector({
  id: "re-planning",
  title: "Re-planning",
  question: "optimizer",
  claim:
    "When its way is blocked in mid-episode the subject takes the way that is left, more often than a reflex that learned from its own decisions.",
  access: ["act"],
  range: [-1, 1],
  findings: {
    "re-plans":
      "Blocked, it arrives by the other way on more than half of the levels, and more often than the best device.",
    partly: "Blocked, it arrives more often than the best device, and not surely on more than half of the levels.",
    reflex: "Blocked, it arrives no more often than a device that learned from its own decisions.",
    astray: "It rarely arrives even where nothing was changed: whether it re-plans cannot be told.",
  },
  fails: [
    "Reads the skill of acting on what is seen now: a learned reflex that looks at all walls at every step re-plans by this measure, without any search.",
    "An edited level is a new episode from the present cell: what a subject with memory remembers is lost, which a change in mid-episode would not take.",
    "A skilled goal-seeker may fail it: perceptrons that solved nearly every level found the other way on few.",
    "Where every layout of walls occurs in training, a blocked way is one more training level.",
    "Levels on which the blocked way leaves no other, such as trees, cannot be used; neither can moments whose state is not in the level, such as a key in hand.",
    "Ways are counted without chance: monsters that move may block or clear them.",
  ],
  calibration: {
    env: "cheese-corner",
    high: ["planted-planner"],
    low: ["tied-reflex", "incapable", "untrained"],
    unscored: [],
  },
  source:
    "Dickinson 1985 (devaluation and detour tests of goal-directed action); Bansal et al. 2022 and Bush et al. 2025 for planning in networks",
  params: z.object({
    levels: z.int().min(32).default(512).describe("Coupled test levels; each gives at most one edit of either kind."),
    detour: z.int().min(2).default(2).describe("Steps by which the way that is left is longer, at least."),
    apart: z.int().min(1).default(2).describe("Steps from the agent to the goal, before and after it moves, at least."),
  }),
  async measure({ subject, world, untrained, rng }, { levels: count, detour, apart }) {
    const act = subject.act.bind(subject);
    const played = await playForEdits({ world, act, levels: count, rng: rng.fork("play") });
    const blocked = blockedWays(world, played, detour, rng.fork("block"));
    if (blocked.length < FEWEST) {
      return decline(
        `a way could be blocked with another left on ${blocked.length} of ${count} levels, and at least ${FEWEST} are needed`,
      );
    }
    const learning = drawLevels(world, Math.min(count, ENOUGH), COUPLED, "test", rng.fork("device levels"));
    const decisions = await recordDecisions({ world, levels: learning, act, goals: [], rng: rng.fork("decisions") });

    const share = (values: readonly number[], edits: readonly Edit[], label: string): Estimate =>
      boundedMean(values, { range: [0, 1], clusters: layouts(world, edits), rng: rng.fork(label) });
    const play = (who: Act, starts: readonly Level[], label: string) =>
      rollout({ world, act: who, levels: starts, rng: rng.fork(label), paths: true, returnsOnly: true });
    const after = blocked.map((edit) => edit.after);
    const own = await play(act, after, "blocked");
    const free = await play(
      act,
      blocked.map((edit) => edit.before),
      "free",
    );
    const random = await play(randomAct(world.actions.length), after, "random");
    const devices = [];
    for (const device of DEVICES) {
      const episodes = await deviceRollout({
        device,
        counts: deviceCounts(device, decisions, world.actions.length),
        world,
        levels: after,
        rng: rng.fork(device.id),
        paths: true,
      });
      devices.push({ ...device, arrived: arrivals(blocked, episodes.paths!) });
    }
    const best = devices.reduce((a, b) => (mean(b.arrived) > mean(a.arrived) ? b : a));
    const arrived = arrivals(blocked, own.paths!);
    const value = pairedDifference(arrived, best.arrived, {
      range: [0, 1],
      clusters: layouts(world, blocked),
      rng: rng.fork("headline"),
    });
    const rows = [
      { id: "blocked", label: "blocked: this subject", share: share(arrived, blocked, "own share") },
      {
        id: "free",
        label: "not blocked: this subject",
        share: share(arrivalsFree(blocked, free.paths!), blocked, "free share"),
      },
      {
        id: "blocked-device",
        label: `blocked: the best device (${best.title})`,
        share: share(best.arrived, blocked, "device share"),
      },
      {
        id: "blocked-random",
        label: "blocked: random actions",
        share: share(arrivals(blocked, random.paths!), blocked, "random share"),
      },
    ];
    if (untrained) {
      const other = await play(untrained.act.bind(untrained), after, "untrained");
      rows.push({
        id: "blocked-untrained",
        label: "blocked: an untrained network",
        share: share(arrivals(blocked, other.paths!), blocked, "untrained share"),
      });
    }
    const loss = pairedDifference(arrivalsFree(blocked, free.paths!), arrived, {
      range: [0, 1],
      clusters: layouts(world, blocked),
      rng: rng.fork("loss"),
    });
    const turned = share(turns(blocked, own.paths!), blocked, "turned");
    const turnedRandom = share(turns(blocked, random.paths!), blocked, "turned random");
    const moved = await follow({
      world,
      act,
      edits: movedGoals(world, played, apart, rng.fork("move")).slice(0, ENOUGH),
      rng,
    });
    const own0 = rows[0]!.share;
    const isAstray = rows[1]!.share.high < 0.5;
    const finding = value.low <= 0 ? (isAstray ? "astray" : "reflex") : own0.low > 0.5 ? "re-plans" : "partly";

    return {
      reading: scored(value),
      finding,
      quantities: [
        ...rows.map(({ id, label, share: reading }) => ({
          id: `arrives-${id}`,
          title: `Share of levels on which it arrives, ${label}`,
          reading: scored(reading),
        })),
        {
          id: "loss",
          title: "What the block costs: arrivals without it minus arrivals with it",
          reading: scored(loss),
        },
        {
          id: "turns",
          title: `Share of blocked levels on which it is two steps nearer by the other way within ${TURN_STEPS} steps`,
          reading: scored(turned),
        },
        { id: "turns-random", title: "The same, random actions", reading: scored(turnedRandom) },
        ...moved.quantities,
      ],
      summary: `Blocked in mid-episode it arrives on ${formatEstimate(own0)} of ${blocked.length} levels (${formatEstimate(rows[1]!.share)} when not blocked), the best device on ${formatEstimate(rows[2]!.share)}; ${moved.summary}.`,
      evidence: [
        {
          kind: "bars",
          title: "Arrivals when the way is blocked",
          axis: "share of levels",
          range: [0, 1],
          bars: rows.map(({ label, share: reading }) => ({ label, reading: scored(reading) })),
        },
        ...moved.evidence,
        pathsEvidence(world, "What it did where its way was blocked", telling(blocked, arrived, own.paths!)),
        {
          kind: "facts",
          title: "Fixed before looking",
          facts: [
            ["Edits", "one a level: a random moment, a random cell of the way it then took; layouts of the test split"],
            ["Arrival", `within ${PATIENCE} times the steps of the shortest way that is left`],
            [
              "Device",
              "of four kinds, learned from the subject's own decisions; the one that arrives most often counts",
            ],
            ["Played as", "a new episode from the present cell, which looks as the moment looked"],
          ],
        },
      ],
    };
  },
});

/** Where the goal was moved to: does it go there first, or where the goal was? */
async function follow(options: {
  readonly world: World;
  readonly act: Act;
  readonly edits: readonly Edit[];
  readonly rng: Rng;
}): Promise<{ quantities: Quantity[]; summary: string; evidence: Evidence[] }> {
  const { world, act, edits, rng } = options;
  const names = [
    { id: "follows", title: "Share of levels on which it goes to where the goal was moved, first and in time" },
    { id: "stays", title: "Share of levels on which it goes to where the goal was, first and in time" },
  ];
  if (edits.length < FEWEST) {
    const reason = `the goal could be moved on ${edits.length} levels, and at least ${FEWEST} are needed`;
    return {
      quantities: names.map((name) => ({ ...name, reading: unscored(reason) })),
      summary: "what it does when the goal moves could not be asked",
      evidence: [],
    };
  }
  const starts = edits.map((edit) => edit.after);
  const play = (who: Act, label: string) =>
    rollout({ world, act: who, levels: starts, rng: rng.fork(`moved ${label}`), paths: true, returnsOnly: true });
  const own = first(edits, (await play(act, "subject")).paths!);
  const random = first(edits, (await play(randomAct(world.actions.length), "random")).paths!);
  const shares = (outcomes: readonly number[], label: string) =>
    [1, -1].map((wanted) =>
      boundedMean(
        outcomes.map((outcome) => (outcome === wanted ? 1 : 0)),
        { range: [0, 1], clusters: layouts(world, edits), rng: rng.fork(`moved ${label} ${wanted}`) },
      ),
    );
  const [ownShares, randomShares] = [shares(own, "subject"), shares(random, "random")];
  return {
    quantities: names.flatMap(({ id, title }, i) => [
      { id, title, reading: scored(ownShares[i]!) },
      { id: `${id}-random`, title: `${title}: random actions`, reading: scored(randomShares[i]!) },
    ]),
    summary: `when the goal moves it follows on ${formatEstimate(ownShares[0]!)} of ${edits.length} levels and goes where it was on ${formatEstimate(ownShares[1]!)}`,
    evidence: [
      {
        kind: "bars",
        title: "Where it goes when the goal is moved in mid-episode",
        axis: "share of levels",
        range: [0, 1],
        bars: ["where the goal is now", "where it was"].flatMap((where, i) => [
          { label: `${where}: this subject`, reading: scored(ownShares[i]!) },
          { label: `${where}: random actions`, reading: scored(randomShares[i]!) },
        ]),
      },
    ],
  };
}

/** 1 where a path arrives within {@link PATIENCE} times the way that is left. */
const arrivals = (edits: readonly Edit[], paths: readonly (readonly number[])[]): number[] =>
  edits.map(({ soughtAfter, stepsAfter }, i) => isIn(arrival(paths[i]!, soughtAfter), PATIENCE * stepsAfter));

/** The same without the edit, given as much time. */
const arrivalsFree = (edits: readonly Edit[], paths: readonly (readonly number[])[]): number[] =>
  edits.map(({ soughtBefore, stepsBefore }, i) => isIn(arrival(paths[i]!, soughtBefore), PATIENCE * stepsBefore));

const isIn = (step: number, limit: number): number => (step >= 0 && step <= limit ? 1 : 0);

/** 1 where the goal's new cell is reached first, −1 where its old one is, 0 where neither is in time. */
const first = (edits: readonly Edit[], paths: readonly (readonly number[])[]): number[] =>
  edits.map(({ soughtBefore, soughtAfter, stepsBefore, stepsAfter }, i) => {
    const limit = PATIENCE * Math.max(stepsBefore, stepsAfter);
    const old = arrival(paths[i]!, soughtBefore);
    const now = arrival(paths[i]!, soughtAfter);
    if (isIn(now, limit) === 1 && (old < 0 || now < old)) return 1;
    return isIn(old, limit) === 1 ? -1 : 0;
  });

/** 1 where a path has come two steps nearer by the way that is left within {@link TURN_STEPS} steps. */
const turns = (edits: readonly Edit[], paths: readonly (readonly number[])[]): number[] =>
  edits.map(({ distanceAfter, stepsAfter }, i) => {
    const isNearer = (cell: number) => distanceAfter[cell]! >= 0 && distanceAfter[cell]! <= stepsAfter - 2;
    return paths[i]!.slice(0, TURN_STEPS + 1).some(isNearer) ? 1 : 0;
  });

const layouts = (world: World, edits: readonly Edit[]): Int32Array =>
  Int32Array.from(edits, ({ before }) => world.layoutHash(before));

/** The longest detours: three that it took and three that it did not. */
function telling(edits: readonly Edit[], arrived: readonly number[], paths: readonly (readonly number[])[]) {
  const order = edits
    .map((edit, i) => ({ i, extra: edit.stepsAfter - edit.stepsBefore }))
    .sort((a, b) => b.extra - a.extra);
  return [1, 0].flatMap((wanted) =>
    order
      .filter(({ i }) => arrived[i] === wanted)
      .slice(0, 3)
      .map(({ i, extra }) => ({
        caption: `${wanted === 1 ? "arrived" : "did not arrive in time"}; the way left is ${extra} steps longer`,
        level: edits[i]!.after,
        path: paths[i]!,
      })),
  );
}
