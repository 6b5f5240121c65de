/**
 * @file A linear policy: one affine map from the flattened observation to the
 * scores of the actions, and another to the value. Nothing between them, so
 * what one cell shows cannot change what another cell means.
 */
import { z } from "zod";
import { defineNetwork, orthogonal, zeros } from "../network.ts";
import { concat, reshape, slice } from "../tensor/index.ts";

export const linear = defineNetwork({
  id: "linear",
  title: "Linear policy",
  source: "Multinomial logistic regression on the observation; the perceptron without its hidden layers",
  params: z.object({}),
  build({ planes, height, width, actions }) {
    const inputs = planes * height * width;
    return {
      parameters: {
        "policy.weight": orthogonal(inputs, actions, 0.01),
        "policy.bias": zeros(actions),
        "value.weight": orthogonal(inputs, 1, 1),
        "value.bias": zeros(1),
      },
      forward(p, observed) {
        const weight = concat([p["policy.weight"]!, p["value.weight"]!], 1);
        const heads = observed.affine(weight, concat([p["policy.bias"]!, p["value.bias"]!], 0));
        const logits = slice(heads, { axis: 1, end: actions });
        const value = reshape(slice(heads, { axis: 1, start: actions }), [heads.shape[0]!]);
        return { logits, value, sites: { "policy.logits": logits, "value.out": value } };
      },
    };
  },
});
