/**
 * @file How many requests are under way at once, found out by trying: one more for every round without complaint, a fifth
 * less when the endpoint says it is too many, and a pause for as long as it asks (additive increase, multiplicative
 * decrease).
 */

export interface LimiterPorts {
  /** Milliseconds, never running backward. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface LimiterOptions {
  readonly start?: number;
  readonly least?: number;
  readonly most?: number;
  /** Complaints within it count as one, in milliseconds. */
  readonly cooldownMs?: number;
}

export interface Limiter {
  /** Run a request when there is room for it. */
  run<T>(request: () => Promise<T>): Promise<T>;
  /** The endpoint said: too many. Nothing starts for `pauseMs`. */
  tooMany(pauseMs: number): void;
  /** An answer came without complaint. */
  succeeded(): void;
  /** The endpoint failed otherwise: no growth from this round. */
  failed(): void;
  readonly limit: number;
  /** Every change of the limit, with its time in milliseconds. */
  readonly history: readonly { readonly at: number; readonly limit: number }[];
}

const DECREASE = 0.8;
const GROWTH = 0.05;
/** Changes kept: a run of days must not fill the memory with them. */
const MOST_CHANGES = 1000;

export function createLimiter(
  { clock, sleep }: LimiterPorts,
  { start = 10, least = 1, most = 100, cooldownMs = 15_000 }: LimiterOptions = {},
): Limiter {
  let limit = Math.max(least, Math.min(most, start));
  let active = 0;
  let successes = 0;
  let pausedUntil = -Infinity;
  let calmFrom = -Infinity;
  let isWaking = false;
  const waiting: (() => void)[] = [];
  const history: { at: number; limit: number }[] = [{ at: clock(), limit }];
  const change = (to: number) => {
    const next = Math.max(least, Math.min(most, Math.floor(to)));
    successes = 0;
    if (next === limit) return;
    limit = next;
    if (history.length < MOST_CHANGES) history.push({ at: clock(), limit });
  };
  const pump = () => {
    const pause = pausedUntil - clock();
    if (pause > 0) {
      if (waiting.length > 0 && !isWaking) {
        isWaking = true;
        void sleep(pause).then(() => {
          isWaking = false;
          pump();
        });
      }
      return;
    }
    while (active < limit && waiting.length > 0) {
      active++;
      waiting.shift()!();
    }
  };
  return {
    async run(request) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        pump();
      });
      try {
        return await request();
      } finally {
        active--;
        pump();
      }
    },
    tooMany(pauseMs) {
      const now = clock();
      pausedUntil = Math.max(pausedUntil, now + pauseMs);
      if (now < calmFrom) return;
      calmFrom = now + Math.max(cooldownMs, pauseMs);
      change(limit * DECREASE);
    },
    succeeded() {
      successes++;
      if (successes >= limit && clock() >= calmFrom) change(limit + Math.max(1, limit * GROWTH));
    },
    failed() {
      successes = 0;
    },
    get limit() {
      return limit;
    },
    history,
  };
}
