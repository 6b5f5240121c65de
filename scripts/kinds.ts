/** @file The kinds of plug-in: where their files lie and what defines one. Index generation and `new` read this. */

export interface Kind {
  /** As in `npm run new <id> …`, and in the name of the contract file and its `define…` function. */
  readonly id: string;
  /** Folder below src/, and the name of the generated array. */
  readonly folder: string;
  /** Files lie in subfolders, one for each family. */
  readonly hasFamilies?: boolean;
}

export const kinds = [
  { id: "env", folder: "envs" },
  { id: "network", folder: "networks" },
  { id: "optimizer", folder: "optimizers", hasFamilies: true },
  { id: "organism", folder: "organisms" },
  { id: "detector", folder: "detectors" },
  { id: "lens", folder: "lenses" },
  { id: "mitigation", folder: "mitigations" },
  { id: "provider", folder: "providers" },
  { id: "contrast", folder: "contrasts" },
  { id: "experiment", folder: "experiments" },
  { id: "claim", folder: "claims" },
  { id: "reference", folder: "references" },
] as const satisfies readonly Kind[];

/** `goal-shift` → `goalShift`: the one export of `goal-shift.ts`. */
export const exportName = (id: string): string => id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** `env` → `defineEnv`. */
export const defineName = (kind: Kind): string => `define${kind.id[0]!.toUpperCase()}${kind.id.slice(1)}`;
