/**
 * @file The layers as data: which folder lies where, and who may import what. `check-layers.ts` applies it.
 *
 * A file imports its own layer and below. Plug-in folders (layer 3) do not know each other, with the exceptions
 * in `acquainted`; above all the instruments (detectors) do not know the samples (organisms).
 */

export interface Layer {
  readonly level: number;
  readonly name: string;
  /** Folders directly below src/. */
  readonly folders: readonly string[];
}

/** Bottom to top. Files directly in src/ are contracts, except src/index.ts, the library's door. */
export const layers = [
  { level: 0, name: "core", folders: ["core"] },
  { level: 1, name: "engine", folders: ["tensor", "theory", "statistics"] },
  { level: 2, name: "contracts", folders: ["grid", "interpret", "policy"] },
  {
    level: 3,
    name: "plug-ins",
    folders: [
      "envs",
      "tasks",
      "networks",
      "optimizers",
      "organisms",
      "detectors",
      "lenses",
      "mitigations",
      "providers",
      "contrasts",
      "in-context",
      // Models of strings, beside the policies of networks/: what says `dog`, remembers canaries, and chats.
      "characters",
      // Searches over hyperparameters, around base optimizers.
      "meta-optimizers",
    ],
  },
  {
    level: 4,
    name: "lab",
    folders: ["lab", "audit", "experiments", "claims", "references", "store", "trials", "exchange"],
  },
  { level: 5, name: "report", folders: ["report", "learn"] },
  { level: 6, name: "doors", folders: ["cli", "serve"] },
] as const satisfies readonly Layer[];

/** Which plug-in folders a plug-in folder may import besides itself. */
export const acquainted: Readonly<Record<string, readonly string[]>> = {
  organisms: ["envs", "networks", "optimizers"],
  // A character model trained here answers as a subject that talks.
  providers: ["characters"],
};

/** Packages that only some files may import, and why. */
export const reserved: readonly { readonly what: RegExp; readonly where: RegExp; readonly why: string }[] = [
  { what: /^onnxruntime-/, where: /^src\/tensor\//, why: "only src/tensor knows the engine" },
  {
    what: /^node:/,
    where:
      /^src\/(cli\/|serve\/|store\/(disk|files|sqlite)[^/]*\.ts$|lab\/(modules|pool|worker)[^/]*\.ts$|exchange\/inspect\/zip\.ts$|providers\/onnx-chat\/disk\.ts$)/,
    // node:zlib is the only Zstandard that ships with the platform; bytes in, bytes out, no file is touched.
    // A chat model in ONNX is a folder, and the package that runs it is looked for where the user installed it.
    why: "only the doors, src/exchange/inspect/zip.ts, src/providers/onnx-chat/disk.ts, src/store/(disk|files|sqlite)*.ts and src/lab/(modules|pool|worker)*.ts may use Node's modules",
  },
  { what: /^mesascope(\/|$)/, where: /^$/, why: "the library does not import itself through its own door" },
];

/** The layer of a file below src/, or undefined when the table does not know its folder. */
export function layerOf(path: string): (Layer & { readonly folder: string }) | undefined {
  if (path === "src/index.ts") return { ...layers[6], folder: "" };
  const [, folder, ...rest] = path.split("/");
  if (folder !== undefined && rest.length === 0) return { ...layers[2], folder: "" };
  const layer = layers.find(({ folders }) => (folders as readonly string[]).includes(folder ?? ""));
  return layer && folder !== undefined ? { ...layer, folder } : undefined;
}
