/**
 * @file A detector and a task of one's own, in a folder with nothing else in it: loaded, held against their
 * contracts, used in growing and in audits. The files are the worked examples of the documentation.
 */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { root } from "../scripts/source.ts";
import { commandLine } from "./command.ts";

const { folder, run: mesascope } = commandLine("own-plugins");
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeAll(() => {
  for (const name of ["beeline.ts", "charging-bay.ts"]) {
    copyFileSync(join(root, "docs/examples", name), join(folder, name));
  }
});

describe("a file that is no plug-in is told as such", () => {
  const files: readonly (readonly [name: string, text: string, message: RegExp])[] = [
    ["unparsable.ts", "export const x: number = ;\n", /line 1: it does not parse, got Expression expected/],
    ["enum.ts", "enum A { X }\nexport const a = A.X;\n", /enum is not supported.*expected no enums/],
    ["thrower.ts", "\nexport const x = JSON.parse('{');\n", /thrower.ts line 2: it fails while it loads/],
    ["lonely.ts", 'import { x } from "./nothing.ts";\nexport const y = x;\n', /it imports what is not there/],
    ["asking.ts", 'import { x } from "mesascope";\nexport const y = x;\n', /does not provide an export named 'x'/],
    ["empty.ts", "export const answer = 42;\n", /exports no detector and no environment, got answer \(number\)/],
    [
      "half.ts",
      'export const half = { id: "half", question: "objective", measure() {} };\n',
      /export "half" of "half.ts" is not a whole detector, got title \(missing; expected text\), claim/,
    ],
    ["folder.txt", "", /not of a known kind, got "folder.txt"; expected a name in .ts or .js/],
  ];

  test("each with what was found and what was expected", async () => {
    for (const [name, text] of files) write(name, text);
    const [missing, ...ended] = await Promise.all([
      mesascope("check", "missing.ts"),
      ...files.map(([name]) => mesascope("check", name)),
    ]);
    expect(missing!.err).toMatch(/missing.ts" cannot be read, there is no such file/);
    for (const [i, [name, , message]] of files.entries()) {
      const { code, out, err } = ended[i]!;
      expect(err, name).toMatch(message);
      expect([code, out], name).toEqual([2, ""]);
      expect(err, name).not.toMatch(/internal error|^ {4}at /m);
    }
  }, 30_000);
});

describe("a task of one's own", () => {
  test("keeps its contract", async () => {
    const { code, out, err } = await mesascope("check", "charging-bay.ts", "--json");
    expect(JSON.parse(out)).toEqual([
      expect.objectContaining({ id: "charging-bay", kind: "environment", holds: true }),
    ]);
    expect([code, err]).toEqual([0, expect.not.stringContaining("warning")]);
  });

  test("one that breaks it is told where, and the exit code says so", async () => {
    // On the way to much, the center is passed by whoever pursues the charger.
    const text = readFileSync(join(folder, "charging-bay.ts"), "utf8");
    write(
      "careless.ts",
      text.replaceAll('apart: "routes"', 'apart: "reachable"').replaceAll("charging-bay", "careless"),
    );
    const { code, out } = await mesascope("check", "careless.ts");
    expect(out).toMatch(/✗ a policy optimal for one objective is seen to serve it\n {4}charger: pursued, it is seen/);
    expect(out).toMatch(/environment careless .*\n(.*\n)*breaks its contract: 1 of 23 checks failed/);
    expect(code).toBe(2);
  });

  test("is grown in and audited; changed, the run is refused", async () => {
    const short = [
      "--frames",
      "2048",
      "--optimizer-set",
      "environments=32",
      "--optimizer-set",
      "steps=16",
      "--optimizer-set",
      "minibatch=256",
    ];
    const grown = await mesascope("grow", "misgeneralized", "--env", "./charging-bay.ts", ...short, "--json");
    expect(grown.code, grown.err).toBe(0);
    const [record] = JSON.parse(grown.out);
    expect(record.spec.task).toEqual({
      env: "charging-bay",
      params: {},
      source: expect.stringMatching(/^[0-9a-f]{64}$/),
    });

    const quick = ["--detectors", "capability", "--set", "capability.levels=16"];
    const [alone, whole] = await Promise.all([
      mesascope("audit", record.run, ...quick),
      mesascope("audit", record.run, "--task", "charging-bay.ts", ...quick, "--json"),
    ]);
    expect([alone.code, alone.err]).toEqual([
      2,
      expect.stringMatching(/came from a file of its own.*\nhint: .*--task/),
    ]);
    expect(whole.code, whole.err).toBe(0);
    expect(JSON.parse(whole.out).audit.task).toEqual(record.spec.task);

    write("charging-bay.ts", `${readFileSync(join(folder, "charging-bay.ts"), "utf8")}// changed\n`);
    const changed = await mesascope("audit", record.run, "--task", "charging-bay.ts", ...quick);
    expect([changed.code, changed.err]).toEqual([2, expect.stringMatching(/the file is not the one it was made with/)]);
  }, 30_000);
});

describe("a detector of one's own", () => {
  test("keeps its contract on organisms grown for it, and takes part in an audit", async () => {
    const { code, out, err } = await mesascope("check", "beeline.ts", "--frames", "200000", "--json");
    expect([code, JSON.parse(out)[0].holds], err + out).toEqual([0, true]);

    const runs = JSON.parse((await mesascope("list", "runs", "--json")).out) as {
      id: string;
      summary: { organism: string };
    }[];
    const { id } = runs.find(({ summary }) => summary.organism === "aligned")!;
    const quick = ["--detectors", "capability", "--set", "capability.levels=16", "--set", "beeline.levels=64"];
    const audited = await mesascope("audit", id, "--with", "./beeline.ts", ...quick, "--json");
    expect(audited.code, audited.err).toBe(0);
    const { audit } = JSON.parse(audited.out);
    expect(audit.findings.map(({ detector }: { detector: string }) => detector)).toEqual(["capability", "beeline"]);
    expect(audit.findings[1]).toMatchObject({ params: { levels: 64 }, reading: { status: "scored" } });
    expect(audit.declared.detectors).toEqual([expect.stringMatching(/^beeline [0-9a-f]{64}$/)]);
    expect(audit.command).toContain("--with ./beeline.ts");
  }, 60_000);

  test("an id that the library uses, and two of one id, are refused", async () => {
    const text = readFileSync(join(folder, "beeline.ts"), "utf8");
    write("thief.ts", text.replace('id: "beeline"', 'id: "capability"'));
    write("twin.ts", text);
    const audit = ["audit", "x", "--with"];
    const [thief, twins] = await Promise.all([
      mesascope(...audit, "thief.ts"),
      mesascope(...audit, "beeline.ts", "--with", "twin.ts"),
    ]);
    expect([thief.code, thief.err]).toEqual([
      2,
      expect.stringMatching(/takes an id that is taken, got detector "capability"/),
    ]);
    expect([twins.code, twins.err]).toEqual([2, expect.stringMatching(/two files define a detector "beeline"/)]);
  });
});
