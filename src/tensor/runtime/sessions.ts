/**
 * @file The session cache: a session costs 5 to 100 ms to build, so equal graphs
 * share one per thread.
 */

/**
 * How many sessions stay alive unused. A sweep over one task uses about ten
 * (policy, training and evaluation at a few batch sizes).
 */
const KEPT = 64;

/** Values built once per key; the least recently used are forgotten, which frees them once nobody holds them. */
export class SessionCache<T> {
  readonly #entries = new Map<string, Promise<T>>();
  readonly #kept: number;

  constructor(kept = KEPT) {
    this.#kept = kept;
  }

  /** The value of `key`, built by `build` unless it is there or on its way. A failed build is not kept. */
  get(key: string, build: () => Promise<T>): Promise<T> {
    const found = this.#entries.get(key);
    // Taken out and put back: a Map iterates in order of insertion, so the front is the least recent.
    this.#entries.delete(key);
    const value = found ?? build();
    this.#entries.set(key, value);
    if (found === undefined) {
      value.catch(() => this.#forget(key, value));
      for (const oldest of this.#entries.keys()) {
        if (this.#entries.size <= this.#kept) break;
        this.#entries.delete(oldest);
      }
    }
    return value;
  }

  #forget(key: string, value: Promise<T>): void {
    if (this.#entries.get(key) === value) this.#entries.delete(key);
  }
}
