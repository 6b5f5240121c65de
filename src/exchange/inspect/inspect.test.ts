/** @file Inspect logs: every official fixture round trip, both containers, damage refused by path. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, zstdCompressSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { LabError } from "../../core/errors.ts";
import { base57Id, logFileName } from "./ids.ts";
import { parsePythonJson, writePythonJson } from "./python-json.ts";
import { looksLikeInspectLog, readInspectLog } from "./read.ts";
import type { InspectLogInput } from "./schema.ts";
import { completeLog, writeInspectEval, writeInspectJson } from "./write.ts";
import { readZip, writeZip } from "./zip.ts";

const SHARED = join(import.meta.dirname, "../../../../shared/data/inspect");
const isAbsent = !existsSync(SHARED);
const encode = (text: string) => new TextEncoder().encode(text);

describe.skipIf(isAbsent)("official logs (skipped where ../shared is absent)", () => {
  const files = isAbsent
    ? []
    : readdirSync(SHARED).filter((name) => /\.(eval|json)$/.test(name) && !name.includes("openapi"));

  test.each(files)("%s: read, written, valid, and nothing lost", async (file) => {
    const bytes = readFileSync(join(SHARED, file));
    const log = await readInspectLog(bytes, file);
    const json = writeInspectJson(log);
    expect(complaints(json)).toEqual([]);
    const container = await writeInspectEval(log);
    const again = await readInspectLog(container, "again.eval");
    expect(again).toEqual(await readInspectLog(encode(json), "again.json"));
    expect(lost(await original(bytes), JSON.parse(json))).toEqual([]);
    expect(looksLikeInspectLog(bytes)).toBe(true);
  });

  test("members stand in the order that streaming readers expect", async () => {
    const log = await readInspectLog(readFileSync(join(SHARED, "log_read_sample.json")), "log");
    const order = Object.keys(JSON.parse(writeInspectJson({ ...log, version: 2 })));
    expect(order).toEqual(
      "version status eval plan results stats invalidated tags metadata samples reductions".split(" "),
    );
    const names = [...(await readZip(await writeInspectEval(log), "x")).keys()];
    expect(names[0]).toBe("_journal/start.json");
    expect(names.at(-1)).toBe("header.json");
  });

  /** What the schema says against a log. */
  function complaints(json: string): readonly string[] {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    ajv.addSchema(JSON.parse(readFileSync(join(SHARED, "inspect-openapi.json"), "utf8")), "inspect");
    const validate = ajv.compile({ $ref: "inspect#/components/schemas/EvalLog" });
    validate(JSON.parse(json));
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  /** A file as another reader sees it: the plain documents inside, without our reader. */
  async function original(bytes: Uint8Array): Promise<Record<string, unknown>> {
    if (bytes[0] !== 0x50) return JSON.parse(new TextDecoder().decode(bytes));
    const members = await readZip(bytes, "original");
    const parse = (name: string) => JSON.parse(new TextDecoder().decode(members.get(name)));
    const samples = [...members.keys()].filter((name) => name.startsWith("samples/")).map(parse);
    return { ...parse("header.json"), samples, reductions: parse("reductions.json") };
  }
});

/** Members whose place changed between versions; what they held is compared at its new place. */
const MOVED: readonly (readonly [RegExp, string])[] = [
  [/^\$\.results\.sample_reductions/, "$.reductions"],
  [/(\.metrics\.\w+)\.options/, "$1.params"],
  [/\.transcript\.events/, ".events"],
  [/\.transcript\.content/, ".attachments"],
];

/** Every leaf of `before` that `after` does not hold at the same (or its new) place. */
function lost(before: unknown, after: unknown): readonly string[] {
  const gone: string[] = [];
  const walk = (value: unknown, path: string) => {
    if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
      for (const [key, member] of Object.entries(value))
        walk(member, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
      return;
    }
    const place = MOVED.reduce((at, [from, to]) => at.replace(from, to), path);
    const found = at(after, place);
    if (JSON.stringify(found) !== JSON.stringify(value))
      gone.push(`${place}: ${JSON.stringify(value)} → ${JSON.stringify(found)}`);
  };
  // Keys hold dots and slashes (names of models), so paths are walked by key, not parsed.
  const at = (root: unknown, path: string): unknown => {
    let here: unknown = root;
    let rest = path.slice(1);
    while (rest !== "" && typeof here === "object" && here !== null) {
      const members = here as Record<string, unknown>;
      const key = Object.keys(members)
        .filter((name) =>
          [`.${name}`, `[${name}]`].some(
            (step) => rest === step || rest.startsWith(`${step}.`) || rest.startsWith(`${step}[`),
          ),
        )
        .sort((a, b) => b.length - a.length)[0];
      if (key === undefined) return undefined;
      rest = rest.slice(rest.startsWith(`.${key}`) ? key.length + 1 : key.length + 2);
      here = members[key];
    }
    return here;
  };
  walk(before, "$");
  return gone;
}

const SMALL: InspectLogInput = {
  eval: {
    eval_id: base57Id("a"),
    created: "2026-11-21T12:00:00+00:00",
    task: "harmony over correction",
    task_id: base57Id("t"),
    dataset: { samples: 2, sample_ids: ["p1.neutral", "p1.hint"] },
    model: "planted/one",
  },
  status: "success",
  samples: [
    { id: "p1.neutral", epoch: 1, input: "?", target: "", scores: { caved: { value: 0 } } },
    { id: "p1.hint", epoch: 1, input: "?", target: "", scores: { caved: { value: Number.NaN } } },
  ],
};

describe("constants of Python's JSON", () => {
  test("NaN, the infinities and long integers survive; text that looks like them is text", () => {
    const text =
      '{"a":[NaN,-Infinity,Infinity,12345678901234567890,1.9324548337608576,-0.5e3],"b":"NaN, \\" 12345678901234567890"}';
    const value = parsePythonJson(text, "x") as { a: unknown[]; b: string };
    expect(value.a).toEqual([Number.NaN, -Infinity, Infinity, 12345678901234567890n, 1.9324548337608576, -500]);
    expect(value.b).toBe('NaN, " 12345678901234567890');
    expect(parsePythonJson(writePythonJson(value), "x")).toEqual(value);
    expect(writePythonJson({ x: Number.NaN, y: undefined, z: [1n << 70n] }, 0)).toBe(
      '{"x":NaN,"z":[1180591620717411303424]}',
    );
  });
  test.each([["{"], ["nul"], ["[1,]"], ['"abc'], ["[NaN"], [""], ["[".repeat(300)], ["[".repeat(100_000)]])(
    "refused: %#",
    (text) => {
      expect(() => parsePythonJson(text, "x.json")).toThrow(LabError);
    },
  );
  test("members called __proto__ stay members", () => {
    const value = parsePythonJson('{"__proto__":{"x":NaN}}', "x") as object;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe("identifiers", () => {
  test("22 characters; equal to the identifier that Inspect derives", () => {
    // base57_id_hash("mesascope"), computed with Python's hashlib and the function's own algorithm.
    expect(base57Id("mesascope")).toBe("aGAEdwWoBgXbdn5ViuWFt9");
    expect(base57Id("")).toHaveLength(22);
  });
  test("file names are the ones that a log listing recognizes", () => {
    const name = logFileName(completeLog(SMALL));
    expect(name).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}[:-]\d{2}[:-]\d{2}.*$/);
    expect(name).not.toMatch(/[:\s/]/);
  });
});

describe("an unscored sample", () => {
  test("is NaN in both containers, never null and never 0", async () => {
    const log = completeLog(SMALL);
    expect(writeInspectJson(log)).toContain('"value": NaN');
    const members = await readZip(await writeInspectEval(log), "x");
    expect(new TextDecoder().decode(members.get("samples/p1.hint_epoch_1.json"))).toContain('"value": NaN');
    const again = await readInspectLog(await writeInspectEval(log), "x");
    expect(again.samples?.find(({ id }) => id === "p1.hint")?.scores?.caved?.value).toBeNaN();
  });
});

describe("containers", () => {
  test("equal logs are equal bytes", async () => {
    expect(await writeInspectEval(completeLog(SMALL))).toEqual(await writeInspectEval(completeLog(SMALL)));
  });
  test("Zstandard members (method 93) are read", async () => {
    const members = await readZip(await writeInspectEval(completeLog(SMALL)), "x");
    const log = await readInspectLog(storedZip(members, 93), "zstd.eval");
    expect(log).toEqual(await readInspectLog(await writeInspectEval(completeLog(SMALL)), "x"));
  });
  test("chunked samples are put together", async () => {
    const parts = new Map<string, unknown>([
      ["header.json", { version: 2, status: "success", eval: SMALL.eval }],
      [
        "samples/a_epoch_1/sample.json",
        {
          id: "a",
          epoch: 1,
          input: "hi",
          target: "",
          message_refs: [
            [0, 2],
            [3, 4],
          ],
        },
      ],
      ["samples/a_epoch_1/metadata.json", { arm: "hint" }],
      ["samples/a_epoch_1/messages/0.json", ["q", "a", "x"].map((content) => ({ role: "user", content }))],
      ["samples/a_epoch_1/messages/3.json", [{ role: "assistant", content: "attachment://1" }]],
      ["samples/a_epoch_1/events/0.json", [{ event: "info", timestamp: "t", working_start: 0, data: 1 }]],
      ["samples/a_epoch_1/events/stats.json", { ignored: true }],
      ["samples/a_epoch_1/attachments/0.json", ["zero", "one"]],
    ]);
    const zip = (entries: ReadonlyMap<string, unknown>) =>
      writeZip(
        [...entries].map(([name, value]) => [name, JSON.stringify(value)] as const),
        new Date(0),
      );
    const { samples } = await readInspectLog(await zip(parts), "chunked.eval");
    expect(samples).toHaveLength(1);
    expect(samples![0]!.messages.map(({ content }) => content)).toEqual(["q", "a", "attachment://1"]);
    expect(samples![0]!.attachments).toEqual({ 0: "zero", 1: "one" });
    expect(samples![0]!.metadata).toEqual({ arm: "hint" });
    expect(samples![0]!.events).toHaveLength(1);
    parts.delete("samples/a_epoch_1/messages/0.json");
    await expect(readInspectLog(await zip(parts), "c.eval")).rejects.toThrow(
      /messages\/3\.json" begins at item 3, got 0/,
    );
  });
  test("of a run that was cut off, the journal is the header", async () => {
    const bytes = await writeZip(
      [["_journal/start.json", JSON.stringify({ version: 2, eval: SMALL.eval, plan: {} })]],
      new Date(0),
    );
    expect((await readInspectLog(bytes, "x")).status).toBe("started");
  });
  test("damage is refused, byte for byte", async () => {
    const good = await writeInspectEval(completeLog(SMALL));
    let refused = 0;
    for (let i = 0; i < good.length; i += 7) {
      const bad = good.slice();
      bad[i] = bad[i]! ^ 0x55;
      await readInspectLog(bad, "bad.eval").catch((error: unknown) => {
        expect(error).toBeInstanceOf(LabError);
        refused++;
      });
      if (i % 35 === 0) await expect(readInspectLog(good.slice(0, i), "cut.eval")).rejects.toThrow(LabError);
    }
    expect(refused).toBeGreaterThan(good.length / 7 / 2);
  });
  test("ids that would leave the container are refused", () => {
    const log = completeLog({ ...SMALL, samples: [{ ...SMALL.samples![0]!, id: "../../x" }] });
    expect(() => writeInspectEval(log)).toThrow(/no file name/);
  });
});

/** A zip file with members packed by Zstandard, made by hand: no writer here makes any. */
function storedZip(members: ReadonlyMap<string, Uint8Array>, method: number): Uint8Array {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of members) {
    const packed = zstdCompressSync(content);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(63, 0);
    head.writeUInt16LE(0x800, 2);
    head.writeUInt16LE(method, 4);
    head.writeUInt32LE(crc32(content), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(content.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const entry = Buffer.alloc(14); // comment length, disk, attributes, then where the member begins
    entry.writeUInt32LE(offset, 10);
    local.push(Buffer.from("PK\x03\x04"), head, Buffer.from(name), packed);
    central.push(Buffer.from("PK\x01\x02"), Buffer.from([63, 3]), head, entry, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(members.size, 8);
  end.writeUInt16LE(members.size, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

describe("malformed logs are refused by path", () => {
  const good = JSON.parse(
    JSON.stringify({
      ...SMALL,
      samples: [0, 1, 2, 3].map((id) => ({
        id,
        epoch: 1,
        input: "q",
        target: "",
        messages: [{ role: "user", content: "q" }],
        scores: { x: { value: 1 } },
      })),
    }),
  );
  // biome-ignore lint/suspicious/noExplicitAny: a log is broken on purpose
  const change = (edit: (log: any) => void) => {
    const log = structuredClone(good);
    edit(log);
    return encode(JSON.stringify(log));
  };
  test.each([
    [
      "samples[3].scores.x.value",
      change((log) => {
        log.samples[3].scores.x.value = { a: [1] };
      }),
    ],
    [
      "samples[1].messages[0].content",
      change((log) => {
        log.samples[1].messages[0].content = 7;
      }),
    ],
    [
      "samples[1].messages[0].role",
      change((log) => {
        log.samples[1].messages[0].role = "robot";
      }),
    ],
    [
      "samples[0].epoch",
      change((log) => {
        log.samples[0].epoch = "one";
      }),
    ],
    [
      "eval.model",
      change((log) => {
        delete log.eval.model;
      }),
    ],
    [
      "eval.dataset",
      change((log) => {
        log.eval.dataset = null;
      }),
    ],
    [
      "status",
      change((log) => {
        log.status = "great";
      }),
    ],
    [
      "version",
      change((log) => {
        log.version = 9;
      }),
    ],
    [
      "samples[2].scores",
      change((log) => {
        log.samples[2].scores = [1];
      }),
    ],
    ["the document", encode("[1, 2]")],
  ])("%s", async (path, bytes) => {
    const error = await readInspectLog(bytes, "bad.json").then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toContain(`bad.json: ${path} is`);
  });
});
