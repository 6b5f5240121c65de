/** @file Files that are not what they should be: refused in one message with what to do, exit code 2, no stack. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { rng } from "../src/core/rng.ts";
import { cheeseCorner } from "../src/envs/cheese-corner.ts";
import { initialize } from "../src/network.ts";
import { mlp } from "../src/networks/mlp.ts";
import { savePolicy } from "../src/policy/file.ts";
import { policyShape } from "../src/policy/inference.ts";
import { decodeOnnx, encodeOnnx } from "../src/tensor/index.ts";
import { commandLine } from "./command.ts";

const { folder, ask } = commandLine("bad-input");
const path = (name: string) => join(folder, name);

const world = cheeseCorner.make(cheeseCorner.params.parse({ size: 5 }));
const network = mlp.build(policyShape(world), mlp.params.parse({ width: 8 }));
const ours = savePolicy({
  network,
  weights: initialize(network, rng(1)),
  world,
  task: { env: "cheese-corner", params: { size: 5 } },
  architecture: { id: "mlp", params: { width: 8 } },
});
const HERE = ["--task", "cheese-corner", "--task-set", "size=5"];
const QUICK = ["--detectors", "capability", "--set", "capability.levels=16"];

beforeAll(() => {
  const random = rng(2);
  const files = {
    "ours.onnx": ours,
    // What another tool would have written: the same policy without a word about itself.
    "bare.onnx": encodeOnnx({ ...decodeOnnx(ours), metadata: {} }),
    "truncated.onnx": ours.subarray(0, ours.length >> 1),
    "cut-by-one.onnx": ours.subarray(0, -1),
    "random.onnx": Uint8Array.from({ length: 3000 }, () => random.int(256)),
    "empty.onnx": new Uint8Array(0),
    "zeros.onnx": new Uint8Array(4096),
    "picture.onnx": Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52),
    "text.onnx": new TextEncoder().encode(
      "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n",
    ),
    "picture.png": Uint8Array.of(0x89, 0x50, 0x4e, 0x47),
    "nan.onnx": damagedWeights(),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path(name), bytes);
  mkdirSync(path("folder.onnx"));
  symlinkSync("loop.onnx", path("loop.onnx"));
});

/** A diverged policy. */
function damagedWeights(): Uint8Array {
  const model = decodeOnnx(ours);
  const initializers = model.initializers.map((each) =>
    each.dtype === "float32" ? { ...each, data: new Float32Array(each.data.length).fill(Number.NaN) } : each,
  );
  return encodeOnnx({ ...model, initializers });
}

describe("policies", () => {
  test("one without metadata is audited as the same policy with them, when its task is named", async () => {
    const reports = ["--out", path("reports")];
    const [bare, whole, named] = await Promise.all([
      ask("audit", path("bare.onnx"), ...HERE, ...QUICK, ...reports, "--json"),
      ask("audit", path("ours.onnx"), ...QUICK, ...reports, "--json"),
      // Naming the world that the file names itself keeps the file's parameters.
      ask("audit", path("ours.onnx"), "--task", "cheese-corner", ...QUICK, ...reports, "--json"),
    ]);
    expect([bare.code, whole.code, named.code], bare.err + whole.err + named.err).toEqual([0, 0, 0]);
    expect(bare.err).toContain('The layout NCHW was inferred from the shape of "observations".');
    const [one, two, three] = [bare, whole, named].map(({ out }) => JSON.parse(out).audit);
    expect(one.findings[0].reading.status).toBe("scored");
    expect(one.findings[0].reading).toEqual(two.findings[0].reading);
    expect(three.findings[0].reading).toEqual(two.findings[0].reading);
    expect(one.subject).not.toBe(two.subject);
  });

  test.each([
    [
      "truncated",
      "truncated.onnx",
      [],
      /not a protobuf message .*; expected a complete ONNX model/,
      /copied completely/,
    ],
    ["cut by one byte", "cut-by-one.onnx", HERE, /expected a complete ONNX model/, /copied completely/],
    ["random bytes", "random.onnx", HERE, /3000 bytes are not a protobuf message/, /copied completely/],
    ["empty", "empty.onnx", HERE, /expected a complete ONNX model/, /copied completely/],
    ["zeros", "zeros.onnx", HERE, /expected a complete ONNX model/, /copied completely/],
    ["a picture by another name", "picture.onnx", HERE, /expected a complete ONNX model/, /copied completely/],
    ["a pointer to a file", "text.onnx", HERE, /expected a complete ONNX model/, /copied completely/],
    [
      "a picture",
      "picture.png",
      HERE,
      /not of a known kind, got ".*picture.png"; expected a name that ends in .onnx/,
      /as ONNX/,
    ],
    ["a folder", "folder.onnx", HERE, /cannot be read, it is a folder/, /Check the path/],
    ["missing", "missing.onnx", HERE, /cannot be read, there is no such file/, /Check the path/],
    ["a link to itself", "loop.onnx", HERE, /cannot be read, it is a link that leads nowhere/, /Check the path/],
    ["below a file", "ours.onnx/policy.onnx", HERE, /cannot be read, there is no such file/, /Check the path/],
    [
      "silent about its task",
      "bare.onnx",
      [],
      /does not say which task it plays; expected --task/,
      /--task cheese-corner/,
    ],
    ["of another world", "ours.onnx", ["--task", "keys-chests"], /does not fit|is not NCHW of keys-chests/, /--task/],
    [
      "of another size",
      "bare.onnx",
      ["--task", "cheese-corner"],
      /does not fit cheese-corner, got observations\[batch, 3, 5, 5\]; expected \[batch, 147\] \(flat\)/,
      /--task-set size=/,
    ],
    [
      "in another layout than was said",
      "bare.onnx",
      [...HERE, "--layout", "NHWC"],
      /not NHWC of cheese-corner, got observations\[batch, 3, 5, 5\]; expected \[batch, 5, 5, 3\]/,
      /--layout NCHW/,
    ],
    [
      "without the named output",
      "ours.onnx",
      ["--output", "pi"],
      /output "pi" does not exist, got outputs: logits/,
      /--output/,
    ],
    [
      "with an output of another shape",
      "ours.onnx",
      ["--output", "value"],
      /"value" does not score the actions/,
      /--output/,
    ],
    [
      "with unknown planes",
      "bare.onnx",
      [...HERE, "--planes", "a,b,c"],
      /planes do not fit, got a, b, c/,
      /--planes WALL/,
    ],
    ["diverged", "nan.onnx", [], /output "logits" scores no action, got NaN, NaN, NaN, NaN/, /not finite/],
  ] as const)("%s: refused", async (_, name, flags, message, hint) => {
    const { code, out, err } = await ask("audit", path(name), ...flags);
    const [told, advice, ...rest] = err.trimEnd().split("\n");
    expect(told).toMatch(/^error: /);
    expect(told).toMatch(message);
    expect(advice).toMatch(/^hint: /);
    expect(advice).toMatch(hint);
    expect(rest).toEqual([]);
    expect([code, out]).toEqual([2, ""]);
  });

  test("one of an architecture that is not known here is audited, without an untrained network beside it", async () => {
    const model = decodeOnnx(ours);
    const metadata = { ...model.metadata, "mesascope.network": '{"id":"transformer","params":{}}' };
    writeFileSync(path("later.onnx"), encodeOnnx({ ...model, metadata }));
    const { code, err } = await ask("audit", path("later.onnx"), ...QUICK, "--out", path("reports"));
    expect(err).toMatch(
      /^There is no untrained network to compare with: network "transformer" does not exist; known: /m,
    );
    expect(code).toBe(0);
  });

  test("a file's own words do not steer the terminal", async () => {
    const model = decodeOnnx(ours);
    const steering = {
      ...model,
      metadata: {
        ...model.metadata,
        "mesascope.actions": '["\x1b[2Jup","left","down","right"]',
        "mesascope.task": "{}\n",
      },
    };
    writeFileSync(path("steering.onnx"), encodeOnnx(steering));
    const task = await ask("audit", path("steering.onnx"), ...HERE);
    expect(task).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^error: onnx: metadata "mesascope\.actions.*\nhint/),
    });
    steering.metadata["mesascope.actions"] = '["\\u001b[2Jup","left","down","right"]';
    steering.metadata["mesascope.task"] = '{"env":"cheese-corner","params":{}}';
    writeFileSync(path("steering.onnx"), encodeOnnx(steering));
    const { code, err } = await ask("audit", path("steering.onnx"), ...HERE);
    expect([code, err]).toEqual([2, expect.stringContaining("got \ufffd[2Jup, left, down, right")]);
  });

  test("a flipped bit anywhere is refused in words or changes nothing but numbers; it never crashes", async () => {
    const random = rng(5);
    const codes = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const bytes = ours.slice();
      // The weights are most of the file: half of the flips go to the structure around them.
      const at = i % 2 === 0 ? random.int(bytes.length) : bytes.length - 1 - random.int(400);
      bytes[at]! ^= 1 << random.int(8);
      writeFileSync(path("flipped.onnx"), bytes);
      const { code, err } = await ask("audit", path("flipped.onnx"), ...HERE, ...QUICK, "--out", path("reports"));
      expect([0, 2], `bit in byte ${at}: ${err}`).toContain(code);
      if (code === 2) expect(err).toMatch(/^error: .*\nhint: /m);
      codes.add(code);
    }
    expect(codes).toEqual(new Set([0, 2]));
  });
});

describe("levels", () => {
  const ROWS = ["#####", "#..C#", "#.#.#", "#M..#", "#####"];
  const file = (change: object) => {
    const text = JSON.stringify({
      format: "mesascope-levels/1",
      env: "cheese-corner",
      params: { size: 5 },
      levels: [ROWS],
      ...change,
    });
    writeFileSync(path("levels.json"), text);
    return path("levels.json");
  };

  test("a possible one is shown with what the oracle says of it", async () => {
    const shown = await ask("show", file({ levels: [ROWS, ["#####", "#C..#", "#.#.#", "#M..#", "#####"]] }), "--json");
    expect(JSON.parse(shown.out)).toMatchObject({
      env: "cheese-corner",
      levels: [
        // Four steps to the cheese, two to the corner; the first step is not discounted.
        { rows: ROWS, isDistinguishing: true, best: { cheese: { earned: 1, discounted: 0.99 ** 3, kind: "exact" } } },
        { isDistinguishing: false, best: { corner: { earned: 1, discounted: 0.99 } } },
      ],
    });
    const { out } = await ask("show", file({}));
    expect(out).toContain(ROWS.join("\n"));
    expect(out).toMatch(/^the cheese +1\.00 +0\.9703/m);
  });

  test("the example in the hint is one", async () => {
    writeFileSync(path("levels.json"), "{}");
    const { err } = await ask("show", path("levels.json"));
    const [example] = /\{.*\}$/m.exec(err.split("hint:")[1]!)!;
    writeFileSync(path("levels.json"), example);
    expect(await ask("show", path("levels.json"))).toMatchObject({ code: 0, err: "" });
  });

  const rows = (at: number, row: string) => ({ levels: [ROWS, ROWS.with(at, row)] });
  test.each([
    [
      "unreachable cheese",
      { levels: [["#####", "#M#C#", "#.###", "#...#", "#####"]] },
      /cheese is out of reach, got row 2, column 4; expected a way from mouse at row 2, column 2/,
    ],
    ["an open border", rows(0, "##.##"), /level 2 of 2: .*open border, got a gap at row 1, column 3/],
    [
      "two mice",
      rows(3, "#MM.#"),
      /level 2 of 2: .*too many of mouse at row 4, column 3, got a second; expected at most 1/,
    ],
    ["no cheese", rows(1, "#...#"), /level 2 of 2: .*cheese is missing/],
    [
      "an unknown letter",
      rows(2, "#.#Q#"),
      /unknown character at row 3, column 4, got "Q"; expected one of .*"M" mouse/,
    ],
    ["a short row", rows(2, "#.#"), /row 3 has the wrong length, got 3 characters; expected 5/],
    ["rows that are numbers", { levels: [[1, 2]] }, /expected string, received number at levels.0.0/],
    ["another format", { format: "mesascope-levels/2" }, /expected "mesascope-levels\/1" at format/],
    ["another world", { env: "chese-corner" }, /environment "chese-corner" does not exist/],
    ["a size that no world has", { params: { size: 6 } }, /odd number/],
  ])("%s: refused", async (_, change, message) => {
    const { code, out, err } = await ask("show", file(change));
    expect(err).toMatch(message);
    expect(err).toMatch(/^hint: \S/m);
    expect(err).not.toMatch(/^ {4}at /m);
    expect([code, out]).toEqual([2, ""]);
  });

  test("a file that is no JSON, and one that is not there", async () => {
    writeFileSync(path("levels.json"), readFileSync(path("ours.onnx")));
    expect(await ask("show", path("levels.json"))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/not JSON, got/),
    });
    const missing = await ask("show", path("none.json"));
    expect(missing).toMatchObject({
      code: 2,
      err: expect.stringMatching(/none.json" cannot be read, there is no such file/),
    });
  });
});
