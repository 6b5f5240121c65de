/**
 * @file Forward passes of a subject's network over many observations at once:
 * whatever is built on a pass (logits, the critic's value, an activation, what a
 * write changes) is computed in blocks of one size and laid end to end.
 */
import { assert } from "../core/errors.ts";
import { type MoreInputs, tracedInside } from "../policy/inside.ts";
import type { Inside, Subject } from "../subject.ts";
import type { Program, Tensor, TensorData } from "../tensor/index.ts";

/** Rows of a block: large enough to be fast, small enough that padding costs little. */
const BLOCK = 128;

/** What is made of one forward pass: named outputs `[batch, …]`, float32. */
export type Build<M extends MoreInputs> = (
  pass: ReturnType<Inside["forward"]>,
  more: { readonly [K in keyof M]: Tensor },
  planes: Tensor,
) => Readonly<Record<string, Tensor>>;

/** Runs what was built, on any number of observations. */
export interface Passes {
  /**
   * @param observations `[n, planes, height, width]`
   * @param more one array `[n, …]` for each further input
   * @returns each output `[n, …]`, row-major
   */
  run(
    observations: ArrayLike<number>,
    n: number,
    more?: Readonly<Record<string, Float32Array>>,
  ): Promise<Record<string, Float32Array>>;
}

/**
 * Trace once, run often. The subject must have an inside.
 *
 * @param options.more further inputs by name, each the shape of one row
 */
export async function passesOf<M extends Readonly<Record<string, readonly number[]>> = Readonly<Record<never, never>>>(
  subject: Subject,
  build: Build<{ readonly [K in keyof M]: MoreInputs[string] }>,
  options: { readonly more?: M; readonly ticks?: number } = {},
): Promise<Passes> {
  const { inside, shape } = subject;
  assert(inside !== undefined, "a forward pass of a subject that has no inside");
  const rows = inside.rows ?? BLOCK;
  const shapes: Readonly<Record<string, readonly number[]>> = options.more ?? {};
  const more = Object.fromEntries(
    Object.entries(shapes).map(([name, of]) => [name, { shape: [rows, ...of], dtype: "float32" as const }]),
  );
  const graph = tracedInside(
    inside,
    shape,
    rows,
    (given, planes, pass) => build(pass, given as Parameters<typeof build>[1], planes),
    { more, ticks: options.ticks },
  );
  const program: Program = await inside.executor.load(graph);
  const stride = shape.planes * shape.height * shape.width;
  return {
    async run(observations, n, given = {}) {
      const collected: Record<string, Float32Array> = {};
      for (let from = 0; from < n; from += rows) {
        const count = Math.min(rows, n - from);
        const feeds: Record<string, TensorData> = { ...inside.weights };
        const planes = new Float32Array(rows * stride);
        for (let i = 0; i < count * stride; i++) planes[i] = observations[from * stride + i]!;
        feeds.planes = planes;
        for (const [name, values] of Object.entries(given)) {
          const width = values.length / n;
          const block = new Float32Array(rows * width);
          block.set(values.subarray(from * width, (from + count) * width));
          feeds[name] = block;
        }
        for (const [name, values] of Object.entries(await program.run(feeds))) {
          const width = values.length / rows;
          collected[name] ??= new Float32Array(n * width);
          collected[name].set((values as Float32Array).subarray(0, count * width), from * width);
        }
      }
      return collected;
    },
  };
}
