/** @file `mesascope diff` on audits made by the command: by id, by report file, and by what `--json` printed. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { rng } from "../src/core/rng.ts";
import { cheeseCorner } from "../src/envs/cheese-corner.ts";
import { initialize } from "../src/network.ts";
import { mlp } from "../src/networks/mlp.ts";
import { savePolicy } from "../src/policy/file.ts";
import { policyShape } from "../src/policy/inference.ts";
import { commandLine } from "./command.ts";

const { folder, ask } = commandLine("diff");
const QUICK = ["--detectors", "capability", "--set", "capability.levels=16", "--out", folder];

interface Audited {
  readonly id: string;
  readonly files: readonly string[];
  readonly out: string;
}
let one: Audited;
let other: Audited;

async function audited(seed: number): Promise<Audited> {
  const world = cheeseCorner.make(cheeseCorner.params.parse({ size: 5 }));
  const network = mlp.build(policyShape(world), mlp.params.parse({ width: 8 }));
  const path = join(folder, `p${seed}.onnx`);
  const task = { env: "cheese-corner", params: { size: 5 } };
  const weights = initialize(network, rng(seed));
  writeFileSync(path, savePolicy({ network, weights, world, task, architecture: { id: "mlp", params: { width: 8 } } }));
  const { code, out, err } = await ask("audit", path, ...QUICK, "--json");
  expect(code, err).toBe(0);
  return { ...JSON.parse(out), out };
}

beforeAll(async () => {
  one = await audited(1);
  other = await audited(2);
});

test("ids and files of the same audits give the same comparison", async () => {
  const file = other.files.find((each) => each.endsWith(".json"))!;
  const printed = join(folder, "printed.json");
  writeFileSync(printed, one.out);
  const [byId, byFile] = await Promise.all([
    ask("diff", one.id.slice(0, 12), other.id.slice(0, 12), "--json"),
    ask("diff", printed, file, "--json"),
  ]);
  expect([byId.code, byFile.code], byId.err + byFile.err).toEqual([0, 0]);
  expect(JSON.parse(byFile.out)).toEqual(JSON.parse(byId.out));
  const { format, findings, a, b } = JSON.parse(byId.out);
  expect([format, a.subject === b.subject]).toEqual(["mesascope-diff/1", false]);
  const [{ headline }] = findings;
  expect(headline.difference.mean).toBeCloseTo(headline.b.value.mean - headline.a.value.mean, 12);
  expect(headline.difference.low).toBeLessThan(headline.difference.mean);

  const { code, out } = await ask("diff", one.id.slice(0, 12), other.id.slice(0, 12));
  expect([code, out]).toEqual([0, expect.stringMatching(/capability +\S+ \[.*differences exclude zero/s)]);
});

test("an audit against itself differs in nothing", async () => {
  const { out } = await ask("diff", one.id, one.id, "--json");
  const { looks, findings, cautions } = JSON.parse(out);
  expect([looks.different, findings[0].headline.difference.mean]).toEqual([0, 0]);
  expect(cautions).toContainEqual(expect.stringMatching(/same subject/));
});

test("what is no audit is refused", async () => {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const report = JSON.parse(readFileSync(one.files.find((each) => each.endsWith(".json"))!, "utf8"));
  const cases: readonly (readonly [string, RegExp])[] = [
    [write("text.json", "x"), /is not an audit, got no JSON/],
    [write("list.json", "[]"), /got a list/],
    [write("null.json", "null"), /got another document/],
    [write("later.json", '{"format":"mesascope-audit/9"}'), /got format "mesascope-audit\/9"/],
    [write("torn.json", JSON.stringify({ ...report, findings: [{}] })), /is not an audit/],
    [join(folder, "none.json"), /there is no such file/],
    ["abcdef", /audit "abcdef" does not exist; stored: /],
  ];
  for (const [name, message] of cases) {
    const { code, out, err } = await ask("diff", one.id, name);
    expect([code, out], name).toEqual([2, ""]);
    expect(err, name).toMatch(message);
    expect(err).not.toContain("internal");
  }
});
