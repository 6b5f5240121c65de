/**
 * @file A perceptron on the flattened observation: a shared torso of ReLU
 * layers, a policy head and a value head. The fastest network here, and enough
 * for goal misgeneralization.
 */
import { z } from "zod";
import { defineNetwork, orthogonal, type Parameter, uniform, zeros } from "../network.ts";
import { add, concat, matmul, relu, reshape, slice, type Tensor } from "../tensor/index.ts";

export const mlp = defineNetwork({
  id: "mlp",
  title: "Perceptron",
  source:
    "ReLU torso with orthogonal weights, gain √2; policy head .01, value head 1 (Andrychowicz et al. 2021, arXiv:2006.05990)",
  params: z.object({
    width: z.int().min(1).default(64).describe("Units in each hidden layer."),
    depth: z.int().min(1).default(2).describe("Hidden layers."),
    start: z
      .enum(["orthogonal", "uniform"])
      .default("orthogonal")
      .describe("Starting weights: orthogonal with gains, or uniform in ±1/√inputs as PyTorch does."),
  }),
  build({ planes, height, width: columns, actions }, { width, depth, start }) {
    const inputs = planes * height * columns;
    const parameters: Record<string, Parameter> = {};
    const affineLayer = (name: string, into: number, out: number, gain: number) => {
      parameters[`${name}.weight`] = start === "uniform" ? uniform([into, out], into) : orthogonal(into, out, gain);
      parameters[`${name}.bias`] = start === "uniform" ? uniform([out], into) : zeros(out);
    };
    for (let layer = 0; layer < depth; layer++) {
      affineLayer(`layer.${layer}`, layer === 0 ? inputs : width, width, Math.SQRT2);
    }
    affineLayer("policy", width, actions, 0.01);
    affineLayer("value", width, 1, 1);
    return {
      parameters,
      forward(p, observed) {
        const affine = (x: Tensor, name: string) => add(matmul(x, p[`${name}.weight`]!), p[`${name}.bias`]!);
        const sites: Record<string, Tensor> = {};
        let x = relu(observed.affine(p["layer.0.weight"]!, p["layer.0.bias"]!));
        sites["layer.0.out"] = x;
        for (let layer = 1; layer < depth; layer++) {
          x = relu(affine(x, `layer.${layer}`));
          sites[`layer.${layer}.out`] = x;
        }
        // Both heads in one product: a quarter cheaper than two, forward and back.
        const weight = concat([p["policy.weight"]!, p["value.weight"]!], 1);
        const heads = add(matmul(x, weight), concat([p["policy.bias"]!, p["value.bias"]!], 0));
        const logits = slice(heads, { axis: 1, end: actions });
        const value = reshape(slice(heads, { axis: 1, start: actions }), [x.shape[0]!]);
        return { logits, value, sites: { ...sites, "policy.logits": logits, "value.out": value } };
      },
    };
  },
});
