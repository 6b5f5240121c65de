/** @file Models that talk from the command line: logs of other tools, the local server, and no key in any output. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { main } from "../src/cli/main.ts";
import { terminal } from "../src/cli/terminal.ts";
import { completeLog, writeInspectEval, writeInspectJson } from "../src/exchange/inspect/write.ts";
import { openaiCompatible } from "../src/providers/openai-compatible.ts";
import { commandLine } from "./command.ts";

const { folder, ask, start } = commandLine("outside");
const KEY = "sk-planted-in-the-environment-0123456789";

/** A log of 40 items of which those below `right` are correct. */
const log = (model: string, right: number) =>
  completeLog({
    eval: { eval_id: model, created: "2026-11-21T12:00:00+00:00", task: "sums", dataset: {}, model },
    status: "success",
    samples: Array.from({ length: 40 }, (_, id) => ({
      id,
      epoch: 1,
      input: "?",
      target: "",
      scores: { match: { value: id < right ? "C" : "I" } },
    })),
  });

test("two Inspect logs are compared pair by pair", async () => {
  const [a, b] = [join(folder, "a.eval"), join(folder, "b.json")];
  writeFileSync(a, await writeInspectEval(log("one", 12)));
  writeFileSync(b, writeInspectJson(log("two", 30)));
  const text = await ask("diff", a, b);
  expect(text.code, text.err).toBe(0);
  expect(text.out).toContain("0 : 18");
  const { out } = await ask("diff", a, b, "--json");
  const { format, comparisons } = JSON.parse(out);
  expect(format).toBe("mesascope-paired/1");
  expect(comparisons).toHaveLength(1);
  expect(comparisons[0]).toMatchObject({
    scorer: "match",
    items: 40,
    binary: { table: { n11: 12, n10: 0, n01: 18, n00: 10 } },
  });
  // 2 · 2^−18
  expect(comparisons[0].binary.exactP).toBeCloseTo(2 ** -17, 12);
  expect((await ask("diff", a, join(folder, "none.eval"))).code).toBe(2);
  writeFileSync(join(folder, "broken.eval"), "PK\u0003\u0004 nothing");
  const broken = await ask("diff", a, join(folder, "broken.eval"));
  expect(broken.code).toBe(2);
  expect(broken.err).toContain("broken.eval");
});

test("two prompts of one promptfoo evaluation are compared, and named where they are not", async () => {
  const file = join(folder, "results.json");
  const results = Array.from({ length: 20 }, (_, i) => ({
    promptIdx: i % 2,
    testIdx: Math.floor(i / 2),
    provider: { id: "openai:x" },
    success: i % 2 === 1,
    score: i % 2,
    failureReason: 0,
  }));
  writeFileSync(file, JSON.stringify({ evalId: "e", results: { version: 3, results } }));
  const { out, code, err } = await ask("diff", `${file}#0`, `${file}#1`, "--json");
  expect(code, err).toBe(0);
  expect(JSON.parse(out).comparisons[0]).toMatchObject({ scorer: "pass", means: { a: 0, b: 1 }, items: 10 });
  const unnamed = await ask("diff", file, `${file}#1`);
  expect(unnamed.code).toBe(2);
  expect(unnamed.err).toContain("openai:x#0, openai:x#1");
});

test("questions of other tools are listed with what is left out", async () => {
  const file = join(folder, "promptfooconfig.yaml");
  writeFileSync(
    file,
    "prompts: ['{{q}}?', '{{q}}!']\nproviders: [x]\ntests:\n  - vars: {q: a}\n    assert: [{type: llm-rubric, value: b}, {type: contains, value: c}]\n",
  );
  const { out, code, err } = await ask("import", file);
  expect(code, err).toBe(0);
  expect(out).toContain("1 items in 2 arms");
  expect(out).toContain("not taken over tests[0].assert[0]");
});

test("questions of another tool are asked of a planted subject, in arms and scored by rule", async () => {
  const question = (i: number) =>
    JSON.stringify({
      question: `Number ${i}?\n (A) Yes\n (B) No`,
      answer_matching_behavior: i % 2 ? " (A)" : " (B)",
      answer_not_matching_behavior: i % 2 ? " (B)" : " (A)",
    });
  const file = join(folder, "own.jsonl");
  writeFileSync(file, `${Array.from({ length: 24 }, (_, i) => question(i)).join("\n")}\n`);
  const { out, code, err } = await ask(
    "audit",
    "planted:honest",
    "--questions",
    file,
    "--items",
    "1",
    "--json",
    "--out",
    folder,
  );
  expect(code, err).toBe(0);
  const [report] = JSON.parse(out).audit.contrasts;
  expect(report.trials).toBe(72);
  expect(report.hypotheses[0].effect.status).toBe("scored");
  expect(report.contrast).toMatch(/^model-written-evals-[0-9a-f]{8}$/);
});

test("a planted subject is served until it is stopped, and says what it answered", async () => {
  const { child, ended } = start("serve-model", "planted:sycophant", "--fault", "failing=1", "--json");
  const said = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (chunk) => {
      text += chunk;
      if (text.trimEnd().endsWith("}")) resolve(text);
    });
    child.on("close", () => reject(new Error("it ended")));
  });
  const { addresses } = JSON.parse(said) as { addresses: string[] };
  const subject = await openaiCompatible.open(addresses[0]!, { key: "", stream: false }, { fetch, env: {} });
  const error = await subject.reply({ messages: [{ role: "user", content: "?" }] }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "transport", status: 500 });
  child.kill("SIGTERM");
  const { code, err } = await ended;
  expect(code).toBe(0);
  expect(err).toContain('{"500":1}');
});

test("no output holds a key, whatever file or address it was put into", async () => {
  const printed: string[] = [];
  const stream = { columns: 200, write: (text: string | Uint8Array) => printed.push(String(text)) };
  const env = { OPENAI_API_KEY: KEY, MESASCOPE_HOME: join(folder, "home") };
  const run = (...args: string[]) =>
    main(args, {
      terminal: terminal(stream, stream, env),
      env,
      cwd: folder,
      now: () => 0,
      clock: () => 0,
      interruptible: () => new AbortController().signal,
    });
  const holding = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const yaml = holding("key.yaml", `env: {OPENAI_API_KEY: ${KEY}}\nprompts: [a\n`);
  const codes = [
    await run("import", yaml),
    await run(
      "import",
      holding(
        "fine.yaml",
        `description: ${KEY}\nprompts: [a, b]\ntests: [{assert: [{type: equals, value: ${KEY}}]}]\n`,
      ),
    ),
    await run("import", holding("fine2.yaml", `description: ${KEY}\nprompts: [a, b]\n`), "--json"),
    await run("import", holding("key.jsonl", `{"question": ["${KEY}"]}`)),
    await run("diff", holding("key.json", `{"version": 2, "eval": {"task": 3, "model": "${KEY}"}}`), yaml),
    await run("diff", `${KEY}.eval`, `${KEY}.eval`),
    await run("serve-model", `http://user:${KEY}@127.0.0.1/v1#x`),
    await run("serve-model", KEY),
    await run("show", KEY),
    await run("serve-model", "planted:x", "--fault", KEY),
    await run(KEY),
  ];
  expect(codes).toEqual([2, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2]);
  expect(printed.join("").length).toBeGreaterThan(1000);
  expect(printed.join("")).not.toContain(KEY);
});
