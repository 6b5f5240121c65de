/**
 * @file A gated recurrent network: one dense layer sees, a gated cell remembers
 * from step to step of an episode, and both heads read what it remembers.
 *
 * u = σ(W_u x + U_u h), r = σ(W_r x + U_r h), n = tanh(W_n x + r · U_n h),
 * h ← u · h + (1 − u) · n, biases left out; x is the dense layer, h the memory.
 */
import { z } from "zod";
import { defineNetwork, orthogonal, zeros } from "../network.ts";
import { add, constant, matmul, mul, relu, reshape, sigmoid, slice, sub, type Tensor, tanh } from "../tensor/index.ts";

export const recurrent = defineNetwork({
  id: "recurrent",
  title: "Gated recurrent network",
  source:
    "Gated recurrent unit: Cho et al. 2014, arXiv:1406.1078, the reset gate after the product as in cuDNN and PyTorch; heads as in mlp",
  params: z.object({
    width: z.int().min(1).default(64).describe("Units in the dense layer that sees."),
    units: z.int().min(1).default(64).describe("Numbers remembered."),
  }),
  build({ planes, height, width: columns, actions }, { width, units }) {
    const inputs = planes * height * columns;
    return {
      memory: units,
      parameters: {
        "layer.0.weight": orthogonal(inputs, width, Math.SQRT2),
        "layer.0.bias": zeros(width),
        // Columns: update gate, reset gate, proposal.
        "input.weight": orthogonal(width, 3 * units, 1),
        "input.bias": zeros(3 * units),
        "memory.weight": orthogonal(units, 3 * units, 1),
        "memory.bias": zeros(3 * units),
        "policy.weight": orthogonal(units, actions, 0.01),
        "policy.bias": zeros(actions),
        "value.weight": orthogonal(units, 1, 1),
        "value.bias": zeros(1),
      },
      forward(p, observed, _ticks, memory) {
        const batch = observed.planes.shape[0]!;
        const affine = (x: Tensor, name: string) => add(matmul(x, p[`${name}.weight`]!), p[`${name}.bias`]!);
        const part = (x: Tensor, k: number) => slice(x, { axis: 1, start: k * units, end: (k + 1) * units });
        const seen = relu(observed.affine(p["layer.0.weight"]!, p["layer.0.bias"]!));
        const before = memory ?? constant(0, [batch, units]);
        const fresh = affine(seen, "input");
        const old = affine(before, "memory");
        const update = sigmoid(add(part(fresh, 0), part(old, 0)));
        const reset = sigmoid(add(part(fresh, 1), part(old, 1)));
        const proposal = tanh(add(part(fresh, 2), mul(reset, part(old, 2))));
        const after = add(mul(update, before), mul(sub(1, update), proposal));
        const logits = affine(after, "policy");
        const value = reshape(affine(after, "value"), [batch]);
        return {
          logits,
          value,
          memory: after,
          sites: {
            "layer.0.out": seen,
            "memory.update": update,
            "memory.out": after,
            "policy.logits": logits,
            "value.out": value,
          },
        };
      },
    };
  },
});
