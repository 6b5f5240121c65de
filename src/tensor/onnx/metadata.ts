/**
 * @file What a saved policy says about itself: the task it was made for, how
 * observations lie in memory, and what its actions are called.
 *
 * Kept in the file's metadata as JSON, one stable key a member, so that other
 * tools can read it and files without it still open.
 */
import { z } from "zod";
import { LabError } from "../../core/errors.ts";

const parts = {
  format: z.literal("mesascope/1").describe("Version of this metadata."),
  task: z
    .object({
      env: z.string().min(1).describe("Environment id."),
      params: z.record(z.string(), z.json()).describe("Environment parameters."),
    })
    .optional()
    .describe("The task that the policy plays; absent for a policy without a home."),
  observation: z
    .object({
      layout: z.enum(["flat", "NCHW", "NHWC"]).describe("Order of axes; flat is NCHW without its axes."),
      planes: z.array(z.string().min(1)).min(1).describe("What each channel shows, in order."),
      height: z.int().min(1).describe("Rows."),
      width: z.int().min(1).describe("Columns."),
      dtype: z.enum(["float32", "uint8"]).describe("Element type of the input."),
    })
    .describe("The input tensor."),
  actions: z.array(z.string().min(1)).min(1).describe("Action names, in the order of the logits."),
  outputs: z
    .object({
      logits: z.string().min(1).describe("Output with unnormalized log-probabilities, [batch, actions]."),
      value: z.string().min(1).optional().describe("Output with state values."),
    })
    .optional()
    .describe("Names of the outputs, where they are not `logits` and `value`."),
  memory: z
    .object({
      input: z.string().min(1).describe("Input with what the step before remembered, zeros where an episode begins."),
      output: z.string().min(1).describe("Output with what is remembered, [batch, size]."),
      size: z.int().min(1).describe("Numbers remembered of an episode."),
    })
    .optional()
    .describe("What is carried from one step of an episode to the next; absent for a policy of the present alone."),
  network: z
    .object({ id: z.string().min(1).describe("Network id."), params: z.record(z.string(), z.json()) })
    .optional()
    .describe("The architecture, where it is one of ours: what an untrained network of the same kind is built from."),
} as const;

const schema = z.object(parts).readonly();

export type PolicyMetadata = z.infer<typeof schema>;

const PREFIX = "mesascope.";

/** The entries to store with a model. */
export function writePolicyMetadata(metadata: PolicyMetadata): Readonly<Record<string, string>> {
  const entries = Object.entries(schema.parse(metadata)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [PREFIX + key, JSON.stringify(value)]));
}

/**
 * What a model, or anything with a model's metadata, says about itself;
 * undefined when it has no entry of ours.
 *
 * @throws {LabError} `onnx/interface` on entries of ours that do not fit
 */
export function readPolicyMetadata(model: {
  readonly metadata: Readonly<Record<string, string>>;
}): PolicyMetadata | undefined {
  const { metadata } = model;
  if (!Object.keys(metadata).some((key) => key.startsWith(PREFIX))) return undefined;
  const read = Object.keys(parts)
    .filter((key) => Object.hasOwn(metadata, PREFIX + key))
    .map((key) => [key, parseJson(key, metadata[PREFIX + key]!)] as const);
  const result = schema.safeParse(Object.fromEntries(read));
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw misfit(path.join("."), message);
}

function parseJson(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw misfit(key, `not JSON, got ${JSON.stringify(text.slice(0, 40))}`);
  }
}

function misfit(where: string, problem: string): LabError {
  return new LabError("onnx/interface", `onnx: metadata "${PREFIX}${where}" does not fit: ${problem}`, {
    hint: "Save the policy again, or remove the entry and declare the layout.",
  });
}
