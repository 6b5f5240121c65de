/**
 * @file The arrays of many episodes stepped together. Levels are views into two
 * arrays for the whole batch, so that a snapshot holds them too.
 */
import type { Batch, Level } from "../env.ts";

/** Everything of a {@link Batch} but its dynamics, plus the arrays behind its levels. */
export interface Slots extends Omit<Batch, "start" | "step"> {
  /** `[size, cells]` */
  readonly walls: Uint8Array;
  /** `[size, items]` */
  readonly items: Int16Array;
  readonly memory: (Uint8Array | Int16Array | Int32Array | Float32Array)[];
}

export interface SlotShape {
  readonly cells: number;
  readonly items: number;
  readonly planes: number;
  readonly objectives: number;
}

/**
 * Allocate once for the life of a batch. A world with state of its own appends
 * it to `memory`.
 */
export function allocateSlots(size: number, shape: SlotShape): Slots {
  const walls = new Uint8Array(size * shape.cells).fill(1);
  const items = new Int16Array(size * shape.items).fill(-1);
  const levels: Level[] = Array.from({ length: size }, (_, slot) => ({
    walls: walls.subarray(slot * shape.cells, (slot + 1) * shape.cells),
    items: items.subarray(slot * shape.items, (slot + 1) * shape.items),
  }));
  const position = new Int16Array(size);
  const time = new Int32Array(size);
  const rewards = Array.from({ length: shape.objectives }, () => new Float32Array(size));
  const done = new Uint8Array(size);
  const observations = new Uint8Array(size * shape.planes * shape.cells);
  return {
    size,
    levels,
    walls,
    items,
    position,
    time,
    rewards,
    done,
    observations,
    memory: [walls, items, position, time, done, observations, ...rewards],
  };
}
