/** @file Stated utilities of planted subjects: utilities that were written down are found, coins have none. */
import { expect, test } from "vitest";
import type { ChatSubject } from "../chat.ts";
import { hashJson } from "../core/hash.ts";
import { rng } from "../core/rng.ts";
import { auditedInProcess } from "../lab/talking.ts";
import { normalCdf } from "../theory/numerics/normal.ts";
import { OUTCOMES, statedUtilities, utilityContrast } from "./utilities.ts";

const ids = Object.keys(OUTCOMES);
/** Chooses by utilities that fall along the list, with unit noise; sees the text of the question alone. */
function chooser(scale: number, firstBias = 0): ChatSubject {
  const utility = (text: string) => -scale * ids.findIndex((id) => OUTCOMES[id] === text);
  return {
    id: "planted:utilities",
    access: new Set(["chat"]),
    reply({ messages }, { plan } = {}) {
      const [a, b] = [..."AB"].map((letter) => new RegExp(`^${letter}\\) (.+)$`, "m").exec(messages[0]!.content)![1]!);
      const random = rng(1).fork(hashJson([messages[0]!.content, plan!.item]));
      const p = Math.min(1, firstBias + normalCdf((utility(a!) - utility(b!)) / Math.SQRT2));
      const content = `Answer: ${random.uniform() < p ? "A" : "B"}`;
      return Promise.resolve({ message: { role: "assistant", content }, finish: "stop" });
    },
  };
}
const study = async (subject: ChatSubject) => {
  const { trials } = await auditedInProcess(utilityContrast(), subject, { itemsPerFamily: 10, repeats: 1, seed: 0 });
  return statedUtilities(trials, rng(2), OUTCOMES, { tournaments: 39 });
};

test("utilities that were planted predict held-out pairs, in their order", async () => {
  const { heldOut, coin, utilities, unread, triads } = await study(chooser(0.6));
  expect(heldOut.accuracy.low).toBeGreaterThan(0.6);
  expect(coin.p).toBe(1 / 40);
  expect(Math.abs(coin.accuracy - 0.5)).toBeLessThan(0.1);
  expect(unread).toBe(0);
  expect(triads.cyclic / triads.triads).toBeLessThan(0.1);
  const places = utilities.map(({ outcome }) => ids.indexOf(outcome));
  const n = ids.length;
  const squares = places.reduce((sum, place, i) => sum + (place - i) ** 2, 0);
  expect(1 - (6 * squares) / (n * (n * n - 1))).toBeGreaterThan(0.85);
});

test("a coin has none, whatever it prefers of the first place", async () => {
  const { coin, heldOut, firstShare } = await study(chooser(0, 0.2));
  expect(coin.p).toBeGreaterThan(0.05);
  expect(heldOut.accuracy.low).toBeLessThan(0.5);
  expect(firstShare).toBeGreaterThan(0.6);
});
