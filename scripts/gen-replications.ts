/**
 * @file REPLICATIONS.md and its figures, from the claims and from the experiment
 * records in docs/replications, which `mesascope replicate --write` puts there.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { claims } from "../src/claims/index.ts";
import type { ExperimentRecord } from "../src/experiment.ts";
import { experiments } from "../src/experiments/index.ts";
import { replications } from "../src/report/replications.ts";
import { root } from "./source.ts";

const FOLDER = "docs/replications";

/** Contents by path relative to the root. */
export function generateReplications(): ReadonlyMap<string, string> {
  const folder = join(root, FOLDER);
  // Git keeps no empty folder: before the first record there is none.
  const records = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as ExperimentRecord);
  const { markdown, figures } = replications({ claims, experiments, records, figuresPath: FOLDER });
  return new Map([
    ["REPLICATIONS.md", markdown],
    ...Object.entries(figures).map(([name, svg]) => [`${FOLDER}/${name}`, svg] as const),
  ]);
}
