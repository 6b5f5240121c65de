/** @file The door of the tensor folder: graphs, gradients, executors, model files. */

export { emit } from "./emit.ts";
export { grad, hessianVectorProduct } from "./grad.ts";
export { type DType, type Graph, type Spec, type Tensor, trace } from "./graph.ts";
export * from "./ops.ts";
export { evaluate } from "./reference.ts";
export type { Executor, Program, TensorData } from "./runtime/executor.ts";
export { referenceExecutor } from "./runtime/reference.ts";
