/** @file YAML from outside: read with limits, refused by line, and never quoted in errors. */
import { LineCounter, parseDocument } from "yaml";
import { LabError } from "../../core/errors.ts";

/** A longer file is refused: no configuration is, and results of more are not read whole. */
const MAX_CHARACTERS = 100 << 20;

/**
 * The one document of a YAML (or JSON) text as plain data.
 *
 * @throws {LabError} `exchange/malformed` naming the line
 */
export function readYaml(text: string, where: string): unknown {
  if (text.length > MAX_CHARACTERS) {
    throw new LabError("exchange/malformed", `${where}: the file is too long, got ${text.length} characters`);
  }
  // Results are JSON and can be large: the platform's parser takes them a hundred times faster.
  if (text.trimStart().startsWith("{")) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // A flow mapping of YAML also starts with a brace.
    }
  }
  const lineCounter = new LineCounter();
  const fault = (code: string, at?: number): LabError =>
    new LabError(
      "exchange/malformed",
      `${where}${at === undefined ? "" : `:${lineCounter.linePos(at).line}`}: this is no YAML that can be read (${code}); expected one document`,
    );
  try {
    // The library's own sentences quote the line, which may hold a key: its codes are told instead.
    const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: "silent" });
    const [error] = document.errors;
    if (error) throw fault(error.code, error.pos[0]);
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw fault(error instanceof ReferenceError ? "ALIASES" : error instanceof RangeError ? "TOO_DEEP" : "INVALID");
  }
}
