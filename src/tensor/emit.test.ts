/** @file Emission: names, outputs that are no results of their own, and what onnxruntime makes of it. */
import { describe, expect, test } from "vitest";
import { emit } from "./emit.ts";
import { grad } from "./grad.ts";
import type { Spec } from "./graph.ts";
import { add, constant, matmul, mul, oneHot, relu, stopGradient, sum } from "./ops.ts";
import { openExecutor } from "./runtime/open.ts";
import { trace } from "./trace.ts";

const f = (...shape: number[]): Spec => ({ shape, dtype: "float32" });

describe("emit", () => {
  test("names values after operation and place, outputs as asked, and keeps metadata", () => {
    const graph = trace({ x: f(4, 3), w: f(3, 2), b: f(2) }, ({ x, w, b }) => ({ y: relu(add(matmul(x, w), b)) }));
    const model = emit(graph, { task: "cheese" });
    expect(model.nodes.map(({ opType, inputs, outputs }) => `${outputs} = ${opType}(${inputs})`)).toEqual([
      "matmul#3 = MatMul(x,w)",
      "add#4 = Add(matmul#3,b)",
      "y = Relu(add#4)",
    ]);
    expect(model.inputs.map(({ name, dims }) => [name, dims])).toEqual([
      ["x", [4, 3]],
      ["w", [3, 2]],
      ["b", [2]],
    ]);
    expect(model.metadata).toEqual({ task: "cheese" });
  });

  test("writes equal graphs equally", () => {
    const build = () =>
      emit(trace({ x: f(3) }, ({ x }) => ({ d: grad(sum(mul(x, relu(mul(x, 2)))), [x])[0]!, y: relu(x) })));
    expect(build()).toEqual(build());
  });

  test("shares equal constants", () => {
    const graph = trace({ x: f(3) }, ({ x }) => ({ y: add(mul(x, constant([1, 2, 3])), constant([1, 2, 3])) }));
    expect(emit(graph).initializers).toHaveLength(1);
  });

  test("passes every value name once, so any runtime can order it", () => {
    const graph = trace({ i: { shape: [4], dtype: "int32" }, x: f(4, 3) }, ({ i, x }) => {
      const loss = sum(mul(oneHot(i, 3), relu(x)));
      return { loss, dx: grad(loss, [x])[0]! };
    });
    const { nodes, inputs, initializers } = emit(graph);
    const known = new Set([...inputs, ...initializers].map(({ name }) => name));
    for (const node of nodes) {
      for (const name of node.inputs) expect(known, node.opType).toContain(name);
      for (const name of node.outputs) {
        expect(known).not.toContain(name);
        known.add(name);
      }
    }
  });
});

describe.each(["native", "wasm"] as const)("the %s executor returns", (id) => {
  test("inputs, constants, doubled and stopped values as outputs", async () => {
    const graph = trace({ x: f(2), unused: f(3) }, ({ x }) => {
      const y = mul(x, 2);
      return { same: x, fixed: constant([7, 8]), y, again: y, stopped: stopGradient(y) };
    });
    const { executor } = await openExecutor(id);
    const program = await executor.load(graph);
    const outputs = await program.run({ x: Float32Array.of(1, -2), unused: new Float32Array(3) });
    expect(outputs).toEqual({
      same: Float32Array.of(1, -2),
      fixed: Float32Array.of(7, 8),
      y: Float32Array.of(2, -4),
      again: Float32Array.of(2, -4),
      stopped: Float32Array.of(2, -4),
    });
  });
});
