/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { anthropic } from "./anthropic.ts";
import { character } from "./character.ts";
import { onnxChat } from "./onnx-chat.ts";
import { openai } from "./openai.ts";
import { openaiCompatible } from "./openai-compatible.ts";
import { planted } from "./planted.ts";

export const providers = [anthropic, character, onnxChat, openai, openaiCompatible, planted] as const;
