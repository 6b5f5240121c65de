/**
 * @file Faults of an endpoint, at given rates and decided by the seed: which request meets which fault depends on what
 * is asked and how often it was asked before, never on the order in which requests arrive.
 */
import { LabError } from "../core/errors.ts";
import { rng } from "../core/rng.ts";

/** What can go wrong with an answer. */
export const FAULTS = [
  "rate-limited", // HTTP 429 with Retry-After
  "failing", // HTTP 500
  "hanging", // nothing is answered until the client gives up
  "truncated", // the connection ends in the middle of the answer
  "malformed", // HTTP 200 with text that is no JSON
] as const;
export type Fault = (typeof FAULTS)[number];

/** Share of requests that meet each fault, from 0; together at most 1. */
export type FaultRates = Readonly<Partial<Record<Fault, number>>>;

/**
 * Decides over requests one after another, each by a name that is made only where there are faults to draw.
 *
 * @throws {LabError} `input/invalid` when the rates are no shares
 */
export function faultDrawer(rates: FaultRates, seed: number): (key: () => string) => Fault | undefined {
  const total = FAULTS.reduce((sum, fault) => sum + (rates[fault] ?? 0), 0);
  const wrong = FAULTS.find((fault) => !((rates[fault] ?? 0) >= 0));
  if (wrong !== undefined || total > 1) {
    throw new LabError(
      "input/invalid",
      `faults: the rates are no shares, got ${JSON.stringify(rates)}; expected numbers from 0 that sum to at most 1`,
    );
  }
  const source = rng(seed).fork("faults");
  const asked = new Map<string, number>();
  return (name) => {
    if (total === 0) return undefined;
    const key = name();
    const times = asked.get(key) ?? 0;
    asked.set(key, times + 1);
    let left = source.fork(key).fork(times).uniform();
    for (const fault of FAULTS) {
      left -= rates[fault] ?? 0;
      if (left < 0) return fault;
    }
    return undefined;
  };
}

/**
 * Rates as they are typed: `["rate-limited=0.02", "failing=0.01"]`.
 *
 * @throws {LabError} `input/invalid`
 */
export function parseFaults(texts: readonly string[]): FaultRates {
  return Object.fromEntries(
    texts.map((text) => {
      const [, fault, rate] = /^([a-z-]+)=(0|1|0?\.\d+)$/.exec(text) ?? [];
      if (rate === undefined || !(FAULTS as readonly (string | undefined)[]).includes(fault)) {
        throw new LabError(
          "input/invalid",
          `faults: one cannot be read, got "${text}"; expected <kind>=<share>, the kinds being ${FAULTS.join(", ")}`,
        );
      }
      return [fault, Number(rate)];
    }),
  );
}
