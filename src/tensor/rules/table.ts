/** @file All operations: signatures and rules, one line per family. */
import { type Convolution, convolution } from "./conv.ts";
import { type Elementwise, elementwise } from "./elementwise.ts";
import { type Indexing, indexing } from "./indexing.ts";
import { type Layout, layout } from "./layout.ts";
import { type Product, product } from "./product.ts";
import { type Reduce, reduce } from "./reduce.ts";
import type { Rules } from "./rule.ts";
import { type Source, source } from "./source.ts";

/** Signature of every operation by name. */
export interface OpTable extends Source, Elementwise, Reduce, Product, Layout, Indexing, Convolution {}

export type OpName = keyof OpTable;

/** The rule of every operation; a missing one does not compile. */
export const rules: Rules<OpTable> = {
  ...source,
  ...elementwise,
  ...reduce,
  ...product,
  ...layout,
  ...indexing,
  ...convolution,
};
