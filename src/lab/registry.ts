/** @file Plug-ins by id: the generated indexes, and what a spec's ids resolve to. */
import { findById } from "../core/errors.ts";
import type { World } from "../env.ts";
import { envs } from "../envs/index.ts";
import type { Network } from "../network.ts";
import { networks } from "../networks/index.ts";
import type { OptimizerPlugin } from "../optimizer.ts";
import { optimizers } from "../optimizers/index.ts";
import type { OrganismPlugin, TrainingSpec } from "../organism.ts";
import { organisms } from "../organisms/index.ts";
import { type ParamsSchema, type Plugin, parseParams } from "../plugin.ts";
import { policyShape } from "../policy.ts";

/** The world that a task names. @throws {LabError} `input/unknown-id`, `input/invalid` */
export function makeWorld(task: { readonly env: string; readonly params?: Readonly<Record<string, unknown>> }): World {
  const env = findById("environment", envs, task.env);
  return env.make(parseParams(env as Plugin<ParamsSchema>, task.params) as never);
}

/** The network that a spec names, built for a world. */
export function makeNetwork({ id, params }: TrainingSpec["network"], world: World): Network {
  const plugin = findById("network", networks, id);
  return plugin.build(policyShape(world), parseParams(plugin as Plugin<ParamsSchema>, params) as never);
}

export function findOptimizer(id: string): OptimizerPlugin {
  return findById("optimizer", optimizers as readonly unknown[] as readonly OptimizerPlugin[], id);
}

export function findOrganism(id: string): OrganismPlugin {
  return findById("organism", organisms as readonly unknown[] as readonly OrganismPlugin[], id);
}

/** The environment's declared training budget. */
export function trainingBudget(env: string) {
  return findById("environment", envs, env).training;
}
