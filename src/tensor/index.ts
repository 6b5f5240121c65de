/** @file The door of the tensor folder: graphs, gradients, executors, model files. */

export { emitBatched, storeInputs } from "./batched.ts";
export { attention, crossEntropy, gelu, layerNorm, linear } from "./compose.ts";
export { emit } from "./emit.ts";
export { grad, hessianVectorProduct } from "./grad.ts";
export type { DType, Graph, Spec, Tensor } from "./graph.ts";
export { decodeOnnx, outlineOnnx } from "./onnx/decode.ts";
export { encodeOnnx } from "./onnx/encode.ts";
export { type PolicyMetadata, readPolicyMetadata, writePolicyMetadata } from "./onnx/metadata.ts";
export type { OnnxModel } from "./onnx/model.ts";
export { inlineOnnx, type ReadModel, type ReadOptions, readOnnx, type UnreadModel } from "./onnx/read.ts";
export * from "./ops.ts";
export {
  type AdamOptions,
  adam,
  adamW,
  clipByGlobalNorm,
  constantRate,
  cosineRate,
  type Layout,
  layoutOf,
  linearRate,
  type Schedule,
  sgd,
  type TrainingGraph,
  type TrainingSpec,
  trainingGraph,
  type UpdateRule,
  unpack,
} from "./optim.ts";
export { evaluate } from "./reference.ts";
export type { Executor, Program, TensorData } from "./runtime/executor.ts";
export {
  type ForeignData,
  type ForeignModel,
  type ForeignTensor,
  type ForeignValue,
  openForeign,
} from "./runtime/foreign.ts";
export { type OpenedExecutor, openExecutor } from "./runtime/open.ts";
export { referenceExecutor } from "./runtime/reference.ts";
export {
  readSafetensors,
  type Safetensors,
  type SafetensorsDType,
  type SafetensorsTensor,
  writeSafetensors,
} from "./safetensors.ts";
export { type Edit, substitute } from "./substitute.ts";
export { inline, trace } from "./trace.ts";
export { createTrainer, type Trainer, type TrainerState } from "./trainer.ts";
