/**
 * @file Levels as JSON files: which world, its parameters, and each level as the
 * lines of its text (items that are not cells are `name: number` lines after the rows).
 */
import { z } from "zod";
import { LabError } from "../core/errors.ts";
import type { Level, World } from "../env.ts";

const FORMAT = "mesascope-levels/1";

const SHAPE = `{ "format": "${FORMAT}", "env", "params", "levels": [[row, row, …], …] }`;
const EXAMPLE = `Write it like this: { "format": "${FORMAT}", "env": "cheese-corner", "params": { "size": 5 }, "levels": [["#####", "#..C#", "#.#.#", "#M..#", "#####"]] }`;

const levelFile = z.strictObject({
  format: z.literal(FORMAT),
  env: z.string(),
  params: z.record(z.string(), z.unknown()),
  levels: z.array(z.array(z.string()).min(1)),
});

export interface LevelFile {
  /** Id of the environment. */
  readonly env: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly levels: readonly Level[];
}

/** The text of a level file. `params` are those that `world` was made with. */
export function printLevelFile(file: {
  readonly world: World;
  readonly params: Readonly<Record<string, unknown>>;
  readonly levels: readonly Level[];
}): string {
  const { world, params, levels } = file;
  const lines = levels.map((level) => world.print(level).split("\n"));
  return `${JSON.stringify({ format: FORMAT, env: world.env, params, levels: lines }, null, 2)}\n`;
}

/**
 * Which world a level file is for, without reading its levels.
 *
 * @throws {LabError} `level/malformed`
 */
export function readLevelFileHeader(text: string): {
  readonly env: string;
  readonly params: Readonly<Record<string, unknown>>;
} {
  const { env, params } = readLevelFile(text);
  return { env, params };
}

/**
 * Read a level file for a world; every level is checked.
 *
 * @throws {LabError} `level/malformed` for what is no level file, names another
 *   world or cannot be read; `level/impossible` for a level that breaks the world's rules
 */
export function parseLevelFile(text: string, world: World): LevelFile {
  const file = readLevelFile(text);
  if (file.env !== world.env) {
    throw new LabError(
      "level/malformed",
      `level file: made for another world, got "${file.env}"; expected "${world.env}"`,
    );
  }
  const levels = file.levels.map((lines, i) => {
    try {
      const level = world.parse(lines.join("\n"));
      world.check(level);
      return level;
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      throw new LabError(error.code, `level ${i + 1} of ${file.levels.length}: ${error.message}`, {
        hint: "Rows and columns count from 1, the border included.",
        cause: error,
      });
    }
  });
  return { env: file.env, params: file.params, levels };
}

function readLevelFile(text: string): z.output<typeof levelFile> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new LabError("level/malformed", `level file: not JSON, got ${preview(text)}; expected ${SHAPE}`, {
      hint: EXAMPLE,
      cause,
    });
  }
  const parsed = levelFile.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue!.path.length === 0 ? "" : ` at ${issue!.path.join(".")}`;
  throw new LabError(
    "level/malformed",
    `level file: ${issue!.message.replace(/^Invalid input: /, "")}${where}; expected ${SHAPE}`,
    { hint: EXAMPLE },
  );
}

const preview = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
