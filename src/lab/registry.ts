/** @file Plug-ins by id: the generated indexes, and what a spec's ids resolve to. */
import { findById } from "../core/errors.ts";
import type { EnvPlugin, World } from "../env.ts";
import { envs } from "../envs/index.ts";
import type { Network, NetworkPlugin } from "../network.ts";
import { networks } from "../networks/index.ts";
import type { OptimizerPlugin } from "../optimizer.ts";
import { optimizers } from "../optimizers/index.ts";
import type { OrganismPlugin, TrainingBudget } from "../organism.ts";
import { organisms } from "../organisms/index.ts";
import { parseParams } from "../plugin.ts";
import { policyShape } from "../policy/inference.ts";

/** What a spec says about a plug-in: its id and its parameters. */
interface Reference {
  readonly id: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The world that a task names. @throws {LabError} `input/unknown-id`, `input/invalid` */
export function makeWorld({ env, params }: { readonly env: string; readonly params?: Reference["params"] }): World {
  const plugin = findById<EnvPlugin>("environment", envs, env);
  return plugin.make(parseParams(plugin, params));
}

/** The network that a spec names, built for a world. @throws {LabError} `input/unknown-id`, `input/invalid` */
export function makeNetwork({ id, params }: Reference, world: World): Network {
  const plugin = findById<NetworkPlugin>("network", networks, id);
  return plugin.build(policyShape(world), parseParams(plugin, params));
}

/** @throws {LabError} `input/unknown-id` */
export const findOptimizer = (id: string): OptimizerPlugin => findById("optimizer", optimizers, id);

/** @throws {LabError} `input/unknown-id` */
export const findOrganism = (id: string): OrganismPlugin => findById("organism", organisms, id);

/** The training budget that an environment declares. @throws {LabError} `input/unknown-id` */
export const trainingBudget = (env: string): TrainingBudget => findById<EnvPlugin>("environment", envs, env).training;
