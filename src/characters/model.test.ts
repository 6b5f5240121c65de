/** @file Character models: probabilities that sum to one and obey the chain rule, causal passes, and training that learns. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { logSumExp } from "../core/stats.ts";
import { openExecutor } from "../tensor/index.ts";
import { alphabet, BOUNDARY, LETTERS } from "./alphabet.ts";
import { characterModel } from "./model.ts";
import { characterNetwork, randomCharacters } from "./network.ts";
import { trainCharacters } from "./training.ts";

const { executor } = await openExecutor();
const network = characterNetwork({ alphabet: alphabet("abcd"), context: 12, width: 16, layers: 2, heads: 2 });
const random = characterModel(network, randomCharacters(network, rng(1)), executor);

test("the probabilities of all strings up to a length, and of what is longer, sum to one", async () => {
  const strings = ["", ..."abcd", ...[..."abcd"].flatMap((a) => [..."abcd"].map((b) => a + b))];
  const complete = await random.logProbabilities(strings);
  const pairs = strings.filter(({ length }) => length === 2);
  const next = await random.next(pairs);
  // ln P(prefix) = ln P(string) − ln P(boundary | string)
  const longer = pairs.map((text, i) => {
    const log = complete[strings.indexOf(text)]!;
    const stop = next[i * 5 + BOUNDARY]!;
    return log - stop + Math.log(1 - Math.exp(stop));
  });
  expect(logSumExp([...complete, ...longer])).toBeCloseTo(0, 5);
});

test("what is given is divided out", async () => {
  const [whole] = await random.logProbabilities(["badcab"]);
  const [rest] = await random.logProbabilities(["cab"], ["bad"]);
  let given = 0;
  for (const [i, character] of [..."bad"].entries()) {
    given += (await random.next(["bad".slice(0, i)]))[alphabet("abcd").encode(character)[0]!]!;
  }
  expect(rest).toBeCloseTo(whole! - given, 4);
});

test("a longer string changes nothing before it, whatever it is padded to", async () => {
  const alone = await random.next(["ab"]);
  const beside = await random.next(["ab", "abcdabcdab"]);
  for (const [i, value] of alone.entries()) expect(beside[i]).toBeCloseTo(value, 5);
});

test("gradient descent on one word makes it the most probable string, and samples say it", async () => {
  const words = characterNetwork({ alphabet: alphabet(LETTERS), context: 8, width: 16, layers: 1, heads: 2 });
  const { weights, losses } = await trainCharacters({
    network: words,
    initial: randomCharacters(words, rng(2)),
    executor,
    steps: 60,
    batch: () => ["dog"],
    longest: 3,
    rate: 0.02,
  });
  const model = characterModel(words, weights, executor);
  expect(losses[0]).toBeGreaterThan(3);
  expect(Math.exp((await model.logProbabilities(["dog"]))[0]!)).toBeGreaterThan(0.9);
  expect(await model.sample("", { rng: rng(3), temperature: 0 })).toBe("dog");
  expect(await model.sample("d", { rng: rng(3), temperature: 0, most: 1 })).toBe("o");
  expect(await model.sample("", { rng: rng(3), temperature: 0, stop: "o" })).toBe("d");
});

test("samples follow the probabilities, sharper at low temperature, and end with the context", async () => {
  const probabilities = (await random.next(["a"])).map(Math.exp);
  const draws = rng(4);
  const share = async (temperature: number) => {
    let count = 0;
    for (let i = 0; i < 600; i++) {
      if ((await random.sample("a", { rng: draws, most: 1, temperature })) === "b") count++;
    }
    return count / 600;
  };
  const p = probabilities[2]!;
  expect(Math.abs((await share(1)) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 600));
  // At temperature ½ probabilities are squared, and normalized.
  const sharp = p ** 2 / probabilities.reduce((sum, each) => sum + each ** 2, 0);
  expect(Math.abs((await share(0.5)) - sharp)).toBeLessThan(4 * Math.sqrt((sharp * (1 - sharp)) / 600));
  for (let i = 0; i < 20; i++) expect((await random.sample("", { rng: draws })).length).toBeLessThan(12);
});

test("strings are checked: too long, or of unknown characters", async () => {
  await expect(random.next(["abcdabcdabcd"])).rejects.toThrow("expected at most 12");
  await expect(random.next(["abz"])).rejects.toThrow('got "z"');
  expect(() => alphabet("aab")).toThrow("expected each once");
});
