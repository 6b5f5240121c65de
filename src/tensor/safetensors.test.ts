/** @file Safetensors: round trips, a file written by hand, and hostile input. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LabError } from "../core/errors.ts";
import { readSafetensors, type Safetensors, type SafetensorsTensor, writeSafetensors } from "./safetensors.ts";

const tensor: fc.Arbitrary<SafetensorsTensor> = fc.array(fc.nat({ max: 4 }), { maxLength: 3 }).chain((shape) => {
  const length = shape.reduce((product, n) => product * n, 1);
  const exact = { minLength: length, maxLength: length };
  return fc
    .oneof(
      fc.record({ dtype: fc.constant("F64" as const), data: fc.float64Array(exact) }),
      fc.record({ dtype: fc.constant("F32" as const), data: fc.float32Array(exact) }),
      fc.record({
        dtype: fc.constantFrom("F16" as const, "BF16" as const, "U16" as const),
        data: fc.uint16Array(exact),
      }),
      fc.record({ dtype: fc.constant("I64" as const), data: fc.bigInt64Array(exact) }),
      fc.record({ dtype: fc.constant("I32" as const), data: fc.int32Array(exact) }),
      fc.record({ dtype: fc.constant("U32" as const), data: fc.uint32Array(exact) }),
      fc.record({ dtype: fc.constant("I16" as const), data: fc.int16Array(exact) }),
      fc.record({ dtype: fc.constant("I8" as const), data: fc.int8Array(exact) }),
      fc.record({ dtype: fc.constantFrom("U8" as const, "BOOL" as const), data: fc.uint8Array(exact) }),
    )
    .map((body) => ({ shape, ...body }));
});

const name = fc.string({ unit: "grapheme", maxLength: 8 }).filter((text) => text !== "__metadata__");

const contents: fc.Arbitrary<Safetensors> = fc.record({
  tensors: fc.dictionary(name, tensor, { maxKeys: 5, noNullPrototype: true }),
  metadata: fc.dictionary(name, fc.string({ unit: "grapheme" }), { maxKeys: 3, noNullPrototype: true }),
});

test("read undoes write", () => {
  fc.assert(
    fc.property(contents, (original) => {
      expect(readSafetensors(writeSafetensors(original))).toEqual(original);
    }),
  );
});

test("the order of insertion does not show", () => {
  const a: SafetensorsTensor = { dtype: "F32", shape: [1], data: Float32Array.of(1) };
  const b: SafetensorsTensor = { dtype: "I64", shape: [], data: BigInt64Array.of(2n) };
  expect(writeSafetensors({ tensors: { a, b }, metadata: { x: "1", y: "2" } })).toEqual(
    writeSafetensors({ tensors: { b, a }, metadata: { y: "2", x: "1" } }),
  );
});

/** A file from a header and data, as the format describes it. */
function file(header: string, data: readonly number[] = []): Uint8Array {
  const text = [...new TextEncoder().encode(header)];
  return Uint8Array.from([text.length & 255, text.length >> 8, 0, 0, 0, 0, 0, 0, ...text, ...data]);
}

test("reads a file written by hand, wherever it lies in memory", () => {
  const bytes = file('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', [0, 0, 128, 63, 0, 0, 0, 64]);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  // A Buffer too: what files are read into, and its slices are views.
  for (const source of [shifted.subarray(3), Buffer.from(bytes)]) {
    const { tensors, metadata } = readSafetensors(source);
    expect(tensors.w?.data).toEqual(Float32Array.of(1, 2));
    expect(metadata).toEqual({});
  }
});

const refusal = (bytes: Uint8Array): string => {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (error instanceof LabError && error.code === "safetensors/malformed") return error.message;
    throw error;
  }
  return "accepted";
};

describe("refuses", () => {
  const entry = (text: string) => `{"w":${text}}`;
  test.each([
    ["a short file", new Uint8Array(5), "the file has 5 bytes"],
    [
      "a huge header",
      Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 0),
      "the header claims 18446744073709551615",
    ],
    ["text", file("hello"), "the header is not JSON"],
    ["a list", file("[]"), "the header is not a JSON object"],
    ["no entry", file(entry("3")), 'entry for "w"'],
    ["negative shapes", file(entry('{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}')), 'entry for "w"'],
    ["reversed ranges", file(entry('{"dtype":"U8","shape":[0],"data_offsets":[1,0]}')), 'entry for "w"'],
    ["unknown types", file(entry('{"dtype":"F8","shape":[0],"data_offsets":[0,0]}')), "element type F8"],
    [
      "a type of the prototype",
      file(entry('{"dtype":"toString","shape":[0],"data_offsets":[0,0]}')),
      "element type toString",
    ],
    ["wrong sizes", file(entry('{"dtype":"F32","shape":[1],"data_offsets":[0,3]}'), [1, 2, 3]), "needs 4"],
    [
      "huge shapes",
      file(entry('{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,0]}')),
      "needs",
    ],
    ["gaps", file(entry('{"dtype":"U8","shape":[1],"data_offsets":[1,2]}'), [1, 2]), "starts at byte 1"],
    ["missing data", file(entry('{"dtype":"U8","shape":[2],"data_offsets":[0,2]}'), [1]), "beyond the file"],
    ["left-over data", file("{}", [1]), "1 bytes belong to nothing"],
    ["odd metadata", file('{"__metadata__":{"a":1}}'), "__metadata__ does not map"],
  ])("%s", (_, bytes, expected) => {
    expect(refusal(bytes)).toContain(expected);
  });

  test("every truncation, and overlaps", () => {
    const whole = writeSafetensors({
      tensors: { w: { dtype: "U8", shape: [9], data: new Uint8Array(9) } },
      metadata: {},
    });
    for (let length = 0; length < whole.length; length++) {
      expect(refusal(whole.subarray(0, length))).not.toBe("accepted");
    }
    const twice =
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}';
    expect(refusal(file(twice, [1, 2, 3]))).toContain('tensor "b" starts at byte 1');
  });

  test("random damage: a result or a refusal, nothing else", () => {
    const whole = writeSafetensors({
      tensors: { w: { dtype: "F32", shape: [2], data: Float32Array.of(1, 2) } },
      metadata: { a: "b" },
    });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const bytes = whole.slice();
        bytes[at] = value;
        refusal(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test("data that do not fill their shape, when writing", () => {
    const tensors = { w: { dtype: "F32", shape: [3], data: Float32Array.of(1, 2) } } as const;
    expect(() => writeSafetensors({ tensors, metadata: {} })).toThrow(/has 8 bytes; F32\[3\] needs 12/);
  });
});
