/** @file Tracing: what is kept, what is merged, what is refused; and that rewriting changes no value. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { relativeError } from "./finite-differences.ts";
import { grad } from "./grad.ts";
import { type Graph, makeNode, type Spec, type Tensor, topological } from "./graph.ts";
import { add, apply, cast, concat, exp, matmul, mul, neg, relu, reshape, slice, sum } from "./ops.ts";
import { evaluate } from "./reference.ts";
import { sameShape, sizeOf } from "./shape.ts";
import { inline, trace } from "./trace.ts";

const f = (...shape: number[]): Spec => ({ shape, dtype: "float32" });

describe("trace", () => {
  test("drops what no output needs, and keeps inputs that nothing uses", () => {
    const graph = trace({ x: f(2), unused: f(3) }, ({ x }) => {
      exp(x);
      return { y: neg(x) };
    });
    expect(graph.nodes.map((node) => node.op)).toEqual(["input", "input", "neg"]);
    expect(Object.keys(graph.inputs)).toEqual(["x", "unused"]);
  });

  test("computes equal expressions once", () => {
    const graph = trace({ x: f(2) }, ({ x }) => ({ y: mul(exp(x), 2), z: add(exp(x), 1), w: mul(exp(x), 2) }));
    expect(graph.nodes.filter((node) => node.op === "exp")).toHaveLength(1);
    expect(graph.outputs.y).toBe(graph.outputs.w);
  });

  test("hash: equal content, equal hash; any difference, another", () => {
    const build = (factor: number, name = "y", shape = [2]) =>
      trace({ x: { shape, dtype: "float32" } }, ({ x }) => ({ [name]: mul(x, factor) })).hash;
    const others = [build(3), build(-2), build(2, "z"), build(2, "y", [3]), build(2.0000000000000004)];
    expect(build(2)).toBe(build(2));
    expect(new Set([build(2), ...others]).size).toBe(6);
  });

  test("deep chains do not overflow the stack", () => {
    const graph = trace({ x: f(1) }, ({ x }) => {
      let y: Tensor = x;
      for (let i = 0; i < 20_000; i++) y = relu(y);
      return { y };
    });
    expect(graph.nodes).toHaveLength(20_001);
  });

  test("refuses what it cannot trace", () => {
    let leaked: Tensor | undefined;
    trace({ x: f(1) }, ({ x }) => {
      leaked = x;
      return { y: x };
    });
    expect(() => trace({ z: f(1) }, () => ({ y: neg(leaked!) }))).toThrow(
      'trace: an output depends on another trace, got its input "x"; expected own inputs only',
    );
    expect(() => trace({ x: f(1) }, ({ x }) => ({ x }))).toThrow("output has the name of an input");
    expect(() => trace({ x: f(0) }, ({ x }) => ({ y: x }))).toThrow('input "x" has no static shape, got [0]');
    expect(() => trace({ "a#1": f(1) }, (inputs) => ({ y: Object.values(inputs)[0]! }))).toThrow('contains "#"');
  });
});

describe("inline", () => {
  const policy = trace({ x: f(2, 3), w: f(3, 2) }, ({ x, w }) => ({ logits: relu(matmul(x, w)), size: sum(x) }));

  test("a graph inside another one computes and differentiates as if written there", () => {
    const direct = trace({ x: f(2, 3), w: f(3, 2) }, ({ x, w }) => {
      const y = relu(matmul(mul(x, 2), w));
      return { y, dw: grad(sum(exp(y)), [w])[0]! };
    });
    const inlined = trace({ x: f(2, 3), w: f(3, 2) }, ({ x, w }) => {
      const y = inline(policy, { x: mul(x, 2), w }).logits!;
      return { y, dw: grad(sum(exp(y)), [w])[0]! };
    });
    expect(inlined.hash).toBe(direct.hash);
  });

  test("refuses inputs that do not fit", () => {
    expect(() => trace({ x: f(3, 3) }, ({ x }) => inline(policy, { x, w: x }))).toThrow(
      'inline: input "x" does not fit, got float32[3, 3]; expected float32[2, 3]',
    );
  });
});

describe("operations refuse what does not fit, in words", () => {
  const x = makeNode("input", [], { name: "x" }, f(2, 3));
  const n = makeNode("input", [], { name: "n" }, { shape: [2], dtype: "int32" });
  test.each([
    [
      "matmul",
      () => matmul(x, x),
      "matmul: inner lengths do not fit, got [2, 3] and [2, 3]; expected […, m, k] and […, k, n]",
    ],
    [
      "add",
      () => add(x, n),
      "add: element types do not fit, got float32 and int32; expected one element type out of float32, int32, int64",
    ],
    [
      "stretch",
      () => add(x, cast(n, "float32")),
      "add: shapes do not broadcast, got [2, 3] and [2]; expected equal lengths or 1",
    ],
    ["reshape", () => reshape(x, [4, -1]), "reshape: sizes differ, got [2, 3] to [4, 1.5]; expected as many elements"],
    ["axis", () => sum(x, { axes: 2 }), "sum: axis is out of range, got 2; expected -2 to 1"],
    [
      "slice",
      () => slice(x, { axis: 1, start: 2, end: 5 }),
      "slice: cut is empty or out of range, got [0, 2] to [2, 5]; expected a part of [2, 3]",
    ],
    [
      "concat",
      () => concat([x, reshape(x, [3, 2])], 0),
      "concat: shapes differ off axis 0, got [2, 3] and [3, 2]; expected equal lengths on all axes but 0",
    ],
    ["loss", () => grad(x, [x]), "grad: loss is not a scalar, got [2, 3]; expected []"],
  ])("%s", (_name, call, message) => {
    expect(call).toThrow(message);
  });
});

describe("simplification", () => {
  test("gradients carry no stretched copies and no neutral factors", () => {
    const graph = trace({ x: f(4, 3), w: f(3, 2), b: f(2) }, ({ x, w, b }) => {
      const [dw, db] = grad(sum(relu(add(matmul(x, w), b))), [w, b]);
      return { dw: dw!, db: db! };
    });
    const used = graph.nodes.map((node) => node.op);
    expect(used).not.toContain("broadcastTo");
    expect(used.filter((op) => op === "mul")).toHaveLength(0);
  });

  /** One step of a random program: an operation on earlier values. */
  interface Step {
    readonly kind: number;
    readonly left: number;
    readonly right: number;
    readonly detail: number;
  }
  function play(steps: readonly Step[], inputs: readonly Tensor[]): Tensor[] {
    const values = [...inputs];
    const scalar = (value: number) => {
      const spec = f();
      return apply("constant", [], { values: Float64Array.of(value), spec });
    };
    for (const { kind, left, right, detail } of steps) {
      const a = values[left % values.length]!;
      const b = values[right % values.length]!;
      const rank = a.shape.length;
      const axes = a.shape.flatMap((_n, i) => ((detail >> i) & 1 ? [i] : []));
      const fits = sameShape(a.shape, b.shape) || sizeOf(a.shape) === 1 || sizeOf(b.shape) === 1;
      if (kind === 0 && fits) values.push(apply("add", [a, b], {}));
      else if (kind === 1 && fits) values.push(apply("sub", [a, b], {}));
      else if (kind === 2 && fits) values.push(apply("mul", [a, b], {}));
      else if (kind === 3) values.push(apply("neg", [a], {}));
      else if (kind === 4) values.push(apply("mul", [a, scalar([1, -1, 0.5, 2][detail % 4]!)], {}));
      else if (kind === 5) values.push(apply("add", [scalar([0, 1][detail % 2]!), a], {}));
      else if (kind === 6) values.push(apply("sub", [scalar([0, 1][detail % 2]!), a], {}));
      else if (kind === 7) values.push(apply("sum", [a], { axes, keepDims: detail > 7 }));
      else if (kind === 8) values.push(apply("reshape", [a], { shape: [...a.shape].reverse() }));
      else if (kind === 9)
        values.push(apply("reshape", [a], { shape: detail % 2 ? [1, ...a.shape] : a.shape.filter((n) => n > 1) }));
      else if (kind === 10) values.push(apply("transpose", [a], { perm: a.shape.map((_n, i) => (i + detail) % rank) }));
      else if (kind === 11 && rank < 4 && sizeOf(a.shape) < 30) {
        const shape = [(detail % 2) + 1, ...a.shape.map((n) => (n === 1 ? 1 + (detail % 3) : n))];
        values.push(apply("broadcastTo", [a], { shape }));
      } else if (kind === 12) values.push(apply("tanh", [a], {}));
      else if (kind === 13 && rank > 0)
        values.push(apply("concat", [a, apply("neg", [a], {})], { axis: detail % rank }));
      else if (kind === 14 && rank > 0) {
        const start = a.shape.map((n, i) => (n > 1 && (detail >> i) & 1 ? 1 : 0));
        values.push(apply("slice", [a], { start, end: a.shape }));
      } else if (kind === 15 && rank > 1) {
        const turned = apply("transpose", [a], { perm: a.shape.map((_n, i) => (i < rank - 2 ? i : 2 * rank - 3 - i)) });
        values.push(apply("matmul", detail % 2 ? [turned, a] : [a, turned], { transposeA: false, transposeB: false }));
      }
    }
    return values.slice(inputs.length);
  }

  test("rewritten programs compute what they computed as written", () => {
    const inputs = { x: f(2, 3), y: f(3), z: f(1, 2), s: f() };
    const feeds = { x: [0.3, -1.2, 0.7, 1.9, -0.4, 0.8], y: [1.1, -0.6, 0.2], z: [0.9, -1.4], s: [0.5] };
    const small = fc.nat({ max: 15 });
    const program = fc.array(fc.record({ kind: small, left: small, right: small, detail: small }), {
      minLength: 4,
      maxLength: 14,
    });
    fc.assert(
      fc.property(program, (steps) => {
        let asWritten: Readonly<Record<string, Tensor>> = {};
        const rewritten = trace(inputs, ({ x, y, z, s }) => {
          asWritten = Object.fromEntries(play(steps, [x, y, z, s]).map((value, i) => [`v${i}`, value]));
          return asWritten;
        });
        const written: Graph = { ...rewritten, nodes: topological(Object.values(asWritten)), outputs: asWritten };
        const actual = evaluate(rewritten, feeds);
        for (const [name, expected] of Object.entries(evaluate(written, feeds))) {
          expect(rewritten.outputs[name]!.shape).toEqual(written.outputs[name]!.shape);
          expect(relativeError(actual[name]!, expected)).toBeLessThan(1e-12);
        }
      }),
      { numRuns: 400, seed: 5 },
    );
  });
});
