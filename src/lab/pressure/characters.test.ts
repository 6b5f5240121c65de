/** @file Canaries and lessons on small networks: exposure against brute force, removal that changes nothing else, bits that telescope. */
import { expect, test } from "vitest";
import { alphabet, LETTERS } from "../../characters/alphabet.ts";
import { characterModel } from "../../characters/model.ts";
import { characterNetwork, randomCharacters } from "../../characters/network.ts";
import { rng } from "../../core/rng.ts";
import { openExecutor, sgd } from "../../tensor/index.ts";
import { tailBits, telescoped } from "../../theory/selection/ledger.ts";
import { canaryNetwork, canarySeed, drawCanaries, remember, SECRETS, teachOnce, trainOnCanaries } from "./canaries.ts";
import { fittingSentences, halves } from "./grammar.ts";
import { learnToSay, speechDivergence, wander } from "./saying.ts";

const { executor } = await openExecutor();

test("exposure by enumeration is the optimization power of the canary among all secrets, exactly", async () => {
  const model = characterModel(canaryNetwork(), randomCharacters(canaryNetwork(), rng(1)), executor);
  const [canary] = drawCanaries([1], 1, rng(2));
  const letters = LETTERS.slice(0, 26);
  const found = await remember(model, canary!);
  // Every secret of the space, one string each, with the boundary's probability divided out.
  const secrets = [...letters].flatMap((a) => [...letters].flatMap((b) => [...letters].map((c) => a + b + c)));
  const some = [canary!.secret, ...secrets.filter((_, i) => i % 97 === 0)];
  const given = some.map(() => canary!.prefix);
  const whole = await model.logProbabilities(some, given);
  const next = await model.next(some.map((secret) => canary!.prefix + secret));
  const logs = some.map((_, i) => whole[i]! - next[i * model.network.shape.alphabet.size]!);
  expect(found.surprisal).toBeCloseTo(-logs[0]! * Math.LOG2E, 4);
  // The rank among a systematic sample of one in 97 places the exact rank.
  const above = logs.slice(1).filter((log) => log >= logs[0]!).length / (some.length - 1);
  expect(Math.abs(2 ** -found.exposure - above)).toBeLessThan(0.12);
  expect(found.exposure).toBeLessThanOrEqual(Math.log2(SECRETS));
  // After many lessons nothing is as probable: all the bits there are, by the ledger as by exposure.
  let taught = model;
  for (let k = 0; k < 60; k++) taught = await teachOnce(taught, canary!, executor);
  const learned = await remember(taught, canary!);
  expect(learned).toMatchObject({ exposure: Math.log2(SECRETS), extracted: 1, accuracy: 1 });
  const uniform = new Float64Array(SECRETS).fill(1 / SECRETS);
  const score = Float64Array.from(uniform, (_, i) => (i === 5 ? 1 : 0));
  expect(tailBits(uniform, score)[5]).toBeCloseTo(learned.exposure, 9);
});

test("a text without its canaries is the same text in every other line", async () => {
  const seed = canarySeed(1);
  const canaries = drawCanaries([0, 3], 2, seed.fork("names"));
  expect(canaries.map(({ insertions }) => insertions)).toEqual([0, 0, 3, 3]);
  const text = { canaries, steps: 3, batch: 8 };
  const whole = await trainOnCanaries(text, seed, executor);
  const none = await trainOnCanaries(text, seed, executor, () => false);
  const never = await trainOnCanaries({ ...text, canaries: [] }, seed, executor);
  expect(none.weights).toEqual(never.weights);
  expect(whole.weights).not.toEqual(none.weights);
});

test("the bits of every step telescope to those of the whole course, and random steps bring almost none", async () => {
  const network = characterNetwork({ alphabet: alphabet(LETTERS), context: 8, width: 16, layers: 1, heads: 2 });
  const task = { network, taught: ["dog"], wanted: ["dog"], batch: 1, steps: 60, rate: 0.2, rule: sgd(), every: 10 };
  const lesson = await learnToSay(task, executor, rng(3));
  const { course } = lesson;
  const stages = course.slice(1).map(({ step, logBits }, i) => ({
    reference: `step ${course[i]!.step}`,
    process: `step ${step}`,
    bits: logBits - course[i]!.logBits,
  }));
  const total = course.at(-1)!.logBits - course[0]!.logBits;
  expect(telescoped(stages)).toBeCloseTo(total, 9);
  expect(total).toBeGreaterThan(15);
  expect(Math.abs((await wander(task, lesson, executor, rng(4))) - course[0]!.logBits)).toBeLessThan(3);
  // All of what is said now against all of what was said before: no less than `dog` against all else.
  const [now, before] = [lesson.weights, lesson.initial].map((each) => characterModel(network, each, executor));
  const { probability } = course.at(-1)!;
  const least =
    probability * (course.at(-1)!.logBits - course[0]!.logBits) +
    (1 - probability) * Math.log2((1 - probability) / (1 - course[0]!.probability));
  const whole = await speechDivergence(now!, before!, { depth: 6 });
  expect(whole).toBeGreaterThan(least - 1e-3);
  expect(whole).toBeLessThan(total + 1);
});

test("fitting sentences differ, end, and are halved", () => {
  const all = fittingSentences();
  expect(all).toHaveLength(1152);
  expect(new Set(all).size).toBe(1152);
  expect(all.every((each) => each.endsWith("."))).toBe(true);
  const [a, b] = halves(all, rng(5));
  expect(new Set([...a, ...b]).size).toBe(1152);
  expect(a).toHaveLength(576);
});
