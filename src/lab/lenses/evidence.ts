/**
 * @file Gathering what lenses are told: once for each agent, the same for every lens, and with nothing in it that acts.
 *
 * Kin that never was the agent, and networks fitted to each goal, belong to a recipe and not to one seed of it: they
 * are grown through the lab and measured once.
 */
import { type Rng, rng } from "../../core/rng.ts";
import { DECOUPLED, type World } from "../../env.ts";
import type { Lab } from "../../experiment.ts";
import type { LensEvidence, Member, Solution } from "../../lens.ts";
import { initializeBlank } from "../../network.ts";
import type { OrganismRecord, TrainingSpec } from "../../organism.ts";
import { drawLevels } from "../../rollout.ts";
import type { Subject } from "../../subject.ts";
import { levelsSeen } from "../grow.ts";
import { makeNetwork } from "../registry.ts";
import { type Grounds, inDistribution, perturbed, rewardOf, twinOf, withLeaning } from "./kin.ts";
import { divergence, drawLesson, valleyOf } from "./valleys.ts";

/** How much is gathered; the same for every agent of an experiment. */
export interface LensBudget {
  /** Training levels on which agent and kin are watched. */
  readonly levels: number;
  /** Distinguishing levels of the training split on which random and early networks are. */
  readonly probes: number;
  readonly perturbed: number;
  readonly random: number;
  /** Early networks: so many seeds, after this share of the training's frames. */
  readonly early: number;
  readonly earlyShare: number;
  /** Networks fitted to each goal, and gradient steps of each, of no more frames than the agent itself was trained on. */
  readonly fitted: number;
  readonly steps: number;
  /** Draws of each chain that samples the loss around a fitted network. */
  readonly draws: number;
}

/** States of a gradient step in fitting a network to a goal, and of the loss around it. */
const BATCH = 128;
const RATE = 3e-3;
/** Sizes of perturbations, in turn: shares of the size of each tensor. */
const NUDGES = [0.1, 0.3] as const;
/** Training seeds of early and fitted networks begin here, far from those of agents. */
const EARLY_SEED = 10_000;
const FITTED_SEED = 20_000;

/** Other seeds of the same recipe, and what a benchmark said of each (the agent among them) where one picked the agent. */
export interface Siblings {
  readonly records: readonly OrganismRecord[];
  readonly scores?: readonly number[];
}

export interface Gatherer {
  evidence(record: OrganismRecord, siblings: Siblings): Promise<LensEvidence>;
}

/** Shares of the training after which an agent's own checkpoints are looked at. */
const EARLIER = [1 / 8, 1 / 4, 1 / 2] as const;

/** Gathers evidence, remembering what agents share. */
export function lensGatherer(lab: Lab, budget: LensBudget, seed: number): Gatherer {
  const root = rng(seed).fork("lens evidence");
  const ancestors = remembering<readonly Member[]>();
  const solutions = remembering<readonly Solution[]>();
  const inTheEnd = remembering<Watched>();
  const watch = (record: OrganismRecord) => inTheEnd(record.run, () => watched(lab, record, budget, root));
  return {
    async evidence(record, { records, scores }) {
      const { organism: _, seed: __, keep: ___, ...training } = record.spec;
      const recipe = JSON.stringify(training);
      const own = await watch(record);
      const { grounds, subject } = own;
      const benchmark = (run: string) => {
        const score = scores?.[records.findIndex((each) => each.run === run)];
        return score === undefined ? {} : { benchmark: score };
      };
      const earlier: Member[] = [];
      for (const share of EARLIER) {
        const at = record.checkpoints.find(
          ({ frames }) => frames < record.spec.frames && frames >= share * record.spec.frames,
        );
        if (!at) continue;
        const then = await lab.subject(record, at);
        earlier.push((await inDistribution("earlier", then, grounds, own.rng.fork(`earlier ${share}`))).member);
      }
      const reseeded: Member[] = [];
      for (const each of records) {
        if (each.run === record.run) continue;
        reseeded.push({ ...(await watch(each)).member, kinship: "reseeded", ...benchmark(each.run) });
      }
      const cloud = [
        { ...own.member, ...benchmark(record.run) },
        ...earlier,
        ...reseeded,
        ...(await perturbedKin(subject, record.spec, grounds, budget, own.rng)),
        ...(await ancestors(recipe, () => ancestorsOf(lab, subject, record.spec, grounds, budget, root.fork(recipe)))),
      ];
      return {
        world: grounds.world,
        training,
        levels: grounds.levels,
        decisions: own.decisions,
        cloud,
        solutions: await solutions(JSON.stringify([training.task, training.network, training.frames]), () =>
          solutionsOf(lab, subject, record.spec, grounds.world, budget, root),
        ),
        curve: record.curve,
      };
    },
  };
}

interface Watched extends Awaited<ReturnType<typeof inDistribution>> {
  readonly subject: Subject;
  readonly grounds: Grounds;
  readonly rng: Rng;
}

/** The agent on training levels: its own, where it only ever saw a few. */
async function watched(lab: Lab, record: OrganismRecord, budget: LensBudget, root: Rng): Promise<Watched> {
  const { spec } = record;
  const world = lab.world(spec.task);
  const own = root.fork(record.run);
  const seen = levelsSeen(spec);
  const grounds: Grounds = {
    world,
    reward: rewardOf(spec, world),
    levels: seen.length > 0 ? seen : drawLevels(world, budget.levels, spec.mixture, "train", root.fork("levels")),
    probes: drawLevels(world, budget.probes, DECOUPLED, "train", root.fork("probes")),
  };
  const subject = await lab.subject(record);
  return { ...(await inDistribution("agent", subject, grounds, own.fork("agent"))), subject, grounds, rng: own };
}

async function perturbedKin(
  subject: Subject,
  spec: TrainingSpec,
  grounds: Grounds,
  budget: LensBudget,
  random: Rng,
): Promise<readonly Member[]> {
  const twin = twinOf(subject, spec, grounds.world);
  const members: Member[] = [];
  for (let i = 0; twin && i < budget.perturbed; i++) {
    const stream = random.fork(`perturbed ${i}`);
    const other = twin(perturbed(subject.inside!.weights, NUDGES[i % NUDGES.length]!, stream.fork("weights")));
    members.push((await inDistribution("perturbed", other, grounds, stream.fork("play"))).member);
  }
  return members;
}

/** Random networks of the architecture, and other seeds after a small share of the training, where it was trained at all. */
async function ancestorsOf(
  lab: Lab,
  subject: Subject,
  spec: TrainingSpec,
  grounds: Grounds,
  budget: LensBudget,
  random: Rng,
): Promise<readonly Member[]> {
  const members: Member[] = [];
  const twin = twinOf(subject, spec, grounds.world);
  const network = makeNetwork(spec.network, grounds.world);
  for (let i = 0; twin && i < budget.random; i++) {
    const stream = random.fork(`random ${i}`);
    members.push(
      await withLeaning("random", twin(initializeBlank(network, stream.fork("weights"))), grounds, stream.fork("play")),
    );
  }
  if (spec.frames === 0) return members;
  const early = await lab.grow(
    Array.from(
      { length: budget.early },
      (_, i): TrainingSpec => ({
        ...without(spec, "keep"),
        frames: Math.ceil(spec.frames * budget.earlyShare),
        seed: EARLY_SEED + i,
      }),
    ),
  );
  for (const [i, record] of early.entries()) {
    members.push(await withLeaning("early", await lab.subject(record), grounds, random.fork(`early ${i}`)));
  }
  return members;
}

/** Networks of the architecture shown the way of each objective, where it was trained and can be looked into. */
async function solutionsOf(
  lab: Lab,
  subject: Subject,
  spec: TrainingSpec,
  world: World,
  budget: LensBudget,
  root: Rng,
): Promise<readonly Solution[]> {
  if (spec.frames === 0 || !subject.inside) return [];
  const wanted = world.objectives.flatMap(({ id }, objective) =>
    Array.from({ length: budget.fitted }, (_, i) => ({
      objective,
      i,
      spec: fittedTo(lab, id, spec, budget, FITTED_SEED + i),
    })),
  );
  const records = await lab.grow(wanted.map((each) => each.spec));
  const lessons = world.objectives.map(({ id }) => drawLesson(world, id, BATCH, root.fork("lesson")));
  const found: Solution[] = [];
  for (const [k, { objective, i }] of wanted.entries()) {
    const record = records[k]!;
    const lesson = lessons[objective]!;
    const begun = (await lab.subject(record, record.checkpoints[0])).inside;
    const { inside, shape } = await lab.subject(record);
    if (!inside || !begun) continue;
    // The same nudges for both goals: what differs is the network.
    const valley = await valleyOf(inside, shape, lesson, root.fork(`valley ${i}`), budget.draws);
    found.push({ objective, early: await divergence(begun, shape, lesson), ...valley });
  }
  return found;
}

/** The way of one objective, by imitation on levels half of which tell the objectives apart. */
function fittedTo(lab: Lab, objective: string, spec: TrainingSpec, { steps }: LensBudget, seed: number): TrainingSpec {
  const ticks = spec.optimizer.id === "cloning" ? spec.optimizer.params.ticks : undefined;
  return lab.recipe("graded", spec.task.env, {
    seed,
    envParams: spec.task.params,
    params: { strength: 0, alpha: 0.5 },
    frames: Math.min(steps * BATCH, spec.frames),
    network: spec.network,
    optimizer: {
      id: "cloning",
      params: { objective, batch: BATCH, rate: RATE, ...(ticks === undefined ? {} : { ticks }) },
    },
  });
}

/** What a key gives, found once. */
function remembering<T>(): (key: string, find: () => Promise<T>) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key, find) => {
    const found = known.get(key) ?? find();
    known.set(key, found);
    return found;
  };
}

/** A spec without one of its members. */
function without<K extends keyof TrainingSpec>(spec: TrainingSpec, name: K): Omit<TrainingSpec, K> {
  const { [name]: _, ...rest } = spec;
  return rest;
}
