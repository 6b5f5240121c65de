/** @file Policy metadata and half floats. */
import { describe, expect, test } from "vitest";
import { LabError } from "../../core/errors.ts";
import { fromFloat16, toFloat16 } from "./float16.ts";
import { type PolicyMetadata, readPolicyMetadata, writePolicyMetadata } from "./metadata.ts";

const METADATA: PolicyMetadata = {
  format: "mesascope/1",
  task: { env: "corner", params: { size: 7, layout: "open" } },
  observation: { layout: "NCHW", planes: ["wall", "agent", "cheese"], height: 7, width: 7, dtype: "float32" },
  actions: ["up", "down", "left", "right"],
};

describe("policy metadata", () => {
  test("reads what it wrote, under stable keys", () => {
    const entries = writePolicyMetadata(METADATA);
    expect(Object.keys(entries).sort()).toEqual([
      "mesascope.actions",
      "mesascope.format",
      "mesascope.observation",
      "mesascope.task",
    ]);
    expect(readPolicyMetadata({ metadata: { ...entries, author: "someone" } })).toEqual(METADATA);
  });

  test("a file without it has none", () => {
    expect(readPolicyMetadata({ metadata: { author: "someone" } })).toBeUndefined();
  });

  test.each([
    ["mesascope.actions", "[]", /mesascope.actions/],
    ["mesascope.format", '"mesascope/9"', /mesascope.format/],
    ["mesascope.observation", "{", /not JSON/],
    ["mesascope.observation", '{"layout":"NCWH"}', /mesascope.observation.layout/],
  ])("a damaged entry is refused: %s = %s", (key, text, expected) => {
    const metadata = { ...writePolicyMetadata(METADATA), [key]: text };
    expect(() => readPolicyMetadata({ metadata })).toThrow(expected);
    expect(() => readPolicyMetadata({ metadata })).toThrow(LabError);
  });
});

describe("half floats", () => {
  test("all 65,536 survive the round trip", () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = fromFloat16(bits);
      if (Number.isNaN(value)) expect(fromFloat16(toFloat16(value))).toBeNaN();
      else if (toFloat16(value) !== bits) expect.fail(`${bits} became ${toFloat16(value)}`);
    }
  });

  test("known values, and ties to even", () => {
    expect([1, -2, 65504, 2 ** -24, 1 / 3].map(toFloat16)).toEqual([0x3c00, 0xc000, 0x7bff, 1, 0x3555]);
    expect([1 + 2 ** -11, 1 + 3 * 2 ** -11].map(toFloat16)).toEqual([0x3c00, 0x3c02]);
    expect([65519, 65520, -1e9, 2 ** -25, 1.5 * 2 ** -25].map(toFloat16)).toEqual([0x7bff, 0x7c00, 0xfc00, 0, 1]);
  });
});
