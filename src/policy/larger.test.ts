/**
 * @file Networks read from files in rooms of another size: those of convolutions answer as onnxruntime does there,
 * those tied to the size of their room are declined, also where they could answer.
 */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { COUPLED, type World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { encodeOnnx, type OnnxModel, openExecutor } from "../tensor/index.ts";
import { openPolicy } from "./file.ts";
import { policyShape } from "./inference.ts";
import { inLargerRoom } from "./larger.ts";

const { executor } = await openExecutor("native");
const roomOf = (size: number): World => cheeseCorner.make(cheeseCorner.params.parse({ size }));
const [home, larger] = [roomOf(7), roomOf(11)];
const CHANNELS = 5;

type Node = OnnxModel["nodes"][number];
const node = (opType: string, inputs: string[], outputs: string[], attributes: Node["attributes"] = {}): Node => ({
  opType,
  inputs,
  outputs,
  attributes,
});
const ints = (...value: number[]) => ({ type: "ints", value }) as const;
const integers = (name: string, ...values: number[]) => ({
  name,
  dtype: "int64" as const,
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

/** What comes after a 3×3 convolution of `CHANNELS` channels named `map`: nodes up to `scores`. */
const HEADS: Readonly<Record<string, readonly Node[]>> = {
  "scores at the agent": [
    node("Conv", ["map", "point"], ["field"]),
    node("Slice", ["image", "one", "two", "one"], ["mouse"]),
    node("Mul", ["field", "mouse"], ["here"]),
    node("ReduceSum", ["here", "cells"], ["scores"], { keepdims: { type: "int", value: 0 } }),
  ],
  "a mean over cells": [
    node("GlobalAveragePool", ["map"], ["pooled"]),
    node("Flatten", ["pooled"], ["features"]),
    node("MatMul", ["features", "few"], ["scores"]),
  ],
  "a dense layer": [node("Flatten", ["map"], ["features"]), node("MatMul", ["features", "many"], ["scores"])],
  "the first seven rows and columns": [
    node("Slice", ["map", "none", "sevens", "cells"], ["part"]),
    node("GlobalAveragePool", ["part"], ["pooled"]),
    node("Flatten", ["pooled"], ["features"]),
    node("MatMul", ["features", "few"], ["scores"]),
  ],
};

/** A file of unknown making, its rooms of a fixed or a free size. */
function file(head: string, isFree: boolean): Uint8Array {
  const draw = rng(5).fork(head);
  const weights = (name: string, ...dims: number[]) => ({
    name,
    dtype: "float32" as const,
    dims,
    data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => draw.normal()),
  });
  return encodeOnnx({
    opset: 13,
    producer: "elsewhere",
    metadata: {},
    nodes: [
      node("Conv", ["image", "kernel"], ["raw"], { pads: ints(1, 1, 1, 1) }),
      node("Relu", ["raw"], ["map"]),
      ...HEADS[head]!,
    ],
    initializers: [
      weights("kernel", CHANNELS, 3, 3, 3),
      weights("point", 4, CHANNELS, 1, 1),
      weights("few", CHANNELS, 4),
      weights("many", CHANNELS * 49, 4),
      integers("one", 1),
      integers("two", 2),
      integers("cells", 2, 3),
      integers("none", 0, 0),
      integers("sevens", 7, 7),
    ],
    inputs: [{ name: "image", dtype: "float32", dims: ["n", 3, ...(isFree ? ["h", "w"] : [7, 7])] }],
    outputs: [{ name: "scores", dtype: "float32", dims: ["n", 4] }],
  });
}

const openedIn = async (world: World, head: string, isFree: boolean) =>
  (await openPolicy(file(head, isFree), world, executor)).subject;

function observationsOf(world: World, n: number): Uint8Array {
  const batch = world.batch(n);
  for (const [slot, level] of batch.levels.entries()) {
    world.draw(level, rng(7).fork(slot), COUPLED, "train");
    batch.start(slot, rng(slot));
  }
  return batch.observations;
}

describe.each(["scores at the agent", "a mean over cells"])("%s", (head) => {
  test.each([true, false])("a free size (%s) or a fixed one: as onnxruntime in the larger room", async (isFree) => {
    const subject = await openedIn(home, head, isFree);
    const there = inLargerRoom(subject, policyShape(larger), "the same, larger")!;
    expect(there.shape).toEqual(policyShape(larger));
    expect([...there.access]).toEqual(["act", "logits"]);
    const theirs = await openedIn(larger, head, true);
    const observations = observationsOf(larger, 700);
    for (const n of [1, 3, 700]) {
      const own = await there.logits!(observations, n);
      const expected = await theirs.logits!(observations, n);
      const worst = Math.max(...Array.from({ length: 4 * n }, (_, i) => Math.abs(own[i]! - expected[i]!)));
      expect(worst).toBeLessThan(1e-4);
    }
  });
});

test.each(["a dense layer", "the first seven rows and columns"])("%s is declined", async (head) => {
  for (const isFree of [true, false]) {
    const subject = await openedIn(home, head, isFree);
    expect(subject.inside).toBeDefined();
    expect(inLargerRoom(subject, policyShape(larger), "the same, larger")).toBeUndefined();
  }
});

test("a subject without an inside is declined", async () => {
  const { inside: _, ...subject } = await openedIn(home, "a mean over cells", true);
  expect(inLargerRoom(subject, policyShape(larger), "the same, larger")).toBeUndefined();
});
