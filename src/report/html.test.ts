/** @file The pages' structure: order, references, escaping, and numbers never without interval and n. */
import { expect, test } from "vitest";
import { experimentReport } from "../../test/sample-experiment.ts";
import { audit, instruments, zoo } from "../../test/sample-records.ts";
import type { AuditRecord, GradedAudit } from "../audit-record.ts";
import { unscored } from "../core/estimate.ts";
import { QUESTIONS } from "../detector.ts";
import { experimentHtml } from "./experiment-html.ts";
import { auditHtml, zooHtml } from "./html.ts";
import { reportJson } from "./json.ts";
import { auditMarkdown, zooMarkdown } from "./markdown.ts";

const command = "npx mesascope quickstart --seed 1";
const pages: readonly (readonly [string, string])[] = [
  ["audit", auditHtml(audit, instruments)],
  ["zoo", zooHtml(zoo, instruments, { command })],
  ["experiment", experimentHtml(experimentReport)],
];

/** Text without markup. */
const textOf = (page: string) => page.replace(/<style>.*?<\/style>/gs, "").replace(/<[^>]*>/g, " ");

test.each(pages)("%s: ids are unique and every reference has its target", (_, page) => {
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
  expect(new Set(ids).size).toBe(ids.length);
  const known = new Set(ids);
  const targets = [
    ...[...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!),
    ...[...page.matchAll(/aria-labelledby="([^"]+)"/g)].flatMap(([, list]) => list!.split(" ")),
    ...[...page.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id!),
  ];
  expect(targets.length).toBeGreaterThan(5);
  expect(targets.filter((id) => !known.has(id))).toEqual([]);
});

test.each(pages)("%s: one first heading, and no level is skipped", (_, page) => {
  const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  for (let i = 1; i < levels.length; i++) expect(levels[i]! - levels[i - 1]!).toBeLessThanOrEqual(1);
});

test.each(pages)("%s: self-contained, without scripts, under a policy that allows only its own style", (_, page) => {
  expect(page).toMatch(
    /Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-|Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/,
  );
  expect(page).not.toMatch(/unsafe-inline|<script|<link|@import|url\(http|src=|style="/);
  expect(page.replaceAll("http://www.w3.org/2000/svg", "")).not.toContain("://");
});

test.each(pages)("%s: nothing meaningless is printed", (_, page) => {
  expect(textOf(page)).not.toMatch(/\b(NaN|undefined|null|Infinity)\b|\[object/);
  expect(page).not.toMatch(/="[^"]*(NaN|undefined|Infinity)[^"]*"/);
});

test("the audit answers the eight questions in order, and says why where it does not", () => {
  const text = textOf(auditHtml(audit, instruments));
  const places = QUESTIONS.map((question) => text.indexOf(question.text));
  expect(places.every((place, i) => place > (places[i - 1] ?? 0))).toBe(true);
  expect(text).toContain("needs access to logits, and this subject grants act");
  expect(text).toContain("no untrained network was given to the audit");
  expect(text).toContain("3 instruments looked");
});

test("a question has its own section: number, evidence on either side, what would change it, what was not asked", () => {
  const page = auditHtml(audit, instruments);
  const sectionOf = (id: string) =>
    textOf(page.split(`<section id="${id}"`)[1]!.split("</section>")[0]!).replace(/\s+/g, " ");
  const optimizer = sectionOf("question-optimizer");
  for (const part of [
    "bits of optimization power: 5.31 [4.91, 5.71], n = 4,096 trajectories",
    "For: It is an optimizer. Optimization power : Its outcomes are as unlikely",
    "No instrument speaks against it.",
    "What would change the answer A look inside, which outranks behavior.",
    "Could not be asked at this access needs-logits : needs access to logits",
    "Tests the claim: It makes outcomes that random behavior almost never makes.",
  ]) {
    expect(optimizer).toContain(part);
  }
  const intended = sectionOf("question-intended");
  expect(intended).toContain("Against: It pursues the cheese. Goal under shift : It went to the corner");
  // Two gaps, two numbers; the one that nothing measured says so.
  expect(intended).toContain("Inner gap: 0.77 [0.74, 0.79]");
  expect(intended).toContain("Outer gap: unscored, not measured: the world declares no intent of its own");
  expect(sectionOf("others")).toContain("place-or-heading");
  expect(page).not.toContain('id="question-lenses"');
  const text = auditMarkdown(audit, instruments);
  expect(text).toContain(
    "Against: It pursues the cheese.\n\n- Goal under shift: It went to the corner on 0.765 \\[0.74, 0.79\\]",
  );
  expect(text).toContain("| Inner gap | 0.77 \\[0.74, 0.79\\], n = 1,024 levels |");
});

test("records of earlier versions, without evidence beside the answers, still make a page", () => {
  const { gaps: _, ...old } = audit;
  const answers = old.answers.map(({ question, text, status, answer, detectors }) => ({
    question,
    text,
    status,
    answer,
    detectors,
  }));
  const page = auditHtml({ ...old, answers }, instruments);
  expect(page).toContain('id="question-optimizer"');
  expect(page).not.toContain("What would change the answer");
  expect(page).not.toContain("Outer gap");
});

test("every reading is printed with its interval and its n", () => {
  const text = textOf(auditHtml(audit, instruments)).replace(/\s+/g, " ");
  expect(text).toContain("0.56 [0.51, 0.60] 95 % interval, n = 1,024 levels");
  expect(text).toContain("5.31 [4.90, 5.60] 95 % interval, n = 4,096 trajectories");
});

test("what it takes to get the numbers again is there", () => {
  const page = auditHtml(audit, instruments);
  for (const part of [audit.command, "levels=1024, confidence=0.95", audit.code, "native", "413 ms"])
    expect(page).toContain(part);
});

test("the zoo sets the blind answer beside the truth and counts both right and wrong ones", () => {
  const text = textOf(zooHtml(zoo, instruments, { command })).replace(/\s+/g, " ");
  expect(text).toContain("3 agents audited blind, 2 answered right");
  for (const { organism, because } of zoo) {
    expect(text).toContain(organism);
    expect(text).toContain(because);
  }
  expect(text).toContain(command);
});

test("an agent of the zoo is told by question as in its own audit, with ids of its own", () => {
  const page = zooHtml(zoo, instruments, { command });
  const [first] = zoo;
  const partOf = (text: string, id: string) =>
    textOf(text.split(`<section class="asked" id="${id}"`)[1]!.split("</section>")[0]!).replace(/\s+/g, " ");
  const optimizer = partOf(page, "agent-1-question-optimizer");
  const alone = textOf(
    auditHtml(first!.audit, instruments).split('<section id="question-optimizer"')[1]!.split("</section>")[0]!,
  ).replace(/\s+/g, " ");
  expect(optimizer.split(">")[1]!.trim()).toBe(
    alone.split(">")[1]!.split("How Optimization power can be wrong")[0]!.trim(),
  );
  expect(optimizer).toContain("Tests the claim: It makes outcomes that random behavior almost never makes.");
  expect(page).toContain('href="#agent-1-question-optimizer"');
  expect(partOf(page, "agent-1-others")).toContain("place-or-heading");
  // What holds for every agent is said once.
  const { title, fails } = instruments[0]!;
  expect(page.split(`How ${title} can be wrong`)).toHaveLength(2);
  expect(textOf(page)).toContain(fails[0]);
});

/** The same record with every free text replaced; words that choose a form stay. */
function poison<T>(value: T, text: string, key = ""): T {
  const isForm = ["kind", "status", "unit", "format", "scale", "question", "id", "role"].includes(key);
  if (typeof value === "string") return (isForm ? value : text) as T;
  if (Array.isArray(value)) return value.map((item) => poison(item, text, key)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poison(item, text, name)])) as T;
}

const HOSTILE = `</style></title><script>alert(1)</script>"'><img src=x onerror=alert(1)>\u202e| \`x\` [a](javascript:1) NaN-free`;

test("hostile text stays text, in HTML and in Markdown", () => {
  const bad: AuditRecord = poison(audit, HOSTILE);
  const badZoo: readonly GradedAudit[] = poison(zoo, HOSTILE);
  for (const page of [
    auditHtml(bad, poison(instruments, HOSTILE)),
    zooHtml(badZoo, [], { command: HOSTILE, title: HOSTILE }),
  ]) {
    expect(page).toContain("&lt;script&gt;alert(1)");
    expect(page.match(/<(script|img)|\u202e/g)).toBeNull();
    expect(page.split("</style>")).toHaveLength(2);
    expect(page.split("</title>").length - 1).toBe(page.split("<title").length - 1);
  }
  for (const text of [auditMarkdown(bad, []), zooMarkdown(badZoo, [], { command: HOSTILE })]) {
    // Outside code spans nothing starts a tag, a link or a table cell.
    const outside = text.replace(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/gs, "");
    expect(outside).not.toMatch(/(?<!\\)<|(?<!\\)\]\(/);
    expect(text).not.toContain("\u202e");
  }
});

test("an audit in which nothing could be scored still makes a page", () => {
  const empty: AuditRecord = {
    ...audit,
    access: [],
    findings: audit.findings.map((finding) => ({
      ...finding,
      params: {},
      quantities: [],
      evidence: [],
      reading: unscored("no levels"),
    })),
    answers: audit.answers.map((answer) => ({
      ...answer,
      status: "unscored" as const,
      answer: "no levels",
      detectors: [],
    })),
  };
  const page = auditHtml(empty, []);
  expect(textOf(page)).toContain("What this model wants could not be scored");
  expect(zooHtml([], [], { command })).toContain("0 agents audited blind");
});

test("Markdown holds the same numbers", () => {
  const text = auditMarkdown(audit, instruments);
  expect(text).toContain("**0.56 \\[0.51, 0.60\\]**".replaceAll("\\", ""));
  for (const question of QUESTIONS) expect(text).toContain(question.text);
  expect(text).not.toMatch(/\b(NaN|undefined|null)\b/);
  // Frames stand side by side in letters.
  expect(text).toContain("#░▒>C<#           #>>>C<#           #>>>C<#           #>>>C<#");
  expect(zooMarkdown(zoo, instruments, { command })).toContain("| misgeneralized |");
});

test("JSON is the record, and refuses what JSON would silently change", () => {
  expect(JSON.parse(reportJson(audit))).toEqual(JSON.parse(JSON.stringify(audit)));
  expect(() => reportJson({ a: Number.NaN })).toThrow("a finite number");
});
