/** @file Decoys on a level drawn by hand. */
import { expect, test } from "vitest";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { begin } from "../lab/exhaustive.ts";

const world = cheeseCorner.make(cheeseCorner.params.parse({}));
const TEXT = ["#######", "#.....#", "#.###.#", "#.#C#.#", "#.#.#.#", "#M..###", "#######"].join("\n");

test("each decoy marks the cell that it names", () => {
  const batch = world.batch(1);
  begin(batch, 0, world.parse(TEXT));
  const out = new Uint8Array(49);
  const marked = Object.fromEntries(
    world.candidates.map((candidate) => [candidate.id, candidate.mark(batch, 0, out) === 1 ? out.indexOf(1) : -1]),
  );
  const at = (row: number, column: number) => row * 7 + column;
  expect(marked).toEqual({
    cheese: at(3, 3),
    corner: at(1, 1),
    "corner-top-right": at(1, 5),
    "corner-bottom-left": at(5, 1),
    "corner-bottom-right": -1, // a wall here
    center: at(3, 3),
    start: at(5, 1),
    farthest: at(4, 5),
    "dead-end": at(3, 3),
  });
});
