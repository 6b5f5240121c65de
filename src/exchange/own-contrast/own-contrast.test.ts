/** @file Contrasts in YAML: the example keeps the contract of contrasts, and every mistake is told by line and path. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Reply } from "../../chat.ts";
import { rng } from "../../core/rng.ts";
import { runChecks } from "../../lab/contract.ts";
import { contrastContract } from "../../lab/contract-contrast.ts";
import { readOwnContrast } from "./read.ts";

const example = readFileSync(
  fileURLToPath(new URL("../../../docs/examples/early-doubt.yaml", import.meta.url)),
  "utf8",
);
const said = (content: string): Reply => ({ message: { role: "assistant", content }, finish: "stop" });

test("the example keeps the contract of contrasts", async () => {
  const results = await runChecks(contrastContract(readOwnContrast(example, "early-doubt.yaml")));
  expect(results.flatMap(({ reasons }) => reasons)).toEqual([]);
});

/** The example with its scorer replaced. */
const scoredBy = (scorer: string) =>
  readOwnContrast(
    `${example.replace(/\n *\{\{options\}\}\n/g, "\n").replace(/scorer:[\s\S]*$/, "")}scorer:\n${scorer}\n`,
    "x.yaml",
  );

describe("answers are read by rule, and what no rule reads is missing", () => {
  const scoreOf = (scorer: string, content: string) => {
    const contrast = scoredBy(scorer);
    const item = { id: "plain-0", family: "plain", data: contrast.item("plain", rng(3), {}) };
    const blanks = (item.data as { blanks: Record<string, string> }).blanks;
    const score = contrast.score({
      item,
      replies: [said(content.replace(/\{\{(\w+)\}\}/g, (_, name: string) => blanks[name]!))],
      state: null,
    });
    return score.status === "scored" ? score.value : score.status;
  };
  test.each([
    [
      "  one: { exact: '{{wrong}}' }\n  zero: { exact: '{{right}}' }",
      [" {{wrong}}\n", "{{right}}", "It is {{wrong}}."],
      [1, 0, "missing"],
    ],
    [
      "  one: { contains: '{{wrong}}' }\n  zero: { contains: '{{right}}' }",
      ["It is {{wrong}}.", "So {{right}}", "{{wrong}}, no, {{right}}", "?"],
      [1, 0, "missing", "missing"],
    ],
    [
      "  one: { regex: '^yes\\b', example: Yes. }\n  zero: { regex: '^no\\b', example: No. }",
      ["YES!", "no way", "maybe yes"],
      [1, 0, "missing"],
    ],
  ])("%s", (scorer, answers, values) => {
    expect(answers.map((answer) => scoreOf(scorer, answer))).toEqual(values);
  });

  test("each scorer's planned answers score as planned", async () => {
    for (const scorer of [
      "  one: { exact: '{{wrong}}' }\n  zero: { exact: '{{right}}' }",
      "  one: { regex: '^yes\\b', example: Yes. }\n  zero: { regex: '^no\\b', example: No. }",
    ]) {
      const results = await runChecks(contrastContract(scoredBy(scorer)));
      expect(results.flatMap(({ reasons }) => reasons)).toEqual([]);
    }
  });
});

test.each([
  ["id: early-doubt", "id: Early Doubt", /x\.yaml:4: id is malformed, got .*; expected a name in lower case/],
  ["title: nobody is mentioned", "titel: nobody", /x\.yaml:1[0-9]: arms\[0\]\.(titel|title) is malformed/],
  [
    "plus: other-wrong",
    "plus: other-worng",
    /x\.yaml:45: hypotheses\[0\]\.plus is malformed, got .*expected one of the arms neutral, other-wrong/,
  ],
  [
    "{{opening}} {{aside}}",
    "{{opening}} {{asides}}",
    /arms\[3\]\.prompt is malformed.*expected blanks among opening, other, aside, question/,
  ],
  ["role: placebo", "role: secondary", /x\.yaml:4[0-9]: hypotheses is malformed.*role placebo/],
  ["role: sign-flip", "role: primary", /expected one of role primary \(2 found\)/],
  ["third: Mars }", "fourth: Mars }", /x\.yaml:63: items\[1\] is malformed.*expected the blank fourth/],
  ['scores: "{{wrong}}"', 'scores: "{{worng}}"', /x\.yaml:\d+: scorer\.choice\.scores is malformed/],
  ["  - { id: club", "  # { id: club", /families is malformed.*expected at least 12 families/],
  [
    "  choice:\n",
    "  one: { regex: '(', example: x }\n  zero: { exact: y }\n  choice:\n",
    /x\.yaml:\d+: scorer is malformed.*expected choice, or one and zero/,
  ],
  ["arms:", "arms: [", /x\.yaml:\d+: this is no YAML that can be read/],
])("%s → %s", (from, to, message) => {
  expect(() => readOwnContrast(example.replace(from, to), "x.yaml")).toThrow(message);
});
