/** @file Everything `npm run gen` writes. A new generated file is one more entry. */

import { generateIndexes } from "./gen-index.ts";
import { isTypeScript, readTree } from "./source.ts";

export interface Generator {
  readonly id: string;
  /** Contents by path relative to the root; must depend on committed files only. */
  readonly generate: () => Promise<ReadonlyMap<string, string>>;
}

/** In order: a later one may import what an earlier one wrote. */
export const generators: readonly Generator[] = [
  { id: "plug-in indexes", generate: async () => generateIndexes(readTree(["src"], isTypeScript)) },
  { id: "theory", generate: async () => (await import("./gen-theory.ts")).generateTheory() },
  { id: "replications", generate: async () => (await import("./gen-replications.ts")).generateReplications() },
];
