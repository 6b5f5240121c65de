/**
 * @file A detector or a task of the user's own, out of one TypeScript or JavaScript file. What is wrong with the
 * file is told in the user's words: what was found in it, and what was expected.
 */
import { basename, resolve } from "node:path";
import { LabError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import type { DetectorPlugin } from "../detector.ts";
import { detectors } from "../detectors/index.ts";
import type { EnvPlugin } from "../env.ts";
import { envs } from "../envs/index.ts";
import { importModule } from "../lab/modules.ts";
import { bringEnv } from "../lab/registry.ts";
import { readInput } from "./inputs.ts";

/** What a file brought. */
export type Brought = (
  | { readonly kind: "detector"; readonly plugin: DetectorPlugin }
  | { readonly kind: "environment"; readonly plugin: EnvPlugin }
) & {
  /** Where it lies, absolute. */
  readonly path: string;
  /** SHA-256 of the file: another text is another instrument, or another task. */
  readonly hash: string;
};
type Kind = Brought["kind"];

/** By which members a plug-in is known, and which others it must have, each with what is expected. */
const MEMBERS = {
  detector: {
    define: "defineDetector",
    known: ["measure", "question"],
    members: {
      id: "text",
      title: "text",
      question: "text",
      claim: "text",
      source: "text",
      access: "list",
      range: "list",
      fails: "list",
      findings: "object",
      calibration: "object",
      params: "object",
      measure: "function",
    },
  },
  environment: {
    define: "defineEnv",
    known: ["make", "training"],
    members: {
      id: "text",
      title: "text",
      source: "text",
      isolates: "text",
      shift: "text",
      params: "object",
      training: "object",
      tiny: "object",
      make: "function",
    },
  },
} as const satisfies Readonly<Record<Kind, unknown>>;

/** Does a text name such a file, and not a plug-in by its id? */
const namesModule = (text: string): boolean => /\.m?[jt]s$/i.test(text);

/**
 * Everything that a file exports and that this library knows how to use.
 *
 * @param cwd folder that relative paths are taken from
 * @throws {LabError} `input/invalid` when the file is missing, cannot be parsed or run, or exports nothing of that kind
 */
export async function loadModule(path: string, cwd = "."): Promise<readonly Brought[]> {
  const full = resolve(cwd, path);
  if (!namesModule(full)) {
    throw new LabError("input/invalid", `module: not of a known kind, got "${path}"; expected a name in .ts or .js`);
  }
  const hash = hashBytes(await readInput(full));
  const exported = await importModule(full).catch((cause: unknown) => {
    throw failure(cause, path);
  });
  const found = Object.entries(exported).flatMap(([name, value]) => {
    const kind = kindOf(value);
    return kind === undefined ? [] : [{ ...complete(kind, value, name, path), path: full, hash } as Brought];
  });
  if (found.length > 0) return found;
  throw new LabError(
    "input/invalid",
    `module: "${path}" exports no detector and no environment, got ${listed(exported)}; expected an export made by defineDetector or defineEnv`,
    { hint: 'Write: import { defineDetector } from "mesascope"; export const myDetector = defineDetector({ … })' },
  );
}

/** Detectors of the user's own, each with its file. @throws {LabError} `input/invalid`; see {@link loadModule} */
export async function loadDetectors(
  paths: readonly string[] = [],
  cwd?: string,
): Promise<readonly Extract<Brought, { readonly kind: "detector" }>[]> {
  const found: Extract<Brought, { readonly kind: "detector" }>[] = [];
  for (const path of paths) found.push(await loadOne("detector", path, cwd));
  const twice = found.find(({ plugin }, i) => found.findIndex((other) => other.plugin.id === plugin.id) < i);
  if (twice) {
    throw new LabError(
      "input/invalid",
      `module: two files define a detector "${twice.plugin.id}"; expected one of each id`,
    );
  }
  return found;
}

/** The one plug-in of a kind that a file exports. @throws {LabError} `input/invalid`; see {@link loadModule} */
async function loadOne<K extends Kind>(
  kind: K,
  path: string,
  cwd?: string,
): Promise<Extract<Brought, { readonly kind: K }>> {
  const all = await loadModule(path, cwd);
  const [only, ...rest] = all.filter((each) => each.kind === kind);
  if (only && rest.length === 0) {
    checkId(only);
    return only as Extract<Brought, { readonly kind: K }>;
  }
  const got = all.map((each) => `${each.kind} ${each.plugin.id}`).join(", ");
  throw new LabError(
    "input/invalid",
    `module: "${path}" does not export one ${kind}, got ${got}; expected exactly one`,
  );
}

/** A world as a command knows it: by its id, and by the file that defines it where the user brought one. */
export interface NamedTask {
  readonly id: string;
  /** For the training threads, absolute; empty for a world of the library's. */
  readonly modules: readonly string[];
}

/**
 * A world named by its id, or by the file that defines it, which is then known by its id.
 *
 * @throws {LabError} `input/invalid`; an unknown id is told where the world is made
 */
export async function bringTask(text: string, cwd?: string): Promise<NamedTask> {
  if (!namesModule(text)) return { id: text, modules: [] };
  const { plugin, hash, path } = await loadOne("environment", text, cwd);
  bringEnv(plugin, hash);
  return { id: plugin.id, modules: [path] };
}

/** @throws {LabError} `input/invalid` when the id is taken: records could not tell the two apart */
function checkId({ kind, plugin, path }: Brought): void {
  const taken = kind === "detector" ? detectors : envs;
  if (!taken.some(({ id }) => id === plugin.id)) return;
  throw new LabError(
    "input/invalid",
    `module: "${path}" takes an id that is taken, got ${kind} "${plugin.id}"; expected another`,
    { hint: "Rename it: records name what they used by its id." },
  );
}

function kindOf(value: unknown): Kind | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return (Object.keys(MEMBERS) as Kind[]).find((kind) => MEMBERS[kind].known.some((name) => name in value));
}

/** @throws {LabError} `input/invalid` naming the members that are missing or of another type */
function complete(kind: Kind, value: unknown, name: string, path: string): Pick<Brought, "kind" | "plugin"> {
  const { members, define } = MEMBERS[kind];
  const given = value as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(members).flatMap(([member, expected]) =>
    typeOf(given[member]) === expected ? [] : [`${member} (${typeOf(given[member])}; expected ${expected})`],
  );
  if (wrong.length === 0) return { kind, plugin: value } as Pick<Brought, "kind" | "plugin">;
  throw new LabError(
    "input/invalid",
    `module: export "${name}" of "${path}" is not a whole ${kind}, got ${wrong.join(", ")}`,
    { hint: `Make it with ${define}: the type checker then names what is missing.` },
  );
}

function typeOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "string") return value.trim() === "" ? "empty text" : "text";
  if (Array.isArray(value)) return "list";
  return value === null ? "null" : typeof value;
}

function listed(exported: Readonly<Record<string, unknown>>): string {
  const names = Object.entries(exported).map(([name, value]) => `${name} (${typeOf(value)})`);
  return names.length === 0 ? "no exports" : names.slice(0, 8).join(", ");
}

/** Why a module does not run: its own mistake, told with its place, and never our bug. */
function failure(cause: unknown, path: string): LabError {
  const { code = "", message = String(cause), stack = "" } = Object(cause) as NodeJS.ErrnoException;
  const at = /file:\/\/(\S+?\.m?[jt]s):(\d+)/.exec(stack.split("\n", 6).join("\n"));
  const where = at ? `"${path}", ${at[1]!.replace(/^.*\//, "")} line ${at[2]}` : `"${path}"`;
  const told = (problem: string, expected: string, hint?: string) =>
    new LabError("input/invalid", `module: ${where}: ${problem}, got ${message}; expected ${expected}`, {
      cause,
      ...(hint === undefined ? {} : { hint }),
    });
  if (code === "ERR_UNKNOWN_FILE_EXTENSION" || code === "ERR_UNKNOWN_MODULE_FORMAT") {
    return told("this Node reads no TypeScript", "Node 22.18 or newer, or a .js file", "Run: npm install -g node@24");
  }
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    return told("it cannot be run by dropping its types", "no enums, no namespaces, no parameter properties");
  }
  if (code === "ERR_MODULE_NOT_FOUND") {
    return told(
      "it imports what is not there",
      'imports from "mesascope", "zod", "node:…", or files and packages beside it',
      "Relative imports are written with their ending: ./reflex.ts",
    );
  }
  if (code === "ERR_INVALID_TYPESCRIPT_SYNTAX") return told("it does not parse", "TypeScript");
  // A syntax error that comes from running the file, as of JSON.parse, has a frame in it.
  const isRunning = stack.split("\n").some((line) => /^\s+at /.test(line) && line.includes(basename(path)));
  if ((cause as Error | undefined)?.name === "SyntaxError" && !isRunning) {
    return told("it does not load", "a module that parses, and imports that exist");
  }
  return told("it fails while it loads", "a module that only declares what it exports");
}
