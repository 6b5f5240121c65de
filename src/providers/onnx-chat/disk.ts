/**
 * @file What lies on this disk: the model's folder, and transformers.js, of which the part that is used stands here. The
 * package is looked for beside this program and where the command was given, because it is installed by the user and not
 * by us (it is large, and brings a runtime of its own).
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LabError } from "../../core/errors.ts";

const PACKAGE = "@huggingface/transformers";
/** The version that was tried. */
const VERSION = "4.3.1";

/** A batch of token ids, `[1, tokens]`. */
export interface Tokens {
  readonly dims: readonly number[];
  tolist(): readonly (readonly bigint[])[];
}

export interface Tokenizer {
  readonly chat_template?: unknown;
  apply_chat_template(
    messages: readonly { readonly role: string; readonly content: string }[],
    options: { readonly add_generation_prompt: true; readonly return_dict: true },
  ): Readonly<Record<string, unknown>> & { readonly input_ids: Tokens };
  decode(tokens: readonly (bigint | number)[], options: { readonly skip_special_tokens: true }): string;
}

export interface Decoder {
  generate(options: Readonly<Record<string, unknown>>): Promise<Tokens>;
}

/** What is used of the package. */
export interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly AutoTokenizer: { from_pretrained(name: string): Promise<Tokenizer> };
  readonly AutoModelForCausalLM: {
    from_pretrained(name: string, options: { readonly dtype: string }): Promise<Decoder>;
  };
  readonly InterruptableStoppingCriteria: new () => { interrupt(): void };
}

/** Where a model lies: the folder that holds its folder, with a slash at the end, and the name of its own. */
export interface Place {
  readonly root: string;
  readonly name: string;
}

/**
 * The place of the model at an address.
 *
 * @throws {LabError} `input/invalid` naming the file that is not there
 */
export function modelPlace(address: string): Place {
  const folder = resolve(address.slice(address.indexOf(":") + 1));
  for (const file of ["config.json", "tokenizer.json", "tokenizer_config.json"]) {
    if (existsSync(join(folder, file))) continue;
    throw new LabError(
      "input/invalid",
      `${address}: no chat model lies there, got no ${file} in ${folder}; expected a folder as on a hub`,
      { hint: "Put config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx into one folder." },
    );
  }
  return { root: `${dirname(folder)}/`, name: basename(folder) };
}

/** @throws {LabError} `input/invalid` where it is not installed */
export async function loadTransformers(): Promise<Transformers> {
  for (const find of [() => import.meta.resolve(PACKAGE), fromHere]) {
    let found: string;
    try {
      found = find();
    } catch {
      continue;
    }
    return (await import(found)) as Transformers;
  }
  throw new LabError("input/invalid", `onnx-chat: ${PACKAGE} is not installed, got neither it nor a copy of it here`, {
    hint: `Install it where you are: npm install ${PACKAGE}@${VERSION}`,
  });
}

/** As a file in the working folder would find it. */
const fromHere = (): string => pathToFileURL(createRequire(resolve("package.json")).resolve(PACKAGE)).href;
