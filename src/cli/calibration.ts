/** @file The calibration that an audit is given: the one that ships, or a file of the user's. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LabError } from "../core/errors.ts";
import { type Calibration, SCORED_QUESTIONS, type ScoredQuestion } from "../scoreboard.ts";
import { readInput } from "./inputs.ts";

/** Written by `mesascope bench --write`, never by hand. */
const SHIPPED = fileURLToPath(new URL("../../docs/scoreboard/calibration.json", import.meta.url));

/**
 * @param path of a calibration, or `none`; the shipped one, where there is one, when absent
 * @throws {LabError} `input/invalid` when the file is no calibration
 */
export async function loadCalibration(path: string | undefined): Promise<Calibration | undefined> {
  if (path === "none" || (path === undefined && !existsSync(SHIPPED))) return undefined;
  const name = path ?? SHIPPED;
  const text = new TextDecoder().decode(await readInput(name));
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new LabError("input/invalid", `--calibration: "${name}" is not JSON`, { cause });
  }
  const { format } = (parsed ?? {}) as { readonly format?: unknown };
  if (format !== "mesascope-calibration/1") {
    throw new LabError(
      "input/invalid",
      `--calibration: "${name}" is no calibration, got format ${JSON.stringify(format)}; expected "mesascope-calibration/1"`,
      { hint: 'Write one with "mesascope bench --write <folder>".' },
    );
  }
  return parsed as Calibration;
}

/** Priors as typed: `misgeneralized=0.1`. @throws {LabError} `input/invalid` */
export function parsePriors(pairs: readonly string[] = []): Partial<Record<ScoredQuestion, number>> {
  const priors: Partial<Record<ScoredQuestion, number>> = {};
  for (const pair of pairs) {
    const [name = "", value = ""] = pair.split("=");
    const question = SCORED_QUESTIONS.find(({ id }) => id === name.trim());
    const prior = Number(value);
    if (!question || value.trim() === "" || !(prior > 0 && prior < 1)) {
      const known = SCORED_QUESTIONS.map(({ id }) => id).join(", ");
      throw new LabError(
        "input/invalid",
        `--prior: got "${pair}"; expected question=probability, with a probability between 0 and 1 and one of ${known}`,
      );
    }
    priors[question.id] = prior;
  }
  return priors;
}
