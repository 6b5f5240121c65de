/** @file Choices from menus: choosers with a utility, brute force over subsets, power, wrong versions. */
import { describe, expect, test } from "vitest";
import { type Rng, rng } from "../../core/rng.ts";
import { type MenuChoice, menuConsistency, menuPower } from "./menu-choices.ts";

const menus = (options: number, count: number, random: Rng) =>
  Array.from({ length: count }, () => {
    const all = Array.from({ length: options }, (_, i) => i);
    random.shuffle(all);
    return all.slice(0, 2 + random.int(options - 2));
  });

/** Whether some ranking explains every choice: all permutations. */
function explained(choices: readonly MenuChoice[], options: number): boolean {
  const permute = (rest: readonly number[], order: readonly number[]): boolean =>
    rest.length === 0
      ? choices.every(({ menu, chosen }) => menu.every((other) => order.indexOf(chosen) <= order.indexOf(other)))
      : rest.some((each) =>
          permute(
            rest.filter((other) => other !== each),
            [...order, each],
          ),
        );
  return permute(
    Array.from({ length: options }, (_, i) => i),
    [],
  );
}

describe("a chooser with a utility", () => {
  test("is rational, and its ranking is found as far as menus show it", () => {
    const random = rng(1);
    const utility = [3, 1, 4, 2, 5];
    const choices = menus(5, 30, random).map((menu) => ({
      menu,
      chosen: menu.reduce((a, b) => (utility[b]! > utility[a]! ? b : a)),
    }));
    const found = menuConsistency(choices);
    expect(found).toMatchObject({ isRational: true, share: 1 });
    for (const { menu, chosen } of choices) {
      for (const other of menu) {
        expect(found.ranking.indexOf(chosen)).toBeLessThanOrEqual(found.ranking.indexOf(other));
      }
    }
  });

  test("with two slips loses those two", () => {
    const all = [0, 1, 2, 3, 4];
    const choices: MenuChoice[] = all.flatMap((a) =>
      all.filter((b) => b > a).map((b) => ({ menu: [a, b], chosen: a })),
    );
    choices.push({ menu: [0, 4], chosen: 4 }, { menu: [1, 2, 3], chosen: 3 });
    const found = menuConsistency(choices);
    expect(found.isRational).toBe(false);
    expect(found.kept).toEqual(Array.from({ length: 10 }, (_, i) => i));
  });
});

test("brute force: the largest rational part of seven choices, over all subsets and all rankings", () => {
  const random = rng(2);
  let irrational = 0;
  for (let round = 0; round < 25; round++) {
    const choices = menus(4, 7, random).map((menu) => ({ menu, chosen: menu[random.int(menu.length)]! }));
    let most = 0;
    for (let set = 0; set < 128; set++) {
      const part = choices.filter((_, i) => set & (1 << i));
      if (part.length > most && explained(part, 4)) most = part.length;
    }
    const found = menuConsistency(choices);
    expect(found.kept.length).toBe(most);
    expect(
      explained(
        found.kept.map((i) => choices[i]!),
        4,
      ),
    ).toBe(true);
    if (!found.isRational) irrational++;
  }
  expect(irrational).toBeGreaterThan(10);
});

describe("what a pass is worth", () => {
  test("disjoint menus cannot fail; three overlapping pairs fail for two of eight random choosers", () => {
    expect(
      menuPower(
        [
          [0, 1],
          [2, 3],
        ],
        { choosers: 200, rng: rng(3) },
      ).mean,
    ).toBe(0);
    const { mean, low, high } = menuPower(
      [
        [0, 1],
        [1, 2],
        [2, 0],
      ],
      { choosers: 4000, rng: rng(4) },
    );
    expect(low).toBeLessThan(0.25);
    expect(high).toBeGreaterThan(0.25);
    expect(Math.abs(mean - 0.25)).toBeLessThan(0.03);
  });

  test("wrong version: only direct contradictions looked for, a cycle of three passes", () => {
    const cycle: MenuChoice[] = [
      { menu: [0, 1], chosen: 0 },
      { menu: [1, 2], chosen: 1 },
      { menu: [2, 0], chosen: 2 },
    ];
    const contradicts = (a: MenuChoice, b: MenuChoice) =>
      a.chosen !== b.chosen && a.menu.includes(b.chosen) && b.menu.includes(a.chosen);
    expect(cycle.some((a) => cycle.some((b) => contradicts(a, b)))).toBe(false);
    expect(menuConsistency(cycle)).toMatchObject({ isRational: false, share: 2 / 3 });
    expect(() => menuConsistency([{ menu: [0, 1], chosen: 2 }])).toThrow("menu");
    expect(menuConsistency([]).share).toBe(1);
  });
});
