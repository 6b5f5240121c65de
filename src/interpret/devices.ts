/**
 * @file Devices: reflexes that draw an action from a table indexed by what is
 * beside or behind the agent, knowing nothing of where anything is. What a goal
 * has to beat.
 */
import type { Rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { type Episodes, rollout } from "../rollout.ts";
import type { Decisions } from "./decisions.ts";
import { blockedMoves, displacements } from "./goals.ts";

/** One kind of reflex: how many contexts it tells apart, and which one it is in. */
export interface Device {
  readonly id: string;
  readonly title: string;
  contexts(actions: number): number;
  /** @param previous the last action plus 1, 0 at the start of an episode @param blocked bit a: action a moves into a wall */
  context(previous: number, bumped: number, blocked: number): number;
}

/** From the simplest; fixed before looking, and the device class of every comparison. */
export const DEVICES: readonly Device[] = [
  { id: "heading", title: "a heading: one fixed distribution of actions", contexts: () => 1, context: () => 0 },
  {
    id: "momentum",
    title: "momentum: a distribution for each last action",
    contexts: (actions) => actions + 1,
    context: (previous) => previous,
  },
  {
    id: "bouncer",
    title: "a bouncer: a distribution for each last action and whether it bumped",
    contexts: (actions) => 2 * (actions + 1),
    context: (previous, bumped) => 2 * previous + bumped,
  },
  {
    id: "walls",
    title: "a reflex on walls: a distribution for each set of walls beside it",
    contexts: (actions) => 2 ** actions,
    context: (_, __, blocked) => blocked,
  },
];

/**
 * How often each action was taken in each context, `[contexts, actions]`.
 *
 * @param uses which decisions count, `[n]`, nonzero = yes; default: all
 */
export function deviceCounts(device: Device, decisions: Decisions, actions: number, uses?: Uint8Array): Int32Array {
  const counts = new Int32Array(device.contexts(actions) * actions);
  for (let i = 0; i < decisions.n; i++) {
    if (uses?.[i] === 0) continue;
    const context = device.context(decisions.previous[i]!, decisions.bumped[i]!, decisions.blocked[i]!);
    counts[context * actions + decisions.actions[i]!]!++;
  }
  return counts;
}

/**
 * Let a device play: one episode a level, actions drawn from (count + ½) in its
 * context.
 *
 * @param counts `[contexts, actions]`, from {@link deviceCounts}
 */
export function deviceRollout(options: {
  readonly device: Device;
  readonly counts: Int32Array;
  readonly world: World;
  readonly levels: readonly Level[];
  readonly rng: Rng;
  readonly paths?: boolean;
}): Promise<Episodes> {
  const { device, counts, world } = options;
  const deltas = displacements(world);
  const width = deltas.length;
  const draw = options.rng.fork("device");
  const previous = new Map<number, number>();
  const bumped = new Map<number, number>();
  return rollout({
    ...options,
    act: async () => undefined,
    onStep(batch, actions, active) {
      for (let slot = 0; slot < batch.size; slot++) {
        const level = active[slot]!;
        const blocked = blockedMoves(batch.levels[slot]!.walls, batch.position[slot]!, deltas);
        const row = device.context(previous.get(level) ?? 0, bumped.get(level) ?? 0, blocked) * width;
        let total = width / 2;
        for (let a = 0; a < width; a++) total += counts[row + a]!;
        let left = draw.uniform() * total;
        let action = 0;
        for (; action < width - 1; action++) {
          left -= counts[row + action]! + 0.5;
          if (left < 0) break;
        }
        actions[slot] = action;
        previous.set(level, action + 1);
        bumped.set(level, (blocked >> action) & 1);
      }
    },
  });
}
