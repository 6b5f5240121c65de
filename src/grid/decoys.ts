/**
 * @file Things a policy might be after that no objective rewards: places that
 * every level has, where the agent started, the farthest cell, the nearest dead
 * end. Objective inference must be able to prefer one of them.
 */
import type { Batch, Candidate } from "../env.ts";
import type { Board } from "./board.ts";

/** Marks `cell` alone; nothing when the cell is absent or a wall. */
export function markOne(batch: Batch, slot: number, cell: number, out: Uint8Array): number {
  out.fill(0);
  if (cell < 0 || batch.levels[slot]!.walls[cell] === 1) return 0;
  out[cell] = 1;
  return 1;
}

/**
 * Decoys that make sense on any board, at least six: the corners of the
 * interior and its center (places), the start, the farthest reachable cell and
 * the dead end nearest to the start, unless the floor is open (things).
 *
 * @param except ids that are candidates in their own right here, such as `corner-top-left`
 */
export function boardDecoys(board: Board, except: readonly string[] = []): Candidate[] {
  const { width, height } = board;
  const at = (row: number, column: number) => row * width + column;
  const place = (id: string, title: string, cell: number): Candidate => ({
    id,
    title,
    role: "decoy",
    nature: "place",
    mark: (batch, slot, out) => markOne(batch, slot, cell, out),
  });
  const thing = (id: string, title: string, find: (batch: Batch, slot: number) => number): Candidate => ({
    id,
    title,
    role: "decoy",
    nature: "thing",
    mark: (batch, slot, out) => markOne(batch, slot, find(batch, slot), out),
  });
  const decoys = [
    place("corner-top-left", "the top left corner", at(1, 1)),
    place("corner-top-right", "the top right corner", at(1, width - 2)),
    place("corner-bottom-left", "the bottom left corner", at(height - 2, 1)),
    place("corner-bottom-right", "the bottom right corner", at(height - 2, width - 2)),
    place("center", "the center of the board", at(height >> 1, width >> 1)),
    thing("start", "the cell where it started", (batch, slot) => batch.levels[slot]!.items[0]!),
    thing("farthest", "the cell farthest from its start", (batch, slot) => {
      const level = batch.levels[slot]!;
      // The queue lists cells by distance; its last entry is a farthest one.
      return board.queue[board.flood(level, level.items[0]!) - 1]!;
    }),
    thing("dead-end", "the dead end nearest to its start", (batch, slot) => {
      const level = batch.levels[slot]!;
      const reached = board.flood(level, level.items[0]!);
      for (let i = 1; i < reached; i++) {
        const cell = board.queue[i]!;
        if (openSides(board, level.walls, cell) === 1) return cell;
      }
      return -1;
    }),
  ];
  // An open floor has no dead ends.
  const absent = board.layout === "open" ? [...except, "dead-end"] : except;
  return decoys.filter(({ id }) => !absent.includes(id));
}

function openSides(board: Board, walls: Uint8Array, cell: number): number {
  let open = 0;
  for (let action = 0; action < 4; action++) open += walls[cell + board.deltas[action]!] === 0 ? 1 : 0;
  return open;
}
