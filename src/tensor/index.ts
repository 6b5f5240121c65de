/** @file The door of the tensor folder: graphs, gradients, executors, model files. */

export { emit } from "./emit.ts";
export { grad, hessianVectorProduct } from "./grad.ts";
export { type DType, type Graph, type Spec, type Tensor, trace } from "./graph.ts";
export * from "./ops.ts";
export { evaluate } from "./reference.ts";
export type { Executor, Program, TensorData } from "./runtime/executor.ts";
export { referenceExecutor } from "./runtime/reference.ts";
export { emitBatched } from "./batched.ts";
export { decodeOnnx } from "./onnx/decode.ts";
export { encodeOnnx } from "./onnx/encode.ts";
export { type PolicyMetadata, readPolicyMetadata, writePolicyMetadata } from "./onnx/metadata.ts";
export { type ForeignData, type ForeignModel, type ForeignTensor, type ForeignValue, openForeign } from "./runtime/foreign.ts";
export { openExecutor } from "./runtime/open.ts";
export { readSafetensors, type SafetensorsDType, writeSafetensors } from "./safetensors.ts";
