/** @file Gradients of whole functions: random graphs, known networks, closed forms, refusals. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { attention, crossEntropy, gelu, layerNorm, linear } from "./compose.ts";
import { derivativeErrors, graphOf, relativeError, type Subject } from "./finite-differences.ts";
import { grad, hessianVectorProduct } from "./grad.ts";
import type { Spec, Tensor } from "./graph.ts";
import * as ops from "./ops.ts";
import { evaluate } from "./reference.ts";
import { openExecutor } from "./runtime/open.ts";
import { sameShape, sizeOf } from "./shape.ts";
import { trace } from "./trace.ts";

const f = (...shape: number[]): Spec => ({ shape, dtype: "float32" });

const normals = (inputs: Readonly<Record<string, Spec>>, seed: number, scale = 1): Record<string, Float64Array> => {
  const random = rng(seed);
  const values = ({ shape }: Spec) => Float64Array.from({ length: sizeOf(shape) }, () => scale * random.normal());
  return Object.fromEntries(Object.entries(inputs).map(([name, spec]) => [name, values(spec)]));
};

const { add, mul, sub, matmul, tanh } = ops;

/** Smooth steps of random graphs; each takes a value, maybe another one, and bounded detail. */
const smooth: readonly ((a: Tensor, b: Tensor, detail: number) => Tensor | undefined)[] = [
  (a) => tanh(a),
  (a) => ops.sigmoid(a),
  (a) => ops.softplus(a),
  (a) => ops.sin(a),
  (a) => ops.erf(a),
  (a) => ops.exp(tanh(a)),
  (a) => ops.log(add(ops.square(a), 1)),
  (a) => ops.sqrt(add(ops.square(a), 0.5)),
  (a) => ops.pow(add(ops.square(a), 1), -1.5),
  (a) => gelu(a),
  (a, b) => (sameShape(a.shape, b.shape) ? add(a, b) : undefined),
  (a, b) => (sameShape(a.shape, b.shape) ? mul(a, tanh(b)) : undefined),
  (a, b) => (sameShape(a.shape, b.shape) ? ops.div(a, add(ops.square(b), 1)) : undefined),
  (a, b) => (sizeOf(b.shape) === 1 ? mul(ops.broadcastTo(ops.reshape(b, []), a.shape), a) : undefined),
  (a, b) => (b.shape.length === 1 && a.shape.at(-1) === b.shape[0] ? sub(a, b) : undefined),
  (a) => (a.shape.length >= 2 ? tanh(matmul(a, a, { transposeB: true })) : undefined),
  (a) => (a.shape.length >= 2 ? ops.transpose(a) : undefined),
  (a) => ops.reshape(a, [-1]),
  (a, _b, detail) =>
    a.shape.length > 0 ? ops.sum(a, { axes: detail % a.shape.length, keepDims: detail > 3 }) : undefined,
  (a) => (a.shape.length > 0 ? ops.softmax(a) : undefined),
  (a, _b, detail) => (a.shape.length > 0 ? ops.logSoftmax(a, detail % a.shape.length) : undefined),
  (a) => (a.shape.length > 0 ? ops.logSumExp(a, { axes: 0 }) : undefined),
  (a, _b, detail) => (a.shape.length > 0 ? ops.cumsum(a, detail % a.shape.length, { reverse: detail > 3 }) : undefined),
  (a, _b, detail) => (a.shape.length > 0 ? ops.concat([a, tanh(a)], detail % a.shape.length) : undefined),
  (a, _b, detail) => {
    const axis = detail % Math.max(1, a.shape.length);
    if ((a.shape[axis] ?? 0) < 2) return undefined;
    return ops.slice(a, detail > 3 ? { axis, start: 1 } : { axis, end: -1 });
  },
  (a, _b, detail) =>
    ops.pad(
      a,
      a.shape.map(() => detail % 2),
      a.shape.map(() => 1),
      0.3,
    ),
  (a, _b, detail) => {
    if (a.shape.length === 0) return undefined;
    const rows = ops.constant([0, detail % a.shape[0]!, 0], [3], "int64");
    return ops.gather(a, rows);
  },
];

/** A random smooth function of `x [2, 3]`, `w [3, 3]`, `b [3]` and `s []`. */
function randomSubject(program: readonly (readonly [number, number, number, number])[]): Subject {
  return {
    inputs: { x: f(2, 3), w: f(3, 3), b: f(3), s: f() },
    build({ x, w, b, s }) {
      const values = [s!, b!, w!, x!];
      for (const [kind, left, right, detail] of program) {
        const [first, second] = [values.at(-1 - (left % values.length))!, values.at(-1 - (right % values.length))!];
        if (sizeOf(first.shape) > 60) continue;
        const value = smooth[kind]!(first, second, detail);
        if (value) values.push(value);
      }
      return ops.concat(
        values.map((value) => ops.reshape(value, [-1])),
        0,
      );
    },
  };
}

const program = fc.array(
  fc.tuple(fc.nat({ max: smooth.length - 1 }), fc.nat({ max: 3 }), fc.nat({ max: 5 }), fc.nat({ max: 7 })),
  { minLength: 3, maxLength: 9 },
);

describe("random graphs", () => {
  test("gradients and Hessian-vector products agree with central differences", () => {
    fc.assert(
      fc.property(program, fc.nat({ max: 1000 }), (steps, seed) => {
        const subject = randomSubject(steps);
        const errors = derivativeErrors(subject, normals(subject.inputs, seed, 0.7));
        expect(errors.gradient).toBeLessThan(1e-6);
        expect(errors.hessianVectorProduct).toBeLessThan(1e-6);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  test.each(["native", "wasm"] as const)("the %s executor computes values and gradients to float32", async (id) => {
    const { executor } = await openExecutor(id);
    await fc.assert(
      fc.asyncProperty(program, fc.nat({ max: 1000 }), async (steps, seed) => {
        const subject = randomSubject(steps);
        const names = Object.keys(subject.inputs);
        const graph = trace(subject.inputs, (inputs) => {
          const y = subject.build(inputs);
          const gradients = grad(
            ops.sum(tanh(y)),
            names.map((name) => inputs[name]!),
          );
          return { y, ...Object.fromEntries(names.map((name, i) => [`d_${name}`, gradients[i]!])) };
        });
        const rounded = Object.entries(normals(subject.inputs, seed, 0.7)).map(
          ([k, v]) => [k, Float32Array.from(v)] as const,
        );
        const feeds = Object.fromEntries(rounded);
        const [actual, expected] = [await (await executor.load(graph)).run(feeds), evaluate(graph, feeds)];
        for (const name in expected) {
          expect(relativeError(Array.from(actual[name]!, Number), expected[name]!)).toBeLessThan(1e-4);
        }
      }),
      { numRuns: 40, seed: 4 },
    );
  });
});

/** Networks as the laboratory builds them, small. */
const networks: Readonly<Record<string, Subject>> = {
  "layer norm": {
    inputs: { x: f(3, 4), gain: f(4), bias: f(4) },
    build: ({ x, gain, bias }) => layerNorm(x!, gain!, bias!),
  },
  "causal attention": {
    inputs: { q: f(2, 3, 2), k: f(2, 3, 2), v: f(2, 3, 2) },
    build: ({ q, k, v }) => attention(q!, k!, v!, { causal: true }),
  },
  "weight-tied convolution, three ticks": {
    inputs: { x: f(1, 2, 4, 4), w: f(2, 2, 3, 3), b: f(2, 1, 1) },
    build: ({ x, w, b }) => {
      let state = x!;
      for (let tick = 0; tick < 3; tick++)
        state = add(mul(state, 0.5), tanh(add(ops.conv2d(state, w!, { padding: 1 }), b!)));
      return state;
    },
  },
  "gated recurrent cell, four steps": {
    inputs: { x: f(2, 4, 3), w: f(3, 4), u: f(2, 4), b: f(4) },
    build: ({ x, w, u, b }) => {
      let h = ops.constant(0, [2, 2]);
      for (let t = 0; t < 4; t++) {
        const now = ops.reshape(ops.slice(x!, { axis: 1, start: t, end: t + 1 }), [2, 3]);
        const gates = add(add(matmul(now, w!), matmul(h, u!)), b!);
        const keep = ops.sigmoid(ops.slice(gates, { axis: 1, end: 2 }));
        h = add(mul(keep, h), mul(sub(1, keep), tanh(ops.slice(gates, { axis: 1, start: 2 }))));
      }
      return h;
    },
  },
  "cross-entropy of an embedding": {
    inputs: { table: f(5, 3), w: f(3, 4), b: f(4) },
    build: ({ table, w, b }) => {
      const tokens = ops.constant([0, 4, 4, 2], [4], "int32");
      return crossEntropy(linear(ops.gather(table!, tokens), w!, b!), ops.constant([1, 0, 3, 1], [4], "int64"));
    },
  },
  "linear attention": {
    inputs: { tokens: f(2, 4, 3), p: f(3, 3), q: f(3, 3) },
    build: ({ tokens, p, q }) => {
      const scores = matmul(matmul(tokens!, q!), tokens!, { transposeB: true });
      return add(tokens!, matmul(scores, matmul(tokens!, p!)));
    },
  },
};

describe("networks", () => {
  test.each(Object.entries(networks))("%s", (_name, subject) => {
    const errors = derivativeErrors(subject, normals(subject.inputs, 1, 0.7));
    expect(errors.gradient).toBeLessThan(1e-6);
    expect(errors.hessianVectorProduct).toBeLessThan(1e-6);
  });
});

describe("closed forms", () => {
  test("a quadratic's Hessian-vector product is its matrix times the vector", () => {
    const graph = trace({ x: f(3), a: f(3, 3), v: f(3) }, ({ x, a, v }) => {
      const column = ops.reshape(x, [3, 1]);
      const loss = ops.sum(mul(column, matmul(a, column)));
      return { hv: hessianVectorProduct(loss, [x], [v])[0]! };
    });
    const a = [1, 2, 3, 4, 5, 6, 7, 8, 10];
    const v = [1, -2, 0.5];
    const symmetric = v.map((_, i) => v.reduce((total, vj, j) => total + (a[3 * i + j]! + a[3 * j + i]!) * vj, 0));
    expect(Array.from(evaluate(graph, { x: [9, 9, 9], a, v }).hv!)).toEqual(symmetric);
  });

  test("third order: d³ x⁴ / dx³ = 24 x", () => {
    const graph = trace({ x: f() }, ({ x }) => {
      let y = ops.pow(x, 4);
      for (let order = 0; order < 3; order++) y = grad(y, [x])[0]!;
      return { y };
    });
    expect(evaluate(graph, { x: [1.5] }).y![0]).toBeCloseTo(36, 10);
  });

  test("gradients of inner values, of unused inputs, and past stopGradient", () => {
    const graph = trace({ x: f(2), unused: f(2) }, ({ x, unused }) => {
      const h = tanh(x);
      const loss = ops.sum(mul(h, ops.stopGradient(h)));
      const [dh, dx, none] = grad(loss, [h, x, unused]);
      return { h, dh: dh!, dx: dx!, none: none! };
    });
    const { h, dh, dx, none } = evaluate(graph, { x: [0.3, -1], unused: [1, 2] });
    expect(dh).toEqual(h);
    expect(dx).toEqual(h!.map((y) => y * (1 - y * y)));
    expect(none).toEqual(new Float64Array(2));
  });

  test("gradients of inner values that a rewriting would bypass", () => {
    const graph = trace({ x: f(2) }, ({ x }) => {
      const h = ops.neg(x);
      const wide = ops.reshape(h, [2, 1]);
      const [dh, dWide] = grad(ops.sum(ops.exp(ops.neg(ops.reshape(wide, [2])))), [h, wide]);
      return { dh: dh!, dWide: dWide! };
    });
    const expected = Float64Array.of(-Math.exp(0.5), -Math.exp(-1));
    expect(evaluate(graph, { x: [0.5, -1] })).toEqual({ dh: expected, dWide: expected });
  });

  /** Gradient of `sum f(x)` at `x`. */
  const slope = (build: (x: Tensor) => Tensor, shape: readonly number[], x: readonly number[]) => {
    const graph = trace({ x: f(...shape) }, ({ x }) => ({ y: grad(ops.sum(build(x)), [x])[0]! }));
    return Array.from(evaluate(graph, { x }).y!);
  };

  test("ties pass the whole gradient once: to the first of min, shared by maximum, to the first of a pool", () => {
    expect(slope((x) => ops.min(x, mul(x, 1)), [2], [1, 2])).toEqual([1, 1]);
    expect(slope((x) => ops.maximum(x), [4], [5, 2, 5, 1])).toEqual([0.5, 0, 0.5, 0]);
    expect(slope((x) => ops.maxPool2d(x, { size: 2 }), [1, 1, 2, 2], [3, 7, 7, 7])).toEqual([0, 1, 0, 0]);
  });

  test("a limit passes the gradient at its ends and not beyond; relu passes none at zero", () => {
    expect(slope((x) => ops.clip(x, -1, 1), [5], [-2, -1, 0, 1, 2])).toEqual([0, 1, 1, 1, 0]);
    expect(slope(ops.relu, [3], [-1, 0, 1])).toEqual([0, 0, 1]);
  });

  test("what the parts of a cut tensor send back is joined, not padded and added", () => {
    const graph = trace({ x: f(2, 5, 3) }, ({ x }) => {
      let h = ops.constant(0, [2, 1, 3]);
      for (let t = 0; t < 5; t++) h = tanh(add(h, ops.slice(x, { axis: 1, start: t, end: t + 1 })));
      return { dx: grad(ops.sum(h), [x])[0]! };
    });
    const used = graph.nodes.map((node) => node.op);
    expect(used).not.toContain("pad");
    expect(used.filter((op) => op === "concat")).toHaveLength(1);
  });
});

describe("refusals", () => {
  const build = (f2: (x: Tensor) => Tensor) => () =>
    graphOf({ inputs: { x: f(2) }, build: ({ x }) => grad(ops.sum(f2(x!)), [x!])[0]! });

  test("an operation that is flat almost everywhere is named", () => {
    expect(build(ops.round)).toThrow("grad: operation is flat almost everywhere, got round");
    expect(build((x) => ops.floor(mul(x, 2)))).toThrow("got floor");
  });

  test("but not where zero is meant, or where nothing depends on it", () => {
    expect(build((x) => add(x, ops.round(ops.stopGradient(x))))).not.toThrow();
    expect(build((x) => add(x, ops.cast(ops.cast(x, "int32"), "float32")))).not.toThrow();
    expect(build((x) => add(x, ops.sign(ops.constant([1, 2]))))).not.toThrow();
  });

  test("integers are not differentiable", () => {
    expect(() =>
      trace({ n: { shape: [], dtype: "int64" } }, ({ n }) => ({ y: grad(ops.cast(n, "float32"), [n])[0]! })),
    ).toThrow("grad: not differentiable, got int64; expected float32");
  });
});
