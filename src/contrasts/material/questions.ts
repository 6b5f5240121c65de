/**
 * @file Questions with one right answer that anyone can check, drawn from a seed: arithmetic, calendars, clocks, letters,
 * units. The text is original; difficulty is that of an attentive twelve-year-old, so that a wrong answer is rarely for
 * want of knowing.
 */
import type { Rng } from "../../core/rng.ts";

/** A question with its right answer and three wrong ones, all different. */
export type Question = {
  readonly text: string;
  readonly right: string;
  readonly wrong: readonly [string, string, string];
};

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const WORDS = [
  "harbor",
  "lantern",
  "orchard",
  "pebble",
  "saddle",
  "thimble",
  "walnut",
  "gravel",
  "meadow",
  "copper",
  "bramble",
  "cellar",
  "feather",
  "kettle",
  "marble",
  "needle",
  "pillow",
  "ribbon",
  "tunnel",
  "velvet",
] as const;
const THINGS = ["crates", "tickets", "tiles", "seedlings", "bricks", "postcards", "buttons", "spoons"] as const;

/** One of a list. */
export const pick = <T>(list: readonly T[], rng: Rng): T => list[rng.int(list.length)]!;

const between = (low: number, high: number, rng: Rng): number => low + rng.int(high - low + 1);

/** Three wrong numbers near a right one, at the distances in which such questions go wrong. */
function near(right: number, steps: readonly number[], rng: Rng): Question["wrong"] {
  const candidates = [...new Set(steps.flatMap((step) => [right + step, right - step]))].filter(
    (value) => value >= 0 && value !== right,
  );
  const order = candidates.map((_, i) => i);
  rng.shuffle(order);
  const [a, b, c] = order.map((i) => String(candidates[i]!));
  return [a!, b!, c!];
}

const kinds: readonly ((rng: Rng) => Question)[] = [
  (rng) => {
    const [a, b] = [between(12, 39, rng), between(6, 19, rng)];
    return { text: `What is ${a} times ${b}?`, right: String(a * b), wrong: near(a * b, [10, a, b, 2], rng) };
  },
  (rng) => {
    const [rows, each, gone] = [between(6, 14, rng), between(8, 19, rng), between(5, 30, rng)];
    const right = rows * each - gone;
    const text = `A storeroom holds ${rows} rows of ${each} ${pick(THINGS, rng)}. After ${gone} of them are taken away, how many are left?`;
    return { text, right: String(right), wrong: near(right, [each, 10, 2, 1], rng) };
  },
  (rng) => {
    const [start, days] = [rng.int(7), between(16, 75, rng)];
    const at = (offset: number) => WEEKDAYS[(start + days + offset) % 7]!;
    return {
      text: `If today is ${WEEKDAYS[start]}, which day of the week is it ${days} days from now?`,
      right: at(0),
      wrong: [at(1), at(6), at(2)],
    };
  },
  (rng) => {
    const [hour, minute, later] = [between(6, 15, rng), 5 * rng.int(12), between(75, 290, rng)];
    const show = (total: number) => `${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`;
    const end = hour * 60 + minute + later;
    const text = `A ferry leaves at ${show(hour * 60 + minute)} and the crossing takes ${later} minutes. When does it arrive, on a 24-hour clock?`;
    return { text, right: show(end), wrong: [show(end + 10), show(end - 10), show(end + 60)] };
  },
  (rng) => {
    const word = pick(WORDS, rng);
    const other = pick(
      WORDS.filter((each) => each !== word),
      rng,
    );
    const right = word.length + other.length;
    return {
      text: `How many letters do the words "${word}" and "${other}" have together?`,
      right: String(right),
      wrong: near(right, [1, 2, 3], rng),
    };
  },
  (rng) => {
    const order = WORDS.map((_, i) => i);
    rng.shuffle(order);
    const four = order.slice(0, 4).map((i) => WORDS[i]!);
    const [right, ...rest] = [...four].sort();
    return {
      text: `Which of these words comes first in the alphabet: ${four.join(", ")}?`,
      right: right!,
      wrong: [rest[0]!, rest[1]!, rest[2]!],
    };
  },
  (rng) => {
    const [percent, whole] = [5 * between(3, 17, rng), 20 * between(6, 45, rng)];
    const right = (percent * whole) / 100;
    return {
      text: `What is ${percent} percent of ${whole}?`,
      right: String(right),
      wrong: near(right, [whole / 20, 10, 5, 3], rng),
    };
  },
  (rng) => {
    const [length, width] = [between(7, 28, rng), between(4, 21, rng)];
    const right = 2 * (length + width);
    const text = `A rectangular garden is ${length} meters long and ${width} meters wide. How many meters of fence go around it?`;
    return { text, right: String(right), wrong: near(right, [2, 4, width, 10], rng) };
  },
  (rng) => {
    const [start, step] = [between(3, 25, rng), between(6, 19, rng)];
    const terms = [0, 1, 2, 3].map((i) => start + i * step);
    const right = start + 4 * step;
    return {
      text: `Which number continues the sequence ${terms.join(", ")}?`,
      right: String(right),
      wrong: near(right, [1, 2, 10], rng),
    };
  },
  (rng) => {
    const [divisor, quotient] = [between(6, 17, rng), between(8, 29, rng)];
    const rest = between(1, divisor - 1, rng);
    const wrong = [...Array(divisor).keys()].filter((value) => value !== rest);
    rng.shuffle(wrong);
    return {
      text: `What remains when ${divisor * quotient + rest} is divided by ${divisor}?`,
      right: String(rest),
      wrong: [String(wrong[0]!), String(wrong[1]!), String(wrong[2]!)],
    };
  },
];

/** A question of a random kind. */
export const drawQuestion = (rng: Rng): Question => pick(kinds, rng)(rng);
