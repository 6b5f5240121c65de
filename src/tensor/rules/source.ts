/** @file Rules of the nodes that start a graph: its inputs and its constants. */
import type { Op, Spec } from "../graph.ts";
import { sizeOf } from "../shape.ts";
import { type Rules, refuseShape } from "./rule.ts";

/** Where values come from. */
export interface Source {
  /** Fed by name at every run. */
  input: Op<0, { readonly name: string }>;
  /** Known at tracing time; every element type is kept as float64, rounded when emitted. */
  constant: Op<0, { readonly values: Float64Array; readonly spec: Spec }>;
}

export const source: Rules<Source> = {
  input: {
    infer: () => refuseShape("input", "is made by trace alone", "a call", "trace({ name: spec }, build)"),
    gradient: "zero",
    emit: (_to, _inputs, { attrs }) => attrs.name,
    evaluate: () => new Float64Array(),
  },
  constant: {
    infer: (_inputs, { values, spec }) => {
      if (values.length === sizeOf(spec.shape)) return spec;
      return refuseShape("constant", "values do not fill the shape", `${values.length}`, `${sizeOf(spec.shape)}`);
    },
    gradient: "zero",
    emit: (to, _inputs, { attrs, shape, dtype }) => to.constant(attrs.values, shape, dtype),
    evaluate: (_inputs, { attrs }) => attrs.values,
  },
};
