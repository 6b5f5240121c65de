/**
 * @file Evolutionary suicide among individuals: each eats of a common resource at a rate of its own, which its offspring
 * inherit with a small deviation, and whoever eats faster leaves more of them, to the end of the resource and of all.
 *
 * `evolutionary-suicide.ts` is the limit of many individuals and rare mutants; here both are finite.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { type Commons, interiorEquilibrium } from "./evolutionary-suicide.ts";

/** How a finite population lives and mutates. */
export interface CommonsIndividuals {
  /** x of the founders. */
  readonly rate: number;
  /** Individuals for each unit of consumers of the closed form. */
  readonly scale: number;
  /** Probability that an offspring deviates, and the standard deviation of ln x by which it does. */
  readonly mutation: number;
  readonly deviation: number;
  /** How long at most, in units of time. */
  readonly time: number;
  /** Length of a step; births and deaths within it are independent. */
  readonly step?: number;
}

/** A run, with the mean rate on its way. */
export interface CommonsHistory {
  /** When resource or consumers were gone; undefined where they outlived the time. */
  readonly end?: number;
  /** Mean rate of those alive, the last before the end included: one entry for each of {@link CommonsHistory.times}. */
  readonly rates: readonly number[];
  readonly resource: readonly number[];
  readonly consumers: readonly number[];
  readonly times: readonly number[];
  /**
   * Mean rate when the resource last was at its threshold or above: beyond recall. Equal to the last rate where it
   * never fell below.
   */
  readonly lastRate: number;
}

/** Lives until resource or consumers are gone. Stocks are noted a hundred times. */
export function commonsIndividuals(commons: Commons, given: CommonsIndividuals, rng: Rng): CommonsHistory {
  const { rate, scale, mutation, deviation, time, step = 0.1 } = given;
  const { growth, threshold, capacity, conversion, death } = commons;
  const equilibrium = interiorEquilibrium(commons, rate);
  assert(equilibrium.consumers > 0, `a rate at which consumers live, got ${rate}`);
  let resource = equilibrium.resource;
  let rates = Array.from({ length: Math.round(equilibrium.consumers * scale) }, () => rate);
  const history = {
    rates: [] as number[],
    resource: [] as number[],
    consumers: [] as number[],
    times: [] as number[],
  };
  const steps = Math.ceil(time / step);
  const every = Math.max(1, Math.floor(steps / 100));
  let lastRate = rate;
  for (let i = 0; i < steps; i++) {
    let eaten = 0;
    for (const x of rates) eaten += x;
    const mean = rates.length === 0 ? lastRate : eaten / rates.length;
    if (resource >= threshold) lastRate = mean;
    if (i % every === 0) {
      history.times.push(i * step);
      history.rates.push(mean);
      history.resource.push(resource);
      history.consumers.push(rates.length / scale);
    }
    // Below a thousandth of its threshold the resource is beyond recall, and so is a handful of consumers with it.
    if (rates.length === 0 || resource < 1e-3 * threshold) return { ...history, lastRate, end: i * step };
    const next: number[] = [];
    for (const x of rates) {
      if (rng.uniform() >= death * step) next.push(x);
      if (rng.uniform() < conversion * x * resource * step) {
        next.push(rng.uniform() < mutation ? x * Math.exp(deviation * rng.normal()) : x);
      }
    }
    // Exact for the exponential growth within a step at the rates it began with.
    resource *= Math.exp(step * (growth * (resource / threshold - 1) * (1 - resource / capacity) - eaten / scale));
    rates = next;
  }
  return { ...history, lastRate };
}
