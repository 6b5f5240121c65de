/**
 * @file The best policy for one objective, with the choices that this objective
 * leaves open made for or against another one: how much room a goal leaves.
 */
import type { Rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { type Episodes, rollout } from "../rollout.ts";
import { pick } from "./oracle.ts";

export interface TiedOracleOptions {
  readonly world: World;
  readonly levels: readonly Level[];
  /** What is pursued first. */
  readonly objective: string;
  /** What its ties are broken by. */
  readonly intent: string;
  /** `best`: ties and idle time go to the intent; `worst`: they avoid it. */
  readonly ties: "best" | "worst";
  /** Discount per step, of both oracles and of the returns. */
  readonly gamma: number;
  readonly rng: Rng;
}

/**
 * One episode a level. Where nothing is left to gain of the objective, the idle
 * time is spent for the intent, or on actions that are not optimal for it.
 */
export function tiedOracle(options: TiedOracleOptions): Promise<Episodes> {
  const { world, objective, intent, ties, gamma, rng } = options;
  const choice = rng.fork(`ties ${ties}`);
  const all = 2 ** world.actions.length - 1;
  return rollout({
    world,
    levels: options.levels,
    rng,
    gamma,
    returnsOnly: true,
    act: async () => undefined,
    onStep(batch, actions) {
      for (let slot = 0; slot < batch.size; slot++) {
        const open = world.optimalActions(batch, slot, objective, gamma) || all;
        const wanted = world.optimalActions(batch, slot, intent, gamma);
        const preferred = open & (ties === "best" ? wanted : all & ~wanted);
        actions[slot] = pick(preferred || open, world.actions.length, choice);
      }
    },
  });
}
