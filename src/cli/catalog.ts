/**
 * @file Everything that has an id, by kind: which plug-ins exist, and what a list
 * shows of them. Read from the generated indexes, when asked for.
 */
import type { z } from "zod";
import { LabError, nearest } from "../core/errors.ts";
import type { ParamsSchema, Plugin } from "../plugin.ts";

/** What plug-ins of every kind have in common; claims have no parameters. */
export interface Entry {
  readonly id: string;
  readonly title?: string;
  readonly source: string;
  readonly params?: ParamsSchema;
  /** What an organism was made to be, given its parameters. */
  truth?(params: unknown): { readonly sentence: string };
}

export interface EntryKind {
  /** `organism` */
  readonly id: string;
  /** As typed after `mesascope list`. */
  readonly plural: string;
  /** Members that a list shows beside the id, with their headings. */
  readonly columns: readonly (readonly [member: string, heading: string])[];
  readonly load: () => Promise<readonly Entry[]>;
}

/** The arrays are typed by their literal members; here every plug-in of a kind is alike. */
const entries = (list: readonly unknown[]): readonly Entry[] => list as readonly Entry[];

export const ENTRY_KINDS: readonly EntryKind[] = [
  {
    id: "environment",
    plural: "envs",
    columns: [
      ["title", "world"],
      ["isolates", "isolates"],
      ["shift", "under shift"],
    ],
    load: async () => entries((await import("../envs/index.ts")).envs),
  },
  {
    id: "organism",
    plural: "organisms",
    columns: [
      ["title", "what it is"],
      ["source", "source"],
    ],
    load: async () => [
      ...entries((await import("../organisms/index.ts")).organisms),
      ...entries((await import("../in-context/recipes.ts")).inContextRecipes),
    ],
  },
  {
    id: "detector",
    plural: "detectors",
    columns: [
      ["question", "question"],
      ["claim", "a high reading supports"],
    ],
    load: async () => [
      ...entries((await import("../detectors/index.ts")).detectors),
      ...entries((await import("../in-context/instruments.ts")).inContextInstruments),
    ],
  },
  {
    id: "lens",
    plural: "lenses",
    columns: [
      ["title", "lens"],
      ["claim", "a high score supports"],
      ["fallback", "where it does not apply"],
    ],
    load: async () => entries((await import("../lenses/index.ts")).lenses),
  },
  {
    id: "mitigation",
    plural: "mitigations",
    columns: [
      ["title", "what it does"],
      ["changes", "changes"],
      ["cost", "cost"],
    ],
    load: async () => entries((await import("../mitigations/index.ts")).mitigations),
  },
  {
    id: "experiment",
    plural: "experiments",
    columns: [["question", "question"]],
    load: async () => entries((await import("../experiments/index.ts")).experiments),
  },
  {
    id: "claim",
    plural: "claims",
    columns: [
      ["sentence", "sentence"],
      ["published", "published"],
      ["experiment", "decided by"],
    ],
    load: async () => entries((await import("../claims/index.ts")).claims),
  },
  {
    id: "network",
    plural: "networks",
    columns: [
      ["title", "what it is"],
      ["source", "source"],
    ],
    load: async () => entries((await import("../networks/index.ts")).networks),
  },
  {
    id: "optimizer",
    plural: "optimizers",
    columns: [
      ["title", "what it is"],
      ["equation", "update"],
    ],
    load: async () => entries((await import("../optimizers/index.ts")).optimizers),
  },
];

/**
 * Settings typed as `key=value`, read by a plug-in's own schema: a value is taken
 * as JSON where the schema accepts that (`8`, `true`, `[1,2]`), else as the text it is.
 *
 * @param option as typed, for messages: `--set`
 * @returns only what was given; defaults are the schema's business
 * @throws {LabError} `input/invalid` naming the key, the value and what was expected
 */
export function parseSettings(plugin: Plugin, option: string, pairs: readonly string[] = []): Record<string, unknown> {
  const shape = plugin.params.shape as Readonly<Record<string, z.ZodType>>;
  const known = Object.keys(shape);
  const settings: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) {
      throw new LabError("input/invalid", `${option}: a setting is malformed, got "${pair}"; expected key=value`);
    }
    const [key, text] = [pair.slice(0, at), pair.slice(at + 1)];
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (!schema) {
      const near = nearest(key, known);
      const list = known.length === 0 ? `${plugin.id} has no parameters` : `expected one of ${known.join(", ")}`;
      throw new LabError("input/invalid", `${option}: ${plugin.id} has no parameter "${key}"; ${list}`, {
        hint: near === undefined ? `Run "mesascope show ${plugin.id}" for its parameters.` : `Did you mean "${near}"?`,
      });
    }
    const readings = [...jsonOf(text), text].map((value) => schema.safeParse(value));
    const accepted = readings.find((reading) => reading.success);
    if (!accepted?.success) {
      const reason = readings[0]!
        .error!.issues.map(({ message }) => message.replace(/^Invalid input: /, ""))
        .join("; ");
      throw new LabError(
        "input/invalid",
        `${option}: ${plugin.id}.${key} does not accept the value, got "${text}"; ${reason}`,
        {
          hint: schema.description ?? `Run "mesascope show ${plugin.id}" for its parameters.`,
        },
      );
    }
    settings[key] = accepted.data;
  }
  return settings;
}

/** The value that a text is as JSON, if it is. */
function jsonOf(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}
