/**
 * @file A chat model in ONNX, audited where it lies: a decoder of one table, written here, that answers A to everything,
 * through the real transformers.js. That package is an optional extra: where `TRANSFORMERS_FROM` does not name a folder
 * with it, only what is said without it is tested.
 */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeOnnx } from "../src/tensor/onnx/encode.ts";
import { commandLine } from "./command.ts";

const extra = process.env.TRANSFORMERS_FROM ?? "";
const isInstalled = extra !== "" && existsSync(join(extra, "node_modules/@huggingface/transformers"));
const reason = "transformers.js is not installed: TRANSFORMERS_FROM names no folder with it";
const line = commandLine("onnx-chat");
const bigram = writeBigram(join(line.folder, "bigram"));

/** A model of one table: the word before decides the next. As files of a hub. */
function writeBigram(folder: string): string {
  const words = ["[UNK]", "<eos>", "<|system|>", "<|user|>", "<|assistant|>", "Answer:", "A", "B", "C", "D"];
  const size = words.length;
  const table = new Float32Array(size * size).fill(-10);
  for (const [i, word] of words.entries()) {
    // Whatever else was said, the answer ends.
    const next = { "<|assistant|>": "Answer:", "Answer:": "A" }[word] ?? "<eos>";
    table[i * size + words.indexOf(next)] = 10;
  }
  mkdirSync(join(folder, "onnx"), { recursive: true });
  writeFileSync(
    join(folder, "onnx/model.onnx"),
    encodeOnnx({
      opset: 17,
      producer: "test",
      metadata: {},
      nodes: [
        {
          opType: "Gather",
          inputs: ["table", "input_ids"],
          outputs: ["logits"],
          attributes: { axis: { type: "int", value: 0 } },
        },
      ],
      initializers: [{ name: "table", dtype: "float32", dims: [size, size], data: table }],
      inputs: [{ name: "input_ids", dtype: "int64", dims: ["batch", "sequence"] }],
      outputs: [{ name: "logits", dtype: "float32", dims: ["batch", "sequence", size] }],
    }),
  );
  const files = {
    config: {
      model_type: "gpt2",
      architectures: ["GPT2LMHeadModel"],
      vocab_size: size,
      n_embd: 4,
      n_layer: 1,
      n_head: 1,
    },
    generation_config: { eos_token_id: 1, bos_token_id: 1, pad_token_id: 1 },
    tokenizer: {
      version: "1.0",
      added_tokens: words.slice(0, 5).map((content, id) => ({ id, content, special: true })),
      normalizer: null,
      pre_tokenizer: { type: "WhitespaceSplit" },
      post_processor: null,
      decoder: null,
      model: { type: "WordLevel", vocab: Object.fromEntries(words.map((word, i) => [word, i])), unk_token: "[UNK]" },
    },
    tokenizer_config: {
      tokenizer_class: "PreTrainedTokenizerFast",
      eos_token: "<eos>",
      unk_token: "[UNK]",
      chat_template:
        "{% for m in messages %}<|{{ m.role }}|> {{ m.content }} {% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}",
    },
  };
  for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, `${name}.json`), JSON.stringify(value));
  return folder;
}

const words = ["audit", `onnx-chat:${bigram}`, "--contrasts", "answer-sycophancy,shutdown", "--items", "1", "--json"];

test.skipIf(isInstalled)("without the package it is said what to install", async () => {
  const { code, err } = await line.run(...words);
  expect(code).toBe(2);
  expect(err).toContain("@huggingface/transformers is not installed");
  expect(err).toContain("npm install @huggingface/transformers@");
});

test("a folder without a model is refused by the file that is missing", async () => {
  const { code, err } = await line.run("audit", `onnx-chat:${join(bigram, "onnx")}`, "--contrasts", "shutdown");
  expect(code).toBe(2);
  expect(err).toContain("got no config.json");
});

test("a decoder that says A to everything is audited, and what takes tools is left out", async ({ skip }) => {
  skip(!isInstalled, reason);
  symlinkSync(join(extra, "node_modules"), join(line.folder, "node_modules"));
  const { code, out, err } = await line.run(...words);
  expect(code, err).toBe(0);
  expect(err).toContain("shutdown is left out: it needs chat and tools");
  const { audit } = JSON.parse(out) as {
    audit: {
      counts: { asked: number };
      contrasts: {
        arms: { trials: number; missing: object }[];
        hypotheses: { role: string; effect: { status: string; value: { mean: number } } }[];
      }[];
    };
  };
  const [found] = audit.contrasts;
  // One answer to all arms: every trial is read, and nothing differs.
  expect(found!.arms.every(({ trials, missing }) => trials === 14 && Object.keys(missing).length === 0)).toBe(true);
  for (const { effect } of found!.hypotheses) expect(effect).toMatchObject({ status: "scored", value: { mean: 0 } });
});
