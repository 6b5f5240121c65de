/**
 * @file Randomness as a value: one seed, named forks.
 *
 * A fork depends on the seed and the path of labels only, never on how many
 * numbers were drawn before, so adding a draw in one place changes nothing
 * anywhere else. The generator is xoroshiro128+ from pure-rand: integers and
 * IEEE doubles only, so every machine draws the same numbers.
 */
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** Four 32-bit words. */
type Seed = readonly [number, number, number, number];

/** A stream of random numbers. */
export interface Rng {
  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number;
  /** Uniform integer in [0, n), for 1 ≤ n ≤ 2^32. */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform 32 random bits as a signed integer: the cheapest draw. */
  bits(): number;
  /** Shuffle in place (Fisher and Yates). */
  shuffle(items: Int32Array | number[]): void;
  /** A new stream that depends only on this stream's seed and `label`. */
  fork(label: string | number): Rng;
}

/**
 * The stream of one seed.
 *
 * @example
 * const a = rng(7);
 * a.uniform();
 * a.fork("env").uniform() === rng(7).fork("env").uniform(); // => true
 */
export function rng(seed: number): Rng {
  return stream(absorb([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef], `seed:${seed}`));
}

function stream(seed: Seed): Rng {
  // An all-zero state would stay zero for ever; the guard bit makes it impossible.
  const generator = xoroshiro128plusFromState([seed[0], seed[1], seed[2], seed[3] | 1]);
  let spare: number | undefined;
  const uniform = () => (generator.next() >>> 0) / 4294967296;
  const int = (n: number) => Math.floor(uniform() * n);
  return {
    uniform,
    int,
    bits: () => generator.next(),
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      // Marsaglia's polar method: only sqrt and log, two values a pass.
      for (;;) {
        const x = 2 * uniform() - 1;
        const y = 2 * uniform() - 1;
        const s = x * x + y * y;
        if (s >= 1 || s === 0) continue;
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = y * scale;
        return x * scale;
      }
    },
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = int(i + 1);
        const held = items[i]!;
        items[i] = items[j]!;
        items[j] = held;
      }
    },
    fork: (label) => stream(absorb(seed, `/${typeof label}:${label}`)),
  };
}

/** Mix a label into a seed: four lanes of multiply-xor-rotate, then an avalanche. */
function absorb(seed: Seed, label: string): Seed {
  let [a, b, c, d] = seed;
  for (let i = 0; i < label.length; i++) {
    const k = label.charCodeAt(i) + 1;
    a = Math.imul(a ^ k, 0x85ebca6b);
    b = Math.imul(b ^ a ^ k, 0xc2b2ae35);
    c = Math.imul(c ^ b ^ (a >>> 15), 0x27d4eb2f);
    d = Math.imul(d ^ c ^ (b >>> 13), 0x165667b1);
    [a, b, c, d] = [(b << 7) | (b >>> 25), (c << 11) | (c >>> 21), (d << 13) | (d >>> 19), (a << 17) | (a >>> 15)];
  }
  const mix = (h: number) => {
    let x = h ^ (h >>> 16);
    x = Math.imul(x, 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return x ^ (x >>> 16);
  };
  const [e, f, g, h] = [mix(a + d), mix(b + a), mix(c + b), mix(d + c)];
  return [mix(e + h), mix(f ^ e), mix(g + f), mix(h ^ g)];
}
