/**
 * @file Subjects of known behavior, written by hand: they see observations only,
 * as a trained policy does, and know the world's geometry. The detectors' tests
 * read their truth off the code here.
 */
import type { Rng } from "../src/core/rng.ts";
import { rng } from "../src/core/rng.ts";
import type { World } from "../src/env.ts";
import { floodSet } from "../src/grid/flood.ts";
import type { Access, Subject } from "../src/subject.ts";

/** One observation, decoded. */
export interface View {
  readonly world: World;
  /** Planes of this observation, `[planes, cells]`. */
  plane(index: number): Uint8Array;
  readonly walls: Uint8Array;
  readonly position: number;
}

/** Chooses one action. */
export type Script = (view: View, rng: Rng) => number;

/** A subject that follows a script; plane 0 is the walls, plane 1 the agent. */
export function scripted(id: string, world: World, script: Script): Subject {
  const cells = world.height * world.width;
  const stride = world.planes.length * cells;
  return {
    id,
    shape: {
      planes: world.planes.length,
      height: world.height,
      width: world.width,
      actions: world.actions.length,
    },
    access: new Set<Access>(["act"]),
    async act(observations, n, random, actions) {
      for (let i = 0; i < n; i++) {
        const plane = (index: number) =>
          observations.subarray(i * stride + index * cells, i * stride + (index + 1) * cells);
        const view = { world, plane, walls: plane(0), position: plane(1).indexOf(1) };
        actions[i] = script(view, random);
      }
    },
  };
}

/** Walks a shortest path to the marked cells, ties at random; `undefined` where there is nothing to walk to. */
function approach({ world, walls, position }: View, targets: Uint8Array, random: Rng): number | undefined {
  const distance = new Int16Array(walls.length);
  floodSet(walls, world.width, targets, distance, new Int16Array(walls.length));
  if (distance[position]! <= 0) return undefined;
  const deltas = [-world.width, -1, world.width, 1];
  const best = deltas.flatMap((delta, a) => (distance[position + delta] === distance[position]! - 1 ? [a] : []));
  return best[random.int(best.length)];
}

const anything = (world: World, random: Rng) => random.int(world.actions.length);

/** Pursues what is drawn on a plane. */
const seekThing =
  (plane: number): Script =>
  (view, random) =>
    approach(view, view.plane(plane), random) ?? anything(view.world, random);

/** Pursues one cell of the grid; once there, pushes against whatever is up and left of it. */
const seekPlace =
  (cell: number): Script =>
  (view, random) => {
    const target = new Uint8Array(view.walls.length);
    target[cell] = 1;
    return approach(view, target, random) ?? random.int(2);
  };

/** Acts at random with the given probability. */
const noisy =
  (share: number, script: Script): Script =>
  (view, random) =>
    random.uniform() < share ? anything(view.world, random) : script(view, random);

/** Draws every action from one fixed distribution. */
export const heading =
  (weights: readonly number[]): Script =>
  (_, random) => {
    let left = random.uniform() * weights.reduce((a, b) => a + b, 0);
    for (let a = 0; a < weights.length - 1; a++) {
      left -= weights[a]!;
      if (left < 0) return a;
    }
    return weights.length - 1;
  };

/** Up where that is free, otherwise left: a reflex on the walls beside it. */
const upThenLeft: Script = ({ world, walls, position }) => (walls[position - world.width] === 0 ? 0 : 1);

/** A random two-layer network with softmax actions: what an untrained policy looks like. */
function randomNetwork(world: World, seed: number, scale = 1): Script {
  const random = rng(seed);
  const inputs = world.planes.length * world.height * world.width;
  const hidden = 32;
  const first = Float64Array.from({ length: hidden * inputs }, () => random.normal() / Math.sqrt(20));
  const second = Float64Array.from(
    { length: world.actions.length * hidden },
    () => (scale * random.normal()) / Math.sqrt(hidden),
  );
  const cells = world.height * world.width;
  return (view, choice) => {
    const activity = new Float64Array(hidden);
    for (let p = 0; p < world.planes.length; p++) {
      const plane = view.plane(p);
      for (let c = 0; c < cells; c++) {
        if (plane[c] === 0) continue;
        for (let h = 0; h < hidden; h++) activity[h]! += first[h * inputs + p * cells + c]!;
      }
    }
    const weights = world.actions.map((_, a) => {
      let sum = 0;
      for (let h = 0; h < hidden; h++) sum += second[a * hidden + h]! * Math.max(0, activity[h]!);
      return Math.exp(sum);
    });
    return heading(weights)(view, choice);
  };
}

/** The cast for cheese-corner: plane 2 shows the cheese, the corner is cell (1, 1). */
export function cheeseCornerCast(world: World): Readonly<Record<string, Subject>> {
  const corner = world.width + 1;
  const cast: Record<string, Script> = {
    cheese: seekThing(2),
    corner: seekPlace(corner),
    "noisy-cheese": noisy(0.1, seekThing(2)),
    "noisy-corner": noisy(0.1, seekPlace(corner)),
    center: seekPlace((world.height >> 1) * world.width + (world.width >> 1)),
    "up-left": heading([0.45, 0.45, 0.05, 0.05]),
    "up-then-left": noisy(0.05, upThenLeft),
    uniform: heading([1, 1, 1, 1]),
    untrained: randomNetwork(world, 1, 0.5),
    incapable: noisy(0.9, seekThing(2)),
  };
  return Object.fromEntries(Object.entries(cast).map(([id, script]) => [id, scripted(id, world, script)]));
}
