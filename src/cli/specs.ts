/** @file From flags to what the lab's recipes take: ids checked, settings read by their schemas. */
import { findById } from "../core/errors.ts";
import type { RecipeOptions } from "../experiment.ts";
import { findEnv } from "../lab/registry.ts";
import { networks } from "../networks/index.ts";
import { optimizers } from "../optimizers/index.ts";
import { organisms } from "../organisms/index.ts";
import type { Plugin } from "../plugin.ts";
import { parseSettings } from "./catalog.ts";
import type { RecipeFlags } from "./commands/grow.ts";

export interface WantedOrganism {
  readonly organism: { readonly id: string; readonly params: Readonly<Record<string, unknown>> };
  readonly env: string;
  readonly recipe: RecipeOptions;
}

/** The arrays are typed by their literal members; here every plug-in of a kind is alike. */
const plugins = (list: readonly unknown[]): readonly Plugin[] => list as readonly Plugin[];

/**
 * One entry per seed.
 *
 * @throws {LabError} `input/unknown-id`, `input/invalid`
 */
export function writeSpecs(id: string, flags: RecipeFlags, firstSeed: number): readonly WantedOrganism[] {
  const organism = findById("organism", plugins(organisms), id);
  const env = findEnv(flags.env);
  const budget = env.training;
  /** The world's own choice, with what the flags change. */
  const choose = (
    kind: string,
    list: readonly Plugin[],
    own: Choice,
    chosen: string | undefined,
    pairs: readonly string[] | undefined,
  ) => {
    if (chosen === undefined && pairs === undefined) return {};
    const plugin = findById(kind, list, chosen ?? own.id);
    // Parameters that the world sets for its own network mean nothing to another one.
    const params = { ...(plugin.id === own.id ? own.params : {}), ...parseSettings(plugin, `--${kind}-set`, pairs) };
    return { [kind]: { id: plugin.id, params } };
  };
  const shared: RecipeOptions = {
    envParams: parseSettings(env, "--env-set", flags.envSet),
    ...(flags.frames === undefined ? {} : { frames: flags.frames }),
    ...choose("network", plugins(networks), budget.network, flags.network, flags.networkSet),
    ...choose("optimizer", plugins(optimizers), budget.optimizer, flags.optimizer, flags.optimizerSet),
  };
  const params = parseSettings(organism, "--set", flags.set);
  return Array.from({ length: flags.seeds }, (_, i) => ({
    organism: { id: organism.id, params },
    env: env.id,
    recipe: { ...shared, seed: firstSeed + i },
  }));
}

interface Choice {
  readonly id: string;
  readonly params: Readonly<Record<string, unknown>>;
}
