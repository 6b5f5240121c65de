/** @file Contrasts of the user's own, one YAML file each: read for audits, and held against the contract of contrasts. */
import { resolve } from "node:path";
import type { ContrastPlugin } from "../contrast.ts";
import { LabError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import { readOwnContrast } from "../exchange/own-contrast/read.ts";
import { readInput } from "./inputs.ts";

/** Does a text name such a file? */
export const namesOwnContrast = (path: string): boolean => /\.ya?ml$/i.test(path);

/** A contrast with the file that it came from. */
interface OwnContrastFile {
  readonly path: string;
  readonly contrast: ContrastPlugin;
}

/** @throws {LabError} `input/invalid`, `exchange/malformed` naming the line and the path */
async function loadOwnContrast(path: string, cwd: string | undefined): Promise<OwnContrastFile> {
  if (!namesOwnContrast(path)) {
    throw new LabError(
      "input/invalid",
      `--with: "${path}" is no contrast; expected a file in .yaml for a subject that talks`,
    );
  }
  const bytes = await readInput(resolve(cwd ?? ".", path));
  const contrast = readOwnContrast(new TextDecoder().decode(bytes), path);
  // Another text is another instrument: a record says which it was.
  return { path, contrast: { ...contrast, source: `${contrast.source}, SHA-256 ${hashBytes(bytes)}` } };
}

/** The catalog with contrasts of the user's own behind it. @throws {LabError} also when an id is taken */
export async function withOwnContrasts(
  catalog: readonly ContrastPlugin[],
  paths: readonly string[] = [],
  cwd?: string,
): Promise<readonly ContrastPlugin[]> {
  const all = [...catalog];
  for (const path of paths) {
    const { contrast } = await loadOwnContrast(path, cwd);
    if (all.some(({ id }) => id === contrast.id)) {
      throw new LabError("input/invalid", `--with: "${path}" takes an id that is taken, got ${contrast.id}`, {
        hint: "Rename it: records name what they used by its id.",
      });
    }
    all.push(contrast);
  }
  return all;
}

/** The checks of one file, as `mesascope check` prints those of a plug-in. */
export async function checkOwnContrast(path: string, cwd?: string) {
  const { contrasts } = await import("../contrasts/index.ts");
  const { contrastContract } = await import("../lab/contract-contrast.ts");
  const { runChecks } = await import("../lab/contract.ts");
  const { contrast } = await loadOwnContrast(path, cwd);
  const own = {
    title: "has an id of its own",
    run: () =>
      contrasts.some(({ id }) => id === contrast.id) ? [`the library has a contrast "${contrast.id}" already`] : [],
  };
  const checks = await runChecks([own, ...contrastContract(contrast)]);
  const holds = checks.every(({ status }) => status === "passed");
  return { file: resolve(cwd ?? ".", path), kind: "contrast" as const, id: contrast.id, holds, checks };
}
