/**
 * @file Turns the examples in docstrings and Markdown into modules that the test suite runs.
 *
 * A docstring's `@example` sees the exports of its own file; a `ts` fence in Markdown sees only what it imports. A
 * comment at the end of a statement's last line is an assertion:
 *
 *     f(2); // => 4                deep equality with an expression
 *     g(2); // => ≈ 1.414          equal to the digits that are written
 *     h(-1); // throws input/invalid
 */

import { posix } from "node:path";
import { parseSync } from "oxc-parser";
import { type Tree, valueExportsOf } from "./source.ts";

export interface Example {
  /** File it stands in. */
  readonly path: string;
  /** Line of its first code line, counted from 1. */
  readonly line: number;
  readonly code: string;
}

/** Every example in a tree, in order of path and line. */
export function findExamples(tree: Tree): Example[] {
  return [...tree].flatMap(([path, text]) =>
    path.endsWith(".md") ? inMarkdown(path, text) : inDocstrings(path, text),
  );
}

function inMarkdown(path: string, text: string): Example[] {
  const fence = /^( *)```ts\n([\s\S]*?)^ *```/gm;
  return [...text.matchAll(fence)].map((match) => ({
    path,
    line: lineAt(text, match.index) + 1,
    code: match[2]!.replaceAll(new RegExp(`^${match[1]}`, "gm"), ""),
  }));
}

function inDocstrings(path: string, text: string): Example[] {
  const examples: Example[] = [];
  for (const comment of parseSync(path, text).comments) {
    if (comment.type !== "Block" || !comment.value.startsWith("*")) continue;
    const first = lineAt(text, comment.start);
    const lines = comment.value.split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
    for (const [i, opening] of lines.entries()) {
      if (!opening.startsWith("@example")) continue;
      const rest = lines.slice(i + 1);
      const end = rest.findIndex((line) => /^@\w/.test(line));
      const code = rest.slice(0, end < 0 ? undefined : end).map((line) => (line.startsWith("```") ? "" : line));
      examples.push({ path, line: first + i + 1, code: `${code.join("\n")}\n` });
    }
  }
  return examples;
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/**
 * An example as a module that exports `run()`. It belongs beside the file it stands in, so that relative imports work.
 *
 * @param ownText text of that file, when its exports are in scope
 * @param assertions path of the module that exports `isEqual`, `isNear` and `doesThrow`
 * @throws {Error} with file and line when the example or an expected value is no TypeScript
 */
export function compileExample(example: Example, ownText: string | undefined, assertions: string): string {
  const { path, code } = example;
  const where = (offset: number) => `${path}:${example.line + lineAt(code, offset) - 1}`;
  const { program, comments, module, errors } = parseSync("example.ts", code);
  if (errors.length > 0) {
    throw new Error(`${where(errors[0]!.labels[0]?.start ?? 0)}: the example is no TypeScript: ${errors[0]!.message}`);
  }

  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const imports: string[] = [];
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration") {
      imports.push(code.slice(statement.start, statement.end));
      edits.push({ start: statement.start, end: statement.end, text: "" });
    } else if (statement.type === "ExportNamedDeclaration" && statement.declaration) {
      edits.push({ start: statement.start, end: statement.declaration.start, text: "" });
    }
  }
  const statements = statementsOf(program);
  for (const comment of comments) {
    const kind = /^ *(=> *≈|=>|throws\b) */.exec(comment.value);
    if (comment.type !== "Line" || !kind) continue;
    const at = where(comment.start);
    const lineStart = code.lastIndexOf("\n", comment.start) + 1;
    const statement = statements.findLast(({ end }) => end > lineStart && end <= comment.start);
    if (!statement) throw new Error(`${at}: no statement ends on the line of this assertion`);
    const { start, end } = statement;
    const expected = comment.value.slice(kind[0].length).trim();
    const text = code.slice(start, end);
    const label = JSON.stringify(at);
    if (kind[1] === "throws") {
      edits.push({
        start,
        end,
        text: `await $doesThrow(async () => { ${text} }, ${JSON.stringify(expected)}, ${label});`,
      });
      continue;
    }
    if (parseSync("value.ts", `(${expected}\n)`).errors.length > 0) {
      throw new Error(`${at}: "${expected}" is no expression; write a value after // =>`);
    }
    const check = kind[1] === "=>" ? "$isEqual" : "$isNear";
    const value = kind[1] === "=>" ? `(${expected})` : JSON.stringify(expected);
    if (statement.expression) {
      const subject = code.slice(statement.expression.start, statement.expression.end);
      edits.push({ start, end, text: `${check}((${subject}), ${value}, ${label});` });
    } else if (statement.variable) {
      edits.push({ start, end, text: `${text} ${check}(${statement.variable}, ${value}, ${label});` });
    } else throw new Error(`${at}: // => follows an expression or a declaration of one constant`);
  }

  let body = code;
  for (const { start, end, text } of edits.sort((a, b) => b.start - a.start)) {
    body = body.slice(0, start) + text + body.slice(end);
  }
  const taken = new Set(module.staticImports.flatMap(({ entries }) => entries.map((entry) => entry.localName.value)));
  const own = ownText === undefined ? [] : valueExportsOf(path, ownText).filter((name) => !taken.has(name));
  return [
    `import { isEqual as $isEqual, isNear as $isNear, doesThrow as $doesThrow } from ${JSON.stringify(assertions)};`,
    own.length > 0 ? `import { ${own.join(", ")} } from "./${posix.basename(path)}";` : "",
    ...imports,
    `export async function run() {\n${body}\n}`,
  ].join("\n");
}

interface Statement {
  readonly start: number;
  readonly end: number;
  readonly expression?: { readonly start: number; readonly end: number };
  /** Name of the one constant it declares. */
  readonly variable?: string;
}

/** Expression statements and declarations anywhere in a syntax tree, in order of their end. */
function statementsOf(node: unknown): Statement[] {
  const found: Statement[] = [];
  const visit = (value: unknown) => {
    if (Array.isArray(value)) value.forEach(visit);
    if (typeof value !== "object" || value === null || !("type" in value)) return;
    for (const child of Object.values(value)) visit(child);
    const { type, start, end, expression, declarations } = value as unknown as {
      type: string;
      start: number;
      end: number;
      expression?: { start: number; end: number };
      declarations?: readonly { id: { type: string; name?: string } }[];
    };
    if (type === "ExpressionStatement" && expression) found.push({ start, end, expression });
    if (type === "VariableDeclaration") {
      const name = declarations?.length === 1 ? declarations[0]!.id.name : undefined;
      found.push({ start, end, ...(name === undefined ? {} : { variable: name }) });
    }
  };
  visit(node);
  return found.sort((a, b) => a.end - b.end);
}
