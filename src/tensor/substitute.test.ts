/** @file Surgery on traces against computations done by hand, gradients included. */
import { describe, expect, test } from "vitest";
import { LabError } from "../core/errors.ts";
import { grad } from "./grad.ts";
import type { Tensor } from "./graph.ts";
import { add, constant, exp, mul, reshape, sum } from "./ops.ts";
import { evaluate } from "./reference.ts";
import { type Edit, substitute } from "./substitute.ts";
import { trace } from "./trace.ts";

const SCALAR = { shape: [], dtype: "float32" } as const;

/** `y` of a function of x, at a number. */
function at(x: number, build: (x: Tensor) => Tensor): number {
  const graph = trace({ x: SCALAR }, (inputs) => ({ y: build(inputs.x) }));
  return evaluate(graph, { x: [x] }).y![0]!;
}

describe("substitute", () => {
  test("rebuilds what depends on an edited value, and nothing else", () => {
    trace({ x: SCALAR }, ({ x }) => {
      const [left, right] = [mul(x, 2), mul(x, 3)];
      const [kept, moved] = substitute([right, add(left, right)], new Map([[left, () => constant(10, [])]]));
      expect(kept).toBe(right);
      expect(moved!.inputs[1]).toBe(right);
      return { moved: moved! };
    });
    const sumOfBoth = (x: Tensor) => {
      const [left, right] = [mul(x, 2), mul(x, 3)];
      return substitute([add(left, right)], new Map([[left, () => constant(10, [])]]))[0]!;
    };
    expect(at(5, sumOfBoth)).toBe(25);
  });

  test("an edit may build on the value it replaces, and is applied once", () => {
    const build = (x: Tensor) => {
      const inner = add(x, 1);
      return substitute([mul(inner, inner)], new Map([[inner, (value: Tensor) => mul(value, value)]]))[0]!;
    };
    // ((x + 1)²)² at 2
    expect(at(2, build)).toBe(81);
  });

  test("edits downstream see the edits upstream; values held elsewhere stay unedited", () => {
    const chain = (edits: (a: Tensor, b: Tensor) => Map<Tensor, Edit>) => (x: Tensor) => {
      const a = mul(x, 2);
      const b = mul(a, 3);
      return substitute([mul(b, 5)], edits(a, b))[0]!;
    };
    // ((2x + 1) · 3 + 1) · 5 at 1
    const both = chain((a, b) => new Map([a, b].map((site) => [site, (value: Tensor) => add(value, 1)])));
    expect(at(1, both)).toBe(50);
    // b is set to the unedited b plus 1, so the edit of a is lost.
    const held = chain(
      (a, b) =>
        new Map([
          [a, (value: Tensor) => add(value, 1)],
          [b, () => add(b, 1)],
        ]),
    );
    expect(at(1, held)).toBe(35);
  });

  test("no edits, and edits of values that nothing needs, return the same tensors", () => {
    trace({ x: SCALAR }, ({ x }) => {
      const y = exp(x);
      expect(substitute([y], new Map())[0]).toBe(y);
      expect(substitute([y], new Map([[mul(x, 2), () => x]]))[0]).toBe(y);
      return { y };
    });
  });

  test("an input and an output can be edited", () => {
    expect(at(3, (x) => substitute([mul(x, x)], new Map([[x, (value: Tensor) => add(value, 1)]]))[0]!)).toBe(16);
    expect(
      at(3, (x) => {
        const y = mul(x, x);
        return substitute([y], new Map([[y, (value: Tensor) => add(value, 1)]]))[0]!;
      }),
    ).toBe(10);
  });

  test("gradients flow through edits: d/dδ and d/dx of Σ (w · (2x + δ))²", () => {
    const graph = trace({ x: { shape: [2], dtype: "float32" }, delta: { shape: [2], dtype: "float32" } }, (inputs) => {
      const inner = mul(inputs.x, 2);
      const scaled = mul(inner, constant([3, 5], [2]));
      const [loss] = substitute(
        [sum(mul(scaled, scaled))],
        new Map([[inner, (value: Tensor) => add(value, inputs.delta)]]),
      );
      const [dx, ddelta] = grad(loss!, [inputs.x, inputs.delta]);
      return { loss: loss!, dx: dx!, ddelta: ddelta! };
    });
    const { loss, dx, ddelta } = evaluate(graph, { x: [1, 2], delta: [1, -1] });
    // inner = [3, 3]; scaled = [9, 15]
    expect(loss![0]).toBe(306);
    expect([...ddelta!]).toEqual([2 * 9 * 3, 2 * 15 * 5]);
    expect([...dx!]).toEqual([2 * 2 * 9 * 3, 2 * 2 * 15 * 5]);
  });

  test("a replacement of another shape is refused", () => {
    const build = () =>
      trace({ x: { shape: [2], dtype: "float32" } }, ({ x }) => {
        const inner = mul(x, 2);
        return { y: substitute([sum(inner)], new Map([[inner, (value: Tensor) => reshape(value, [1, 2])]]))[0]! };
      });
    expect(build).toThrow(LabError);
    expect(build).toThrow("got float32[1, 2]; expected float32[2]");
  });
});
