/** @file Plug-ins by id: the generated indexes, and what a spec's ids resolve to. */
import { findById, LabError } from "../core/errors.ts";
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

/** Environments that a user brought, with the hash of the file they came from; this process knows them by their id. */
const brought = new Map<string, { readonly env: EnvPlugin; readonly source: string }>();

/**
 * Make an environment known under its id for as long as this process lasts.
 *
 * @param source SHA-256 of the file it came from
 */
export function bringEnv(env: EnvPlugin, source: string): void {
  brought.set(env.id, { env, source });
}

/** The hash to put into a task of this environment; absent where it is the library's own. */
export function sourceOf(env: string): { readonly source?: string } {
  const source = brought.get(env)?.source;
  return source === undefined ? {} : { source };
}

/** @throws {LabError} `input/unknown-id` */
export const findEnv = (id: string): EnvPlugin =>
  findById<EnvPlugin>(
    "environment",
    [...(envs as readonly EnvPlugin[]), ...[...brought.values()].map(({ env }) => env)],
    id,
  );

/**
 * The world that a task names.
 *
 * @throws {LabError} `input/unknown-id`, `input/invalid`; `run/mismatch` when the file that defines it has changed
 */
export function makeWorld({
  env,
  params,
  source,
}: {
  readonly env: string;
  readonly params?: Reference["params"];
  readonly source?: string | undefined;
}): World {
  const known = brought.get(env);
  if (source !== undefined && known === undefined) {
    throw new LabError("input/unknown-id", `environment "${env}" came from a file of its own, which is not loaded`, {
      hint: "Name the file: --task ./my-task.ts.",
    });
  }
  if (source !== undefined && known !== undefined && known.source !== source) {
    throw new LabError(
      "run/mismatch",
      `environment "${env}": the file is not the one it was made with, got ${known.source}; expected ${source}`,
      { hint: "Restore the file as it was, or grow the organism again." },
    );
  }
  const plugin = findEnv(env);
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
export const trainingBudget = (env: string): TrainingBudget => findEnv(env).training;
