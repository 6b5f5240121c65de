/**
 * @file Random search (Bergstra and Bengio 2012): configurations drawn at random, each trained alike, and the best kept. It
 * is best-of-n selection, and its nominal bits are log₂ n.
 */
import { drawConfiguration, type Found, recorder, type Search } from "../meta-optimizer.ts";

/** The best of `trials` random configurations, each given `budget`. */
export async function randomSearch<S>(
  search: Search<S>,
  { trials, budget }: { readonly trials: number; readonly budget: number },
): Promise<Found<S>> {
  const record = recorder(search);
  for (let i = 0; i < trials; i++) {
    await record.attempt({ configuration: drawConfiguration(search.space, search.rng), budget });
  }
  return record.found();
}
