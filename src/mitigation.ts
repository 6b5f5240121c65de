/**
 * @file What a mitigation is: a change to the training of an organism, with its
 * cost, so that the same organism can be grown and audited before and after.
 */
import type { z } from "zod";
import type { TrainingSpec } from "./organism.ts";
import type { ParamsSchema, Plugin } from "./plugin.ts";

export interface MitigationPlugin<P extends ParamsSchema = ParamsSchema> extends Plugin<P> {
  /** What is changed: data, loss, architecture or the model itself. */
  readonly changes: "data" | "loss" | "architecture" | "model";
  /** What it costs, in words; time and skill are measured. */
  readonly cost: string;
  readonly fails: readonly string[];
  apply(spec: TrainingSpec, params: z.output<P>): TrainingSpec;
}

export const defineMitigation = <P extends ParamsSchema>(mitigation: MitigationPlugin<P>): MitigationPlugin<P> =>
  Object.freeze(mitigation);
