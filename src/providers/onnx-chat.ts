/**
 * @file Chat models in ONNX on this machine: `onnx-chat:<folder>`, as they lie on a hub (config, tokenizer with its chat
 * template, `onnx/model*.onnx`). An optional extra: tokenizing and decoding are transformers.js, which is installed only
 * by who wants it; nothing is downloaded.
 */
import { z } from "zod";
import { defineProvider } from "../provider.ts";
import { loadTransformers, modelPlace } from "./onnx-chat/disk.ts";
import { onnxChatSubject } from "./onnx-chat/subject.ts";

export const onnxChat = defineProvider({
  id: "onnx-chat",
  title: "Chat model in ONNX, on this machine",
  source: "transformers.js, https://huggingface.co/docs/transformers.js",
  schemes: ["onnx-chat"],
  params: z.object({
    dtype: z
      .enum(["fp32", "fp16", "q8", "int8", "uint8", "q4", "bnb4", "q4f16"])
      .default("fp32")
      .describe("which weights: fp32 is model.onnx, q8 model_quantized.onnx, the others model_<dtype>.onnx"),
    maxTokens: z.int().min(1).default(512).describe("most tokens of an answer where a contrast names none"),
  }),
  async open(address, { dtype, maxTokens }) {
    const place = modelPlace(address);
    const library = await loadTransformers();
    return onnxChatSubject(`onnx-chat:${place.name}`, library, { ...place, dtype, maxTokens });
  },
});
