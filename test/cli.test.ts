/** @file The command as users meet it: a process with arguments, two streams and an exit code. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { commandLine, SHORT_RUN } from "./command.ts";

const { folder, home, run: mesascope, ask: inProcess } = commandLine("cli");

describe("without a store", () => {
  test("help names every command", async () => {
    const { code, out } = await mesascope("--help");
    expect(code).toBe(0);
    for (const command of readdirSync(join(import.meta.dirname, "../src/cli/commands"))) {
      expect(out).toMatch(new RegExp(`^ {2}${command.replace(/\.ts$/, "")} `, "m"));
    }
    expect((await mesascope()).out).toBe(out);
  });

  test.each([
    [["grwo"], /unknown command 'grwo'\n\(Did you mean grow\?\)/],
    [["list", "detector"], /kind "detector" does not exist.*\nhint: Did you mean "detectors"\?/],
    [["show", "cheese-cornr"], /names neither a plug-in nor a record\nhint: Did you mean "cheese-corner"\?/],
    [["grow", "misgeneralizd"], /organism "misgeneralizd" does not exist.*\nhint: Did you mean "misgeneralized"\?/],
    [["grow", "aligned", "--env", "cheese"], /environment "cheese" does not exist; known: .*cheese-corner/],
    [
      ["grow", "graded", "--set", "alpa=1"],
      /graded has no parameter "alpa"; expected one of .*\nhint: Did you mean "alpha"\?/,
    ],
    [["grow", "graded", "--set", "alpha=2"], /graded\.alpha does not accept the value, got "2"/],
    [["grow", "aligned", "--seeds", "0"], /Expected a whole number from 1, got "0"/],
    [["grow", "aligned", "--seed", "x"], /Expected a whole number from 0, got "x"/],
    [["audit", "abcdef"], /organism "abcdef" does not exist; none is stored\nhint: Run "mesascope grow/],
    [["audit", "none.onnx"], /"none.onnx" cannot be read, there is no such file/],
    [["audit", "x", "--fail-if", "capability"], /--fail-if: the condition cannot be read/],
    [
      ["audit", "x", "--fail-if", "capabilty.headline < 1"],
      /detector "capabilty" does not exist.*\nhint: Did you mean "capability"\?/,
    ],
    [["mitigate", "graded", "--with", "prayer"], /mitigation "prayer" does not exist; known: /],
    [
      ["replicate", "goal-misgeneralisation"],
      /does not exist; known: .*\nhint: Did you mean "goal-misgeneralization"\?/,
    ],
    [["report"], /nothing to report is stored/],
    [["export", "abc"], /"abc" names no record/],
  ] as const)("%j is the user's mistake, told without a stack", async (args, message) => {
    const { code, out, err } = await inProcess(...args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^ {4}at /m);
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  test("a file that is no model, or a truncated one, is named with what is wrong", async () => {
    writeFileSync(join(folder, "text.onnx"), "not a model");
    const { code, err } = await mesascope("audit", "text.onnx", "--task", "cheese-corner");
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: .*onnx/)]);
  });

  test("--json is one document on stdout, for results and for mistakes", async () => {
    const shown = await mesascope("show", "cheese-corner", "--json");
    expect(JSON.parse(shown.out)).toMatchObject({
      id: "cheese-corner",
      kind: "environment",
      params: { type: "object" },
    });
    const list = await inProcess("list", "--json");
    expect(JSON.parse(list.out)).toMatchObject({
      organisms: expect.arrayContaining(["aligned"]),
      records: { runs: 0 },
    });
    const failed = await inProcess("grow", "nobody", "--json");
    expect(JSON.parse(failed.out)).toMatchObject({ error: { code: "input/unknown-id" } });
    expect(failed.code).toBe(2);
    expect(existsSync(home)).toBe(false);
  });

  test("a home that cannot be one is told as such", async () => {
    writeFileSync(join(folder, "file"), "");
    const { code, err } = await mesascope("grow", ...SHORT_RUN, "--home", join(folder, "file"));
    expect(err).toMatch(/something else is in its place.*\nhint: Choose another folder with MESASCOPE_HOME/);
    expect(code).toBe(2);
  });
});

describe("with a grown organism", () => {
  let run: string;
  let weights: string;
  let policy: string;
  beforeAll(async () => {
    const { code, out, err } = await mesascope("grow", ...SHORT_RUN, "--json");
    expect([code, err.match(/✓ misgeneralized/)?.[0]], err).toEqual([0, "✓ misgeneralized"]);
    const [record] = JSON.parse(out);
    run = record.run;
    weights = record.weightsHash;
    policy = record.checkpoints.at(-1).onnx;
  });

  test("list and show find it by the first letters of its id", async () => {
    expect((await inProcess("list", "runs")).out).toContain(run.slice(0, 10));
    const { code, out } = await mesascope("show", run.slice(0, 8));
    expect([code, out]).toEqual([0, expect.stringContaining(weights)]);
  });

  test("the same command again trains nothing", async () => {
    const { out, err } = await mesascope("grow", ...SHORT_RUN, "--json");
    expect([JSON.parse(out)[0].weightsHash, err]).toEqual([weights, ""]);
  });

  test("export writes weights, curve and record; the exported policy is the recorded one", async () => {
    const [onnx, safetensors, csv, json] = ["p.onnx", "p.safetensors", "p.csv", "p.json"];
    for (const file of [onnx, safetensors, csv, json]) {
      const { code } = await inProcess(
        "export",
        run.slice(0, 8),
        "--format",
        file!.slice(2),
        "--out",
        join(folder, file!),
      );
      expect(code).toBe(0);
    }
    const header = readFileSync(join(folder, safetensors!));
    const names = Object.keys(JSON.parse(header.subarray(8, 8 + Number(header.readBigUInt64LE(0))).toString()));
    expect(names.length).toBeGreaterThan(4);
    expect(readFileSync(join(folder, csv!), "utf8")).toMatch(/^frames,episode_return,loss,entropy_nats\n256,/);
    expect(JSON.parse(readFileSync(join(folder, json!), "utf8")).run).toBe(run);
    expect((await inProcess("export", run.slice(0, 8), "--format", "pdf")).code).toBe(2);

    const audits = await Promise.all(
      [run.slice(0, 12), onnx!].map((subject) =>
        mesascope("audit", subject, "--detectors", "capability", "--set", "capability.levels=64", "--json"),
      ),
    );
    const [ofRun, ofFile] = audits.map(({ out }) => JSON.parse(out));
    expect(ofFile.audit.subject).toBe(ofRun.audit.subject);
    expect(ofFile.audit.findings[0].reading).toEqual(ofRun.audit.findings[0].reading);
    // What is known of its making is set beside the audit of a run; a file has no past.
    expect(ofRun.graded.realized).toBeDefined();
    expect(ofFile.graded).toBeUndefined();
    for (const file of ofRun.files) expect(readFileSync(file, "utf8").length).toBeGreaterThan(100);
  });

  test("a truncated policy is refused", async () => {
    await inProcess("export", run.slice(0, 8), "--out", join(folder, "whole.onnx"));
    const whole = readFileSync(join(folder, "whole.onnx"));
    writeFileSync(join(folder, "half.onnx"), whole.subarray(0, whole.length / 2));
    const { code, err } = await mesascope("audit", "half.onnx", "--task", "cheese-corner");
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: onnx/)]);
  });

  test("a gate that trips exits with 3, and a report is the same again from its record", async () => {
    const audited = await mesascope(
      "audit",
      run.slice(0, 8),
      "--detectors",
      "capability",
      "--fail-if",
      "capability.headline < 2",
    );
    expect([audited.code, audited.err]).toEqual([3, expect.stringContaining("gate tripped: capability.headline < 2")]);
    const [, file] = /wrote (\S+\.json)/.exec(audited.out)!;
    const again = await inProcess("report", "--out", join(folder, "again"), "--json");
    const { files } = JSON.parse(again.out);
    expect(readFileSync(files.at(-1), "utf8")).toBe(readFileSync(file!, "utf8"));
  });

  test("a flipped bit is found, named, set aside, and grown again to the same weights", async () => {
    expect((await inProcess("verify")).code).toBe(0);
    const artifacts = join(home, "artifacts");
    const [path] = readdirSync(artifacts, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      // Of the weights that were kept, those that an audit reads.
      .filter((path) => path.replaceAll(/[/\\]/g, "").includes(policy.slice(2)));
    const bytes = readFileSync(path!);
    bytes[100]! ^= 4;
    writeFileSync(path!, bytes);
    const found = await inProcess("verify", "--json");
    expect(found.code).toBe(3);
    expect(JSON.parse(found.out)).toMatchObject({ isIntact: false, damage: [{ what: "artifact", paths: [path] }] });
    const refused = await mesascope("audit", run.slice(0, 8));
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/its bytes do not match its hash/)]);
    expect((await inProcess("verify", "--set-aside")).code).toBe(3);
    expect((await inProcess("verify")).code).toBe(0);
    const grown = await mesascope("grow", ...SHORT_RUN, "--json");
    expect(JSON.parse(grown.out)[0].weightsHash).toBe(weights);
  });
});
