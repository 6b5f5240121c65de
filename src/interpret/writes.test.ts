/** @file Writes into a network whose logits are its activations, so that every change can be seen, and a planted direction that flips the action. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { PolicyShape } from "../network.ts";
import { logitsSubject } from "../policy/inference.ts";
import { tracedInside } from "../policy/inside.ts";
import type { Inside, Subject } from "../subject.ts";
import { add, concat, constant, matmul, mul, referenceExecutor, reshape, transpose } from "../tensor/index.ts";
import type { LinearFit } from "../theory/numerics/linear-fit.ts";
import { recordActivations } from "./activations.ts";
import { massOn, tryWrite } from "./writes.ts";
import { patchFrom, pushTo, type Write, writtenSubject } from "./written.ts";

const CELLS = 9;
const N = 5;
const open: PolicyShape = { planes: 2, height: 3, width: 3, actions: 2 * CELLS };
const random = rng(4);
const observations = Uint8Array.from({ length: N * 2 * CELLS }, () => random.int(2));

/** The planes times three are the state, the state (after a second site, channels last) the logits. */
const glass: Inside = {
  weights: { three: Float32Array.of(3) },
  specs: { three: { shape: [1], dtype: "float32" } },
  executor: referenceExecutor,
  forward(p, planes) {
    const state = mul(planes, reshape(p.three!, [1, 1, 1, 1]));
    const last = transpose(state, [0, 2, 3, 1]);
    const logits = reshape(transpose(last, [0, 3, 1, 2]), [planes.shape[0]!, 2 * CELLS]);
    return { logits, sites: { state, last, flat: logits } };
  },
};

function subjectOf(inside: Inside, shape: PolicyShape): Subject {
  const logits = async (rows: Uint8Array, n: number) => {
    const program = await inside.executor.load(
      tracedInside(inside, shape, n, (_, __, pass) => ({ "all logits": pass.logits })),
    );
    const given = await program.run({
      ...inside.weights,
      planes: Float32Array.from(rows.slice(0, n * shape.planes * CELLS)),
    });
    return Float32Array.from(given["all logits"] as Float32Array);
  };
  return { ...logitsSubject("glass", { shape, logits }, ["activations", "gradients"]), inside };
}

const subject = subjectOf(glass, open);
const state = Float32Array.from(observations, (x) => 3 * x);
const under = async (writes: readonly Write[], options = {}) =>
  Float32Array.from(await writtenSubject(subject, writes, options).logits!(observations, N));

/** What the writes change, `[n][channel · cells + cell]`. */
async function changes(writes: readonly Write[], options = {}): Promise<number[][]> {
  const all = await under(writes, options);
  return Array.from({ length: N }, (_, i) =>
    Array.from({ length: 2 * CELLS }, (_, j) => all[i * 2 * CELLS + j]! - state[i * 2 * CELLS + j]!),
  );
}

describe("writes", () => {
  const direction = Float32Array.of(3, 4);

  test.each(["state", "last"])("add a direction at chosen cells of %s, and nowhere else", async (site) => {
    const write: Write = { kind: "add", site, direction, amount: { size: 2 }, where: (row) => [row] };
    for (const [i, change] of (await changes([write])).entries()) {
      const expected = change.map((_, j) => (j === i ? 6 : j === CELLS + i ? 8 : 0));
      for (const [j, value] of change.entries()) expect(value).toBeCloseTo(expected[j]!, 4);
    }
  });

  test("two writes at one site are both done, in order; a vector site takes a write as a whole", async () => {
    const one: Write = { kind: "add", site: "state", direction, amount: { size: 1 } };
    const all = Float32Array.from({ length: 2 * CELLS }, (_, j) => j);
    const flat: Write = { kind: "add", site: "flat", direction: all, amount: { size: -1 } };
    const [first] = await changes([one, one, flat]);
    for (const [j, value] of first!.entries()) expect(value).toBeCloseTo((j < CELLS ? 6 : 8) - j, 4);
  });

  test("no gain, no change", async () => {
    const write: Write = { kind: "add", site: "state", direction, amount: { size: 2 } };
    const patch: Write = { kind: "replace", site: "state", fill: (_, out) => out.fill(9) };
    expect((await changes([write, patch], { gain: 0 })).flat().every((value) => Math.abs(value) < 1e-6)).toBe(true);
  });

  test("push a probe's logit, or its margin, to the target by the shortest way, from below only", async () => {
    // Two channels, two classes.
    const fit: LinearFit = {
      features: 2,
      classes: 2,
      weights: Float64Array.of(1, 0.5, 2, -1),
      bias: Float64Array.of(0.25, 0),
    };
    const at = 4;
    const read = (values: Float32Array, i: number, k: number) =>
      fit.bias[k]! + values[i * 18 + at]! * fit.weights[k]! + values[i * 18 + CELLS + at]! * fit.weights[2 + k]!;
    const plain = await under([pushTo("state", fit, 0, { target: 4, where: () => [at] })]);
    const margin = await under([pushTo("state", fit, 0, { target: 4, against: 1, where: () => [at] })]);
    for (let i = 0; i < N; i++) {
      const before = read(state, i, 0);
      expect(read(plain, i, 0)).toBeCloseTo(Math.max(4, before), 4);
      expect(read(margin, i, 0) - read(margin, i, 1)).toBeCloseTo(Math.max(4, before - read(state, i, 1)), 4);
      // The shortest way is along the weights.
      const [a, b] = [
        plain[i * 18 + at]! - state[i * 18 + at]!,
        plain[i * 18 + CELLS + at]! - state[i * 18 + CELLS + at]!,
      ];
      expect(2 * a - b).toBeCloseTo(0, 4);
    }
  });

  test("patch in another row's activation, all of it or some channels and cells", async () => {
    const { last } = await recordActivations({ inside: glass, shape: open, sites: ["last"], observations, n: N });
    const from = [1, 2, 3, 4, 0];
    const all = await under([patchFrom(last!, from)]);
    for (let i = 0; i < N; i++)
      expect(all.slice(i * 18, i * 18 + 18)).toEqual(state.slice(from[i]! * 18, from[i]! * 18 + 18));
    const some = await under([patchFrom(last!, from, { only: [1], where: () => [2, 3] })]);
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < 18; j++) {
        const isWritten = j === CELLS + 2 || j === CELLS + 3;
        expect(some[i * 18 + j]).toBe(state[(isWritten ? from[i]! : i) * 18 + j]);
      }
    }
  });

  test("random writes go as far, another way, at the same cells", async () => {
    const where = () => [0, 7];
    const fit: LinearFit = { features: 2, classes: 1, weights: Float64Array.of(1, 2), bias: Float64Array.of(0) };
    const writes: Write[] = [
      { kind: "add", site: "state", direction, amount: { size: 2 }, where },
      pushTo("state", fit, 0, { target: 8, where }),
      { kind: "replace", site: "state", fill: (row, out) => out.fill(row + 5), only: [1], where },
    ];
    for (const write of writes) {
      const [real, other] = [await changes([write]), await changes([write], { random: rng(8) })];
      const again = await changes([write], { random: rng(8) });
      expect(again).toEqual(other);
      for (const [i, change] of real.entries()) {
        expect(Math.hypot(...other[i]!)).toBeCloseTo(Math.hypot(...change), 3);
        for (const [j, value] of other[i]!.entries())
          if (j % CELLS !== 0 && j % CELLS !== 7) expect(value).toBeCloseTo(0, 6);
      }
      expect(real.flat().some((value, j) => Math.abs(value - other.flat()[j]!) > 0.1)).toBe(true);
    }
  });

  test("what does not fit is refused", async () => {
    const wide: Write = { kind: "add", site: "state", direction: new Float32Array(3).fill(1), amount: { size: 1 } };
    await expect(under([wide])).rejects.toThrow('does not fit site "state", got 3 numbers; expected 2');
    await expect(under([{ ...wide, site: "stat" }])).rejects.toThrow(
      'site "stat" does not exist; known: state, last, flat',
    );
    const { inside: _, ...closed } = subject;
    expect(() => writtenSubject(closed, [])).toThrow("cannot be looked into");
  });
});

describe("a trial", () => {
  const WIDTH = 32;
  const shape: PolicyShape = { ...open, actions: 2 };
  /** The last of 32 units decides; the others carry the observation and are ignored. */
  const decider: Inside = {
    weights: {
      out: Float32Array.from({ length: WIDTH * 2 }, (_, i) => (i === 2 * WIDTH - 2 ? 1 : i === 2 * WIDTH - 1 ? -1 : 0)),
    },
    specs: { out: { shape: [WIDTH, 2], dtype: "float32" } },
    executor: referenceExecutor,
    forward(p, planes) {
      const batch = planes.shape[0]!;
      const flat = reshape(planes, [batch, 2 * CELLS]);
      const rest = add(mul(flat, 0), constant(3, [batch, 2 * CELLS]));
      const hidden = concat([flat, reshape(rest, [batch, 2 * CELLS])], 1);
      const used = matmul(
        hidden,
        constant(
          Float64Array.from({ length: 36 * WIDTH }, (_, i) => (i % WIDTH === Math.floor(i / WIDTH) - 4 ? 1 : 0)),
          [36, WIDTH],
        ),
      );
      return { logits: matmul(used, p.out!), sites: { hidden: used } };
    },
  };
  const planted = Float32Array.from({ length: WIDTH }, (_, i) => (i === WIDTH - 1 ? 1 : 0));
  const elsewhere = Float32Array.from({ length: WIDTH }, (_, i) => (i === 0 ? 1 : 0));
  const amount = { size: -8 };
  const trial = {
    subject: subjectOf(decider, shape),
    writes: [{ kind: "add", site: "hidden", direction: planted, amount }] as const,
    wrong: [{ kind: "add", site: "hidden", direction: elsewhere, amount }] as const,
    // The second action is wanted, which the untouched network never takes.
    outcome: massOn(observations, N, new Uint8Array(N).fill(2)),
    layout: [0, 1, 2, 3, 4],
    rng: rng(6),
  };

  test("of a planted direction: it flips the action, and nothing else does", async () => {
    const report = await tryWrite({ ...trial, randoms: 10 });
    expect(report.untouched.mean).toBeLessThan(0.01);
    expect(report.nothing.mean).toBeCloseTo(report.untouched.mean, 6);
    expect(report.wrong.mean).toBeCloseTo(report.untouched.mean, 6);
    expect(report.written.mean).toBeGreaterThan(0.99);
    expect(report.randomMeans).toHaveLength(10);
    expect(report.random.mean).toBeLessThan(0.5);
    expect(report.beaten).toBeGreaterThanOrEqual(0.9);
    expect(report.over.random.mean).toBeCloseTo(report.written.mean - report.random.mean, 10);
    expect(report.over.wrong.mean).toBeGreaterThan(0.9);
    expect(report.over.wrong.low).toBeLessThan(report.over.wrong.mean);
    expect(report.written.unit).toBe("layouts");
  });

  test("of a direction that nothing reads: no better than random", async () => {
    const report = await tryWrite({ ...trial, writes: trial.wrong, wrong: trial.writes, randoms: 5 });
    expect(report.over.random.high).toBeLessThan(0.5);
    expect(report.over.nothing.mean).toBeCloseTo(0, 6);
  });

  test("with too few random writes is refused", async () => {
    await expect(tryWrite({ ...trial, randoms: 4 })).rejects.toThrow("got 4; expected at least 5");
  });
});
