/**
 * @file Distances over pushed boxes: forward and backward search agree with each
 * other and with a solver of strings that shares no code; a published puzzle has
 * its published length.
 */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { layoutPainter } from "./layouts.ts";
import { makePushing, UNREACHED } from "./pushing.ts";

const MOVES = [
  [-1, 0],
  [0, -1],
  [1, 0],
  [0, 1],
] as const;

/**
 * Fewest moves by breadth-first search over texts in the usual symbols, where a space is floor, `.` a target, `$` a
 * box, `*` a box on a target, `@` the player and `+` the player on a target; −1 without a way.
 */
function solveText(text: string): number {
  let level = text;
  let frontier = [level];
  const known = new Set(frontier);
  for (let depth = 0; frontier.length > 0; depth++) {
    const next: string[] = [];
    for (level of frontier) {
      if (!level.includes("$")) return depth;
      for (const [dr, dc] of MOVES) {
        const rows = level.split("\n").map((row) => [...row]);
        const r = rows.findIndex((row) => row.includes("@") || row.includes("+"));
        const c = rows[r]!.findIndex((char) => char === "@" || char === "+");
        const at = (k: number) => rows[r + k * dr]?.[c + k * dc] ?? "#";
        const put = (k: number, char: string) => {
          rows[r + k * dr]![c + k * dc] = char;
        };
        const isBox = "$*".includes(at(1));
        if (at(1) === "#" || (isBox && !" .".includes(at(2)))) continue;
        if (isBox) put(2, at(2) === "." ? "*" : "$");
        put(1, ".*+".includes(at(1)) ? "+" : "@");
        put(0, at(0) === "+" ? "." : " ");
        const moved = rows.map((row) => row.join("")).join("\n");
        if (known.has(moved)) continue;
        known.add(moved);
        next.push(moved);
      }
    }
    frontier = next;
  }
  return -1;
}

/** Read a text in the usual symbols into a square room of `size`, padded with walls. */
function room(text: string, size: number) {
  const walls = new Uint8Array(size * size).fill(1);
  const things: Record<"player" | "boxes" | "targets", number[]> = { player: [], boxes: [], targets: [] };
  for (const [r, row] of text.split("\n").entries()) {
    for (const [c, char] of [...row].entries()) {
      const cell = r * size + c;
      walls[cell] = char === "#" ? 1 : 0;
      if ("@+".includes(char)) things.player.push(cell);
      if ("$*".includes(char)) things.boxes.push(cell);
      if (".*+".includes(char)) things.targets.push(cell);
    }
  }
  return {
    walls,
    player: things.player[0]!,
    boxes: Int16Array.from(things.boxes),
    targets: Int16Array.from(things.targets),
  };
}

function solve(text: string, size: number): number {
  const { walls, player, boxes, targets } = room(text, size);
  const pushing = makePushing(size, boxes.length);
  const table = new Uint8Array(pushing.states);
  pushing.load(walls);
  pushing.backward(pushing.configuration(targets, 0), table);
  const steps = table[pushing.state(player, pushing.configuration(boxes, 0))]!;
  return steps === UNREACHED ? -1 : steps;
}

/** A random room with one or two boxes, in the usual symbols. */
function randomRoom(seed: number, size: number, boxes: number): string {
  const random = rng(seed);
  const walls = new Uint8Array(size * size);
  layoutPainter("blocks", size, size)(walls, random);
  const chars: string[] = Array.from(walls, (wall) => (wall === 1 ? "#" : " "));
  const place = (char: string) => {
    for (;;) {
      const cell = random.int(size * size);
      const [r, c] = [Math.floor(cell / size), cell % size];
      if (r === 0 || c === 0 || r === size - 1 || c === size - 1 || !" #".includes(chars[cell]!)) continue;
      chars[cell] = char;
      return;
    }
  };
  for (const char of ["@", ...Array<string>(boxes).fill("$"), ...Array<string>(boxes).fill(".")]) place(char);
  return Array.from({ length: size }, (_, r) => chars.slice(r * size, (r + 1) * size).join("")).join("\n");
}

describe.each([1, 2])("%i boxes", (boxes) => {
  test("fewest steps equal those of the solver of strings, deadlocks included", () => {
    let [solved, stuck] = [0, 0];
    for (let seed = 0; seed < 120; seed++) {
      const text = randomRoom(seed, 6, boxes);
      const steps = solve(text, 6);
      expect(steps, text).toBe(solveText(text));
      if (steps < 0) stuck++;
      else solved++;
    }
    expect(Math.min(solved, stuck)).toBeGreaterThan(5);
  });

  test("forward and backward search measure the same ways, also around a configuration that is avoided", () => {
    const pushing = makePushing(6, boxes);
    const [to, from] = [new Uint8Array(pushing.states), new Uint8Array(pushing.states)];
    for (let seed = 0; seed < 20; seed++) {
      const { walls, player, boxes: own, targets } = room(randomRoom(seed, 6, boxes), 6);
      pushing.load(walls);
      const start = pushing.state(player, pushing.configuration(own, 0));
      const goal = pushing.configuration(targets, 0);
      pushing.forward(start, from);
      pushing.backward(goal, to);
      const arrivals = Array.from(from, (steps, state) =>
        state % pushing.configurations === goal ? steps : UNREACHED,
      );
      expect(Math.min(...arrivals)).toBe(to[start]);
      // Each step of a best way comes one nearer, and no step comes nearer by more.
      for (let state = 0; state < pushing.states; state++) {
        if (from[state] === UNREACHED || to[state] === UNREACHED || to[state] === 0) continue;
        const next = [0, 1, 2, 3].map((move) => to[pushing.step(state, move)]!);
        expect(Math.min(...next)).toBe(to[state]! - 1);
      }
      // With the start's own configuration barred there is no way from it.
      pushing.backward(goal, to, start % pushing.configurations);
      expect(to[start]).toBe(UNREACHED);
    }
  });
});

test("Microban, puzzle 1 (D. W. Skinner): 33 moves", () => {
  const text = ["####", "# .#", "#  ###", "#*@  #", "#  $ #", "#  ###", "####"].join("\n");
  expect(solveText(text)).toBe(33);
  expect(solve(text, 7)).toBe(33);
});
