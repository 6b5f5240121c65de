/**
 * @file Demonstrations for another framework: states of coupled and of shifted levels, and for each objective which moves are
 * optimal there. Run it with a folder to write to: `node demonstrations.ts data`.
 *
 * Written are raw arrays: `observations.u8` `[n, planes, height, width]`, and for each objective `<id>.f32`
 * `[n, actions]`, a distribution over the optimal moves.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COUPLED, DECOUPLED, drawLevels, makeWorld, rng, rollout } from "mesascope";

/** Discount of the oracle: what pursues the objective without loitering. */
const GAMMA = 0.97;

/** Write `levels` episodes (an even number) of random play on training levels, labeled by the oracle. */
export async function writeDemonstrations(folder: string, levels: number, seed: number): Promise<number> {
  const world = makeWorld({ env: "cheese-corner" });
  const stride = world.planes.length * world.height * world.width;
  const observations: Uint8Array[] = [];
  const labels = world.objectives.map((): number[] => []);
  const random = rng(seed);
  await rollout({
    world,
    // Both kinds: where the cheese never lay in the corner, a policy would not know it there.
    levels: [
      ...drawLevels(world, levels / 2, DECOUPLED, "train", random.fork("shifted levels")),
      ...drawLevels(world, levels / 2, COUPLED, "train", random.fork("coupled levels")),
    ],
    rng: random.fork("play"),
    // Random play comes by where a good policy never is, and where it finds itself after a mistake.
    act: async (_, n, choice, actions) => {
      for (let i = 0; i < n; i++) actions[i] = choice.int(world.actions.length);
    },
    onStep(batch, _, active) {
      for (let slot = 0; slot < batch.size; slot++) {
        const masks = world.objectives.map(({ id }) => world.optimalActions(batch, slot, id, GAMMA));
        if (active[slot]! < 0 || masks.includes(0)) continue;
        observations.push(batch.observations.slice(slot * stride, (slot + 1) * stride));
        for (const [o, mask] of masks.entries()) {
          const moves = world.actions.map((_, a) => (mask >> a) & 1);
          const count = moves.reduce((sum, bit) => sum + bit, 0);
          labels[o]!.push(...moves.map((bit) => bit / count));
        }
      }
    },
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "observations.u8"), Buffer.concat(observations));
  for (const [o, { id }] of world.objectives.entries()) {
    writeFileSync(join(folder, `${id}.f32`), new Uint8Array(Float32Array.from(labels[o]!).buffer));
  }
  return observations.length;
}

if (import.meta.main) {
  const [folder = "data", levels = "8000"] = process.argv.slice(2);
  const n = await writeDemonstrations(folder, Number(levels), 0);
  console.log(`${n} states in ${folder}`);
}
