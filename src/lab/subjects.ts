/**
 * @file From a policy file to what an audit needs: the subject, its world, the
 * same weights in larger rooms where they fit, and, where the file names an
 * architecture of ours, the network itself with its knob and an untrained one.
 */
import { LabError } from "../core/errors.ts";
import { rng } from "../core/rng.ts";
import { COUPLED, type EnvPlugin, type World } from "../env.ts";
import { envs } from "../envs/index.ts";
import { initializeBlank, type Network, type Weights } from "../network.ts";
import { parseParams } from "../plugin.ts";
import { type OpenedPolicy, openPolicy } from "../policy/file.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import type { PolicyDeclaration } from "../policy/interface.ts";
import { inLargerRoom } from "../policy/larger.ts";
import { toLogits } from "../policy/scores.ts";
import { copyLevel, drawLevels } from "../rollout.ts";
import type { Subject } from "../subject.ts";
import type { TaskSpec } from "../task.ts";
import type { Executor } from "../tensor/index.ts";
import { makeNetwork, makeWorld } from "./registry.ts";

/** The same weights in a larger room of the same world. */
export interface Enlarged {
  readonly world: World;
  readonly subject: Subject;
}

export interface OpenedSubject extends OpenedPolicy {
  readonly world: World;
  /** Starting weights of the same architecture: a baseline, not what this subject started from. */
  readonly untrained?: Subject;
  /** Where the network takes larger rooms with the weights it has; smallest first. */
  readonly enlarged?: readonly Enlarged[];
}

/** How much larger the larger rooms are, in cells a side: even, since sizes of mazes are odd. */
const LARGER = [4, 8] as const;

/**
 * Open a policy file for a task.
 *
 * @param seed of the untrained baseline's weights
 * @throws {LabError} see {@link openPolicy}
 */
export async function openSubject(
  bytes: Uint8Array,
  task: TaskSpec,
  executor: Executor,
  options: { readonly seed: number; readonly declared?: PolicyDeclaration },
): Promise<OpenedSubject> {
  const world = makeWorld(task);
  const opened = await openPolicy(bytes, world, executor, options.declared);
  const architecture = opened.metadata?.network;
  if (!architecture) return { ...opened, world, ...largerRooms(opened.subject, task) };
  const network = refusable(() => makeNetwork(architecture, world));
  if (typeof network === "string") {
    const note = `There is no untrained network to compare with: ${network}`;
    return { ...opened, world, notes: [...opened.notes, note] };
  }
  const shape = policyShape(world);
  const untrained = networkSubject(
    network,
    initializeBlank(network, rng(options.seed).fork("untrained baseline")),
    shape,
    executor,
  );
  const weights = await ownWeights(opened.subject, network, world, executor);
  // A file whose inside is not that of its architecture has other sites: the twin can be played, not looked into.
  if (!weights) return { ...opened, world, untrained: closed(untrained) };
  const { id } = opened.subject;
  const enlarged = LARGER.flatMap((more) => {
    const larger = refusable(() => enlargedWorld(task, more));
    if (typeof larger !== "object") return [];
    const grown = refusable(() => makeNetwork(architecture, larger));
    if (typeof grown === "string" || !hasShapesOf(grown, network)) return [];
    const larges = policyShape(larger);
    return [{ world: larger, subject: networkSubject(grown, weights, larges, executor, `${id}#size=+${more}`) }];
  });
  return {
    ...opened,
    subject: networkSubject(network, weights, shape, executor, id),
    world,
    untrained,
    ...(enlarged.length > 0 ? { enlarged } : {}),
  };
}

/** A network of unknown making in larger rooms, where nothing in it is tied to the size of its own. */
function largerRooms(subject: Subject, task: TaskSpec): Pick<OpenedSubject, "enlarged"> {
  const enlarged = LARGER.flatMap((more) => {
    const larger = refusable(() => enlargedWorld(task, more));
    if (typeof larger !== "object") return [];
    const grown = inLargerRoom(subject, policyShape(larger), `${subject.id}#size=+${more}`);
    return grown ? [{ world: larger, subject: grown }] : [];
  });
  return enlarged.length > 0 ? { enlarged } : {};
}

/** A subject that is asked for its scores alone. */
function closed({ inside: _, ...subject }: Subject): Subject {
  return { ...subject, access: new Set((["act", "logits"] as const).filter((each) => subject.access.has(each))) };
}

/**
 * A file's weights as those of a network of ours, where they have its names and
 * sizes and the network says what the file says; else the file stays what it is.
 */
async function ownWeights(
  { inside, logits, shape }: Subject,
  network: Network,
  world: World,
  executor: Executor,
): Promise<Weights | undefined> {
  const names = Object.keys(network.parameters);
  const weights = inside?.weights ?? {};
  const fits =
    Object.keys(weights).length === names.length &&
    names.every((name) => weights[name]?.length === product(network.parameters[name]!.shape));
  if (!fits || !logits) return undefined;
  const batch = world.batch(TRIALS);
  for (const [slot, level] of drawLevels(
    world,
    TRIALS,
    COUPLED,
    "train",
    rng(0).fork("trial of an architecture"),
  ).entries()) {
    copyLevel(level, batch.levels[slot]!);
    batch.start(slot, rng(slot));
  }
  const count = TRIALS * shape.actions;
  const said = (await logits(batch.observations, TRIALS)).slice(0, count);
  // A file's scores come with a floor below the highest of a row, those of a network without one.
  const own = await networkSubject(network, weights, shape, executor).logits!(batch.observations, TRIALS);
  const ours = toLogits(own.slice(0, count), shape.actions, "logits", "logits");
  const scale = said.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return said.every((value, i) => Math.abs(value - ours[i]!) <= TOLERANCE * scale) ? weights : undefined;
}

/** Observations on which a network of ours must say what the file says. */
const TRIALS = 16;
/** Relative to the largest score: kernels differ in rounding alone. */
const TOLERANCE = 1e-4;

/** The same world with more cells a side, or undefined where the world has no `size`. */
function enlargedWorld(task: TaskSpec, more: number): World | undefined {
  const plugin = (envs as readonly unknown[] as readonly EnvPlugin[]).find(({ id }) => id === task.env);
  const { size } = plugin ? (parseParams(plugin, task.params) as { readonly size?: unknown }) : {};
  return typeof size === "number"
    ? makeWorld({ env: task.env, params: { ...task.params, size: size + more } })
    : undefined;
}

function hasShapesOf(network: Network, other: Network): boolean {
  return Object.entries(network.parameters).every(([name, { shape }]) => {
    const own = other.parameters[name]?.shape;
    return own?.length === shape.length && shape.every((length, axis) => length === own[axis]);
  });
}

const product = (shape: readonly number[]) => shape.reduce((total, length) => total * length, 1);

/** What is made, or why it is refused: a file may name an architecture of a later version. */
function refusable<T>(make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    if (error instanceof LabError) return error.message;
    throw error;
  }
}
