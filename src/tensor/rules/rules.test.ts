/** @file Every operation: derivatives against central differences, and every engine against the oracle. */
import { describe, expect, test } from "vitest";
import { type Rng, rng } from "../../core/rng.ts";
import { dataOf } from "../emit.ts";
import { derivativeErrors, graphOf, relativeError } from "../finite-differences.ts";
import { evaluate } from "../reference.ts";
import { openExecutor } from "../runtime/open.ts";
import { sizeOf } from "../shape.ts";
import { type Case, cases, type Drawn } from "./cases.ts";
import { type OpName, rules } from "./table.ts";

/** Each case by name: `matmul`, `matmul 2`, … */
const named = Object.entries(cases).flatMap(([op, list]) =>
  list.map((each, i) => [i === 0 ? op : `${op} ${i + 1}`, each] as const),
);

function draw({ shape, draw, below = 1 }: Drawn, random: Rng): Float64Array {
  const size = sizeOf(shape);
  switch (draw) {
    case "generic": {
      // Distinct odd multiples of a spacing, so that none is near zero or another; an offset for each input.
      const offset = 0.1 + 0.5 * random.uniform();
      const places = Int32Array.from({ length: size }, (_, i) => i);
      random.shuffle(places);
      return Float64Array.from(places, (place) => ((2 * place + 1 - size + offset) / size) * 1.9);
    }
    case "positive":
      return Float64Array.from({ length: size }, () => 0.3 + 1.7 * random.uniform());
    case "index":
      return Float64Array.from({ length: size }, () => random.int(below));
    case "bit":
      return Float64Array.from({ length: size }, () => random.int(2));
    case "grid":
      return Float64Array.from({ length: size }, () => random.int(5));
  }
}

function feedsOf({ inputs }: Case, seed: string): Record<string, Float64Array> {
  const random = rng(11).fork(seed);
  return Object.fromEntries(Object.entries(inputs).map(([name, drawn]) => [name, draw(drawn, random.fork(name))]));
}

/** Is there anything to differentiate, and a float to start from? */
const isDifferentiable = (each: Case): boolean =>
  graphOf(each).outputs.y!.dtype === "float32" &&
  Object.values(each.inputs).some(({ dtype, draw }) => dtype === "float32" && draw !== "grid");

test("every operation has a case that uses it", () => {
  for (const op of Object.keys(rules) as OpName[]) {
    const used = cases[op].flatMap((each) => graphOf(each).nodes.map((node) => node.op));
    expect(used, op).toContain(op);
  }
});

describe("derivatives agree with central differences in float64", () => {
  test.each(named.filter(([, each]) => isDifferentiable(each)))("%s", (name, each) => {
    const errors = derivativeErrors(each, feedsOf(each, name));
    expect(errors.gradient).toBeLessThan(1e-6);
    expect(errors.hessianVectorProduct).toBeLessThan(1e-6);
  });
});

describe.each(["native", "wasm"] as const)("the %s executor agrees with the oracle", (id) => {
  test.each(named)("%s", async (name, each) => {
    const { executor } = await openExecutor(id);
    const graph = graphOf(each);
    const feeds = feedsOf(each, name);
    const data = Object.entries(feeds).map(([input, values]) => [input, dataOf(values, each.inputs[input]!.dtype)]);
    const program = await executor.load(graph);
    const { y } = await program.run(Object.fromEntries(data));
    expect(y!.constructor).toBe(dataOf([], graph.outputs.y!.dtype).constructor);
    expect(relativeError(Array.from(y!, Number), evaluate(graph, feeds).y!)).toBeLessThan(1e-5);
  });
});
