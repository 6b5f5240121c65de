/**
 * @file Steps per second of each world on one core: random actions, levels drawn
 * on every reset, and the observations of every step copied out as a policy's
 * input would be. Prints one JSON row per world.
 *
 *     node bench/env-steps.ts [env id] [seconds]
 */
import { rng } from "../src/core/rng.ts";
import { COUPLED, type EnvPlugin } from "../src/env.ts";
import { envs } from "../src/envs/index.ts";
import { parseParams } from "../src/plugin.ts";

const SLOTS = 1024;
/** Where one is set; the peer's figure is the published one, on another machine, so that no ratio is formed. */
const targets: Readonly<Record<string, { readonly target: number; readonly peer: string }>> = {
  "cheese-corner": { target: 7_000_000, peer: "JaxGMG, 13×13 on an Apple M2, as published: 3.2 million steps/s" },
};

const only = process.argv[2];
const seconds = Number(process.argv[3] ?? 2);

for (const env of envs) {
  if (only !== undefined && env.id !== only) continue;
  const plugin = env as unknown as EnvPlugin;
  const world = plugin.make(parseParams(plugin));
  const batch = world.batch(SLOTS);
  const random = rng(1);
  const actions = new Uint8Array(SLOTS);
  const copy = new Uint8Array(batch.observations.length);
  const reset = (slot: number) => {
    world.draw(batch.levels[slot]!, random, COUPLED, "train");
    batch.start(slot, random);
  };
  for (let slot = 0; slot < SLOTS; slot++) reset(slot);
  const chunk = (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      for (let slot = 0; slot < SLOTS; slot += 16) {
        let word = random.bits();
        for (let i = slot; i < slot + 16; i++) {
          actions[i] = word & 3;
          word >>>= 2;
        }
      }
      if (batch.step(actions) > 0) {
        for (let slot = 0; slot < SLOTS; slot++) if (batch.done[slot] !== 0) reset(slot);
      }
      copy.set(batch.observations);
    }
  };
  chunk(400);
  let steps = 0;
  const begin = performance.now();
  let wall = 0;
  while (wall < seconds * 1000) {
    chunk(20);
    steps += 20 * SLOTS;
    wall = performance.now() - begin;
  }
  console.log(
    JSON.stringify({
      name: `env-steps/${env.id}`,
      value: Math.round(steps / (wall / 1000)),
      unit: "steps/s",
      ...targets[env.id],
    }),
  );
}
