/** @file A subject's network as a graph: what a reading, a write or a gradient of it is traced from. */
import type { PolicyShape } from "../network.ts";
import type { Inside } from "../subject.ts";
import { type Graph, type Spec, type Tensor, trace } from "../tensor/index.ts";

/** The inputs of a graph of {@link tracedInside} beside the weights and `planes`. */
export type MoreInputs = Readonly<Record<string, Spec>>;

/**
 * The graph of what `build` makes of one forward pass. Inputs: the weights under
 * their names, `planes` `[batch, planes, height, width]` float32, and `more`.
 *
 * @param build from the further inputs, the observation and the forward pass to named outputs
 */
export function tracedInside<M extends MoreInputs = Readonly<Record<never, Spec>>>(
  inside: Inside,
  shape: PolicyShape,
  batch: number,
  build: (
    more: { readonly [K in keyof M]: Tensor },
    planes: Tensor,
    pass: ReturnType<Inside["forward"]>,
  ) => Readonly<Record<string, Tensor>>,
  options: { readonly more?: M; readonly ticks?: number | undefined } = {},
): Graph {
  const planesSpec: Spec = { shape: [batch, shape.planes, shape.height, shape.width], dtype: "float32" };
  const specs: Record<string, Spec> = { ...inside.specs, ...options.more, planes: planesSpec };
  return trace(specs, (inputs) => {
    const parameters = Object.fromEntries(Object.keys(inside.specs).map((name) => [name, inputs[name]!]));
    const pass = inside.forward(parameters, inputs.planes!, options.ticks);
    return build(inputs as { [K in keyof M]: Tensor }, inputs.planes!, pass);
  });
}
