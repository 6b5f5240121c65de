/**
 * @file From a policy file to what an audit needs: the subject, its world, and
 * an untrained network of the same architecture where the file names one.
 */
import { LabError } from "../core/errors.ts";
import { rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import { initializeBlank } from "../network.ts";
import { type OpenedPolicy, openPolicy } from "../policy/file.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import type { PolicyDeclaration } from "../policy/interface.ts";
import type { Subject } from "../subject.ts";
import type { TaskSpec } from "../task.ts";
import type { Executor } from "../tensor/index.ts";
import { makeNetwork, makeWorld } from "./registry.ts";

export interface OpenedSubject extends OpenedPolicy {
  readonly world: World;
  /** Starting weights of the same architecture: a baseline, not what this subject started from. */
  readonly untrained?: Subject;
}

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
  if (!architecture) return { ...opened, world };
  const untrained = untrainedOf(architecture, world, executor, options.seed);
  if (typeof untrained === "string") {
    return {
      ...opened,
      world,
      notes: [...opened.notes, `There is no untrained network to compare with: ${untrained}`],
    };
  }
  return { ...opened, world, untrained };
}

/** An untrained network of an architecture, or why there is none: a file may name one of a later version. */
function untrainedOf(
  architecture: { readonly id: string; readonly params: Readonly<Record<string, unknown>> },
  world: World,
  executor: Executor,
  seed: number,
): Subject | string {
  try {
    const network = makeNetwork(architecture, world);
    const weights = initializeBlank(network, rng(seed).fork("untrained baseline"));
    return networkSubject(network, weights, policyShape(world), executor);
  } catch (error) {
    if (error instanceof LabError) return error.message;
    throw error;
  }
}
