/**
 * @file Breadth-first distances on a walled grid, into arrays that the caller
 * owns. Right only with a full one-cell border of walls: neighbors are found by
 * adding offsets, without bounds checks.
 */

/**
 * Steps from `from` to every cell, −1 where it cannot be reached; returns how
 * many cells are reached, `from` included.
 *
 * @param walls `[cells]`, 1 = wall
 * @param distance `[cells]`, overwritten
 * @param queue `[cells]`, scratch; afterwards its beginning lists the reached cells, nearest first
 * @param avoid one more cell that may not be entered, −1 for none; ignored when it is `from`
 */
export function flood(
  walls: Uint8Array,
  width: number,
  from: number,
  distance: Int16Array,
  queue: Int16Array,
  avoid = -1,
): number {
  distance.fill(-1);
  distance[from] = 0;
  queue[0] = from;
  return spread(walls, width, distance, queue, 1, avoid);
}

/**
 * Steps from the nearest of a set of cells to every cell, −1 where none of them
 * can be reached; returns how many cells are reached.
 *
 * @param sources `[cells]`, nonzero = in the set; walls in the set are skipped
 */
export function floodSet(
  walls: Uint8Array,
  width: number,
  sources: Uint8Array,
  distance: Int16Array,
  queue: Int16Array,
): number {
  distance.fill(-1);
  let tail = 0;
  for (let cell = 0; cell < sources.length; cell++) {
    if (sources[cell] === 0 || walls[cell] !== 0) continue;
    distance[cell] = 0;
    queue[tail++] = cell;
  }
  return spread(walls, width, distance, queue, tail, -1);
}

/**
 * As {@link flood}, but cells with `stops[cell] !== 0` are entered and not left:
 * distances of walks that touch no stop before their last step.
 */
export function floodUntil(
  walls: Uint8Array,
  width: number,
  from: number,
  distance: Int16Array,
  queue: Int16Array,
  stops: Uint8Array,
): number {
  distance.fill(-1);
  distance[from] = 0;
  queue[0] = from;
  let tail = 1;
  for (let head = 0; head < tail; head++) {
    const cell = queue[head]!;
    if (head > 0 && stops[cell] !== 0) continue;
    const steps = distance[cell]! + 1;
    for (let side = 0; side < 4; side++) {
      const next = side === 0 ? cell - width : side === 1 ? cell - 1 : side === 2 ? cell + width : cell + 1;
      if (walls[next] !== 0 || distance[next] !== -1) continue;
      distance[next] = steps;
      queue[tail++] = next;
    }
  }
  return tail;
}

/** The four neighbors are written out: this loop is most of the cost of drawing a level. */
function spread(
  walls: Uint8Array,
  width: number,
  distance: Int16Array,
  queue: Int16Array,
  filled: number,
  avoid: number,
): number {
  let tail = filled;
  for (let head = 0; head < tail; head++) {
    const cell = queue[head]!;
    const steps = distance[cell]! + 1;
    const up = cell - width;
    if (walls[up] === 0 && distance[up] === -1 && up !== avoid) {
      distance[up] = steps;
      queue[tail++] = up;
    }
    const left = cell - 1;
    if (walls[left] === 0 && distance[left] === -1 && left !== avoid) {
      distance[left] = steps;
      queue[tail++] = left;
    }
    const down = cell + width;
    if (walls[down] === 0 && distance[down] === -1 && down !== avoid) {
      distance[down] = steps;
      queue[tail++] = down;
    }
    const right = cell + 1;
    if (walls[right] === 0 && distance[right] === -1 && right !== avoid) {
      distance[right] = steps;
      queue[tail++] = right;
    }
  }
  return tail;
}
