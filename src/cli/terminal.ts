/**
 * @file Where commands print: results on stdout, everything else on stderr, and
 * how wide and how colorful each may be.
 */
import { stripVTControlCharacters } from "node:util";
import { secretsIn, withoutSecrets } from "../core/redact.ts";

const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  accent: [36, 39],
} as const;

/** Styles by meaning; without color each returns its text unchanged, so words must carry the meaning alone. */
export type Paint = Readonly<Record<keyof typeof STYLES, (text: string) => string>>;

function paint(isColored: boolean): Paint {
  const painter =
    ([on, off]: readonly [number, number]) =>
    (text: string) =>
      isColored && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return Object.fromEntries(Object.entries(STYLES).map(([name, codes]) => [name, painter(codes)])) as Record<
    keyof typeof STYLES,
    (text: string) => string
  >;
}

/** One of the two streams, as commands see it. */
export interface Outlet {
  /** A person looks at it live: lines may be redrawn. */
  readonly isLive: boolean;
  readonly columns: number;
  readonly paint: Paint;
  /** Write as is. */
  write(text: string | Uint8Array): void;
  /** Write with a newline. */
  line(text?: string): void;
}

export interface Terminal {
  readonly out: Outlet;
  readonly err: Outlet;
}

/** What {@link terminal} needs of a stream; `process.stdout` is one. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string | Uint8Array): unknown;
}

/** Columns where nobody says: wide enough for tables, narrow enough for mail. */
const DEFAULT_COLUMNS = 100;

/**
 * Colors follow https://no-color.org: NO_COLOR switches them off, FORCE_COLOR on,
 * else they appear on a terminal. Keys that stand in the environment are taken out of whatever is printed.
 */
export function terminal(
  stdout: OutputStream,
  stderr: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const clean = withoutSecrets(secretsIn(env));
  const outlet = (stream: OutputStream): Outlet => {
    const isLive = stream.isTTY === true && env.TERM !== "dumb";
    const isForced = (env.FORCE_COLOR ?? "") !== "" && env.FORCE_COLOR !== "0";
    const isColored = (env.NO_COLOR ?? "") === "" && (isLive || isForced);
    return {
      isLive,
      get columns() {
        return Math.max(40, stream.columns ?? (Number(env.COLUMNS) || DEFAULT_COLUMNS));
      },
      paint: paint(isColored),
      write: (text) => void stream.write(typeof text === "string" ? clean(text) : text),
      line: (text = "") => void stream.write(`${clean(text)}\n`),
    };
  };
  return { out: outlet(stdout), err: outlet(stderr) };
}

/**
 * A text without control characters, line breaks excepted: names and words that
 * come out of a file must not steer the terminal.
 */
export function printable(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, "\ufffd");
}

/** Terminal cells that a text takes: no escape codes, no combining marks, wide characters twice. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    if (/\p{Mn}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
