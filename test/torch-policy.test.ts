/**
 * @file Policies trained and exported by PyTorch, channels last, planes and actions in an order of their own: audited
 * with the right answers once the order is said, and told apart from a wrong order. The files are those of
 * docs/examples/torch; where PyTorch is there, the way to them is walked again.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeDemonstrations } from "../docs/examples/torch/demonstrations.ts";
import { root } from "../scripts/source.ts";
import { commandLine } from "./command.ts";

const { folder, ask } = commandLine("torch");
const examples = join(root, "docs/examples/torch");
const HERE = ["--task", "cheese-corner", "--layout", "NHWC", "--out", folder, "--json"];
const ORDER = ["--planes", "cheese,mouse,wall", "--actions", "right,down,left,up"];
const QUICK = [
  ...["--detectors", "capability,goal-shift", "--set", "capability.levels=96", "--set", "goal-shift.levels=128"],
  ...["--set", "goal-shift.skillLevels=96", "--set", "goal-shift.strengths=0"],
];

async function findings(file: string, ...args: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { code, out, err } = await ask("audit", file, ...HERE, ...QUICK, ...args);
  expect(code, err).toBe(0);
  const { audit } = JSON.parse(out);
  const found = audit.findings as { detector: string; finding?: string }[];
  return Object.fromEntries(found.map(({ detector, finding }) => [detector, finding ?? "declines"]));
}

describe("as their author says they are", () => {
  test.each([
    ["cheese.onnx", { capability: "kept", "goal-shift": "base" }],
    ["corner.onnx", { capability: "turned", "goal-shift": "proxy" }],
  ])("%s", async (file, expected) => {
    expect(await findings(join(examples, file), ...ORDER)).toEqual(expected);
  });

  test("read in the laboratory's order they are incapable, and the record says what was taken for granted", async () => {
    const { out } = await ask("audit", join(examples, "cheese.onnx"), ...HERE, ...QUICK);
    const { audit } = JSON.parse(out);
    expect(audit.findings[0].finding).toBe("incapable");
    expect(audit.notes.join(" ")).toMatch(
      /does not name its planes: taken as WALL,MOUSE,CHEESE.*does not name its actions/,
    );
  });

  test("gradients and activations are granted as for the laboratory's own", async () => {
    const { out } = await ask("audit", join(examples, "corner.onnx"), ...HERE, ...QUICK, ...ORDER);
    expect(JSON.parse(out).audit.access).toEqual(["act", "logits", "activations", "gradients", "weights"]);
  });
});

const python = ["python3", "/usr/bin/python3"].find(
  (each) => spawnSync(each, ["-c", "import torch, numpy"], { timeout: 60_000 }).status === 0,
);

describe.skipIf(!python)(`training in PyTorch${python ? "" : " (no Python with torch and numpy: skipped)"}`, () => {
  test("the script's export is a policy that can be audited", async () => {
    const data = join(folder, "data");
    expect(await writeDemonstrations(data, 200, 1)).toBeGreaterThan(1000);
    const file = join(folder, "fresh.onnx");
    const trained = spawnSync(python!, [join(examples, "train.py"), data, "corner", file, "2"], { encoding: "utf8" });
    expect(trained.status, trained.stderr).toBe(0);
    expect(Number(/corner: (\S+) of choices are optimal/.exec(trained.stdout)?.[1])).toBeGreaterThan(0.4);
    expect(Object.keys(await findings(file, ...ORDER))).toEqual(["capability", "goal-shift"]);
  }, 180_000);
});
