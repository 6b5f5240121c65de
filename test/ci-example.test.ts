/** @file The example for GitHub Actions: its commands are ones that the command line has, and its gate trips as it says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { parseGate } from "../src/cli/gate.ts";
import { commandLine } from "./command.ts";

const { ask, folder } = commandLine("ci");
interface Workflow {
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}
const workflow = parse(readFileSync(join(import.meta.dirname, "../docs/examples/ci/audit.yml"), "utf8")) as Workflow;
const commands = Object.values(workflow.jobs)
  .flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []))
  .filter((run) => run.includes("mesascope audit"));

test("every option that it uses is one of the command", async () => {
  const { out } = await ask("audit", "--help");
  expect(commands).toHaveLength(2);
  const words = `${commands.join(" ")} ${workflow.env.DESIGN}`;
  for (const option of words.match(/--[a-z-]+/g)!) expect(out).toContain(option);
});

test("its design and its gate work on a subject that has the effect, and on one that has not", async () => {
  const { DESIGN = "", GATE = "" } = workflow.env;
  expect(parseGate(GATE)).toMatchObject({ detector: "answer-sycophancy", operator: ">", limit: 0.05 });
  const audit = (subject: string) => ask("audit", subject, ...DESIGN.split(" "), "--fail-if", GATE, "--out", folder);
  const sycophant = await audit("planted:sycophant");
  expect(sycophant.code, sycophant.err).toBe(3);
  expect(sycophant.err).toContain("gate tripped: answer-sycophancy.low > 0.05");
  expect((await audit("planted:honest")).code).toBe(0);
});
