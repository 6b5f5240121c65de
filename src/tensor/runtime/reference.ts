/** @file The float64 interpreter as an executor: slow, exact, everywhere. */
import { dataOf } from "../emit.ts";
import { evaluate } from "../reference.ts";
import type { Executor, TensorData } from "./executor.ts";

/** Runs graphs by definition; float32 outputs are rounded once, at the end. */
export const referenceExecutor: Executor = {
  id: "reference",
  load: async (graph) => ({
    async run(feeds) {
      const outputs: Record<string, TensorData> = {};
      for (const [name, values] of Object.entries(evaluate(graph, feeds))) {
        outputs[name] = dataOf(values, graph.outputs[name]!.dtype);
      }
      return outputs;
    },
  }),
};
