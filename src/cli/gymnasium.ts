/**
 * @file Gymnasium environments, driven through a Python process over stdio: a policy file is played in them, in the
 * distribution it was trained for and in a shifted one, and earns what it earns.
 *
 * These environments have no levels, no oracle and no named goals here: what is measured is whether skill survives a
 * shift, and not what was pursued.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Difference } from "../core/difference.ts";
import { LabError } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import { overSeeds } from "../core/intervals.ts";
import { rng } from "../core/rng.ts";
import { formatInterval } from "../report/numbers.ts";
import { sampleActions } from "../subject.ts";
import { type ForeignModel, openForeign } from "../tensor/index.ts";
import { table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** Episodes in flight at once. */
const SLOTS = 16;

const description = z.object({
  observation: z.union([z.object({ n: z.int().min(1) }), z.object({ shape: z.array(z.int().min(0)) })]),
  actions: z.int().min(1),
  version: z.string(),
});
type Description = z.output<typeof description>;
const begun = z.object({ observation: z.array(z.number()) });
const stepped = z.object({
  steps: z.array(begun.extend({ reward: z.number(), ended: z.int().min(0).max(2) }).nullable()),
});

/** One Python process. */
interface Bridge {
  ask<T>(request: object, schema: z.ZodType<T>): Promise<T>;
  close(): void;
}

/** @throws {LabError} `input/invalid` when Python does not start or says what is wrong */
function openBridge(python: string): Bridge {
  const script = fileURLToPath(new URL("../../bin/gymnasium_bridge.py", import.meta.url));
  const child: ChildProcessWithoutNullStreams = spawn(python, ["-u", script], { stdio: "pipe" });
  const waiting: { resolve: (line: string) => void; reject: (error: unknown) => void }[] = [];
  let said = "";
  child.stderr.on("data", (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  // Writing to a process that has died is told by its end.
  child.stdin.on("error", () => undefined);
  let ended: LabError | undefined;
  const end = (problem: string) => {
    ended ??= new LabError("input/invalid", `gymnasium: ${python} ${problem}; expected a Python with gymnasium`, {
      hint: "Name one with --python, or install it: pip install gymnasium.",
    });
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  child.on("error", (error) => end(`does not start, got ${error.message}`));
  child.on("close", (code) => end(`has ended with ${code}, got ${said.trim().split("\n").at(-1) || "no message"}`));
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.resolve(line));
  return {
    async ask(request, schema) {
      if (ended) throw ended;
      const line = await new Promise<string>((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(request)}\n`);
      });
      const answer: unknown = JSON.parse(line);
      const { error } = Object(answer) as { readonly error?: string };
      if (error !== undefined) {
        const isMissing = error.includes("No module named 'gymnasium'");
        throw new LabError("input/invalid", `gymnasium: ${error}`, {
          hint: isMissing
            ? "Install it (pip install gymnasium), or name a Python that has it with --python."
            : "Check the environment's id and what it is made with: --set and --shift.",
        });
      }
      return schema.parse(answer);
    },
    close: () => void child.kill(),
  };
}

export interface GymnasiumOptions {
  readonly id: string;
  /** What the environment is made with. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly policy: Uint8Array;
  readonly episodes: number;
  readonly seed: number;
  readonly python: string;
  /** Take the best action instead of drawing one. */
  readonly isGreedy: boolean;
  readonly onEpisode?: (done: number) => void;
}

/** What a policy earned. */
export interface GymnasiumResult {
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly returns: Estimate;
  readonly length: Estimate;
  /** Share of episodes that the environment ended itself, and not the time limit. */
  readonly terminated: number;
  readonly version: string;
}

/**
 * Play episodes and say what they earned. Episode i is seeded with `seed + i`: two calls with one seed meet the same
 * chances where the environment draws them from its seed.
 *
 * @throws {LabError} `input/invalid`, `onnx/interface`, `onnx/malformed`
 */
export async function playGymnasium(options: GymnasiumOptions): Promise<GymnasiumResult> {
  const { id, kwargs, episodes, seed } = options;
  const bridge = openBridge(options.python);
  try {
    const slots = Math.min(SLOTS, episodes);
    const made = await bridge.ask({ do: "make", id, kwargs, slots }, description);
    const choose = chooser(await openForeign(options.policy, "native"), made, options);
    const played = { returns: new Float64Array(episodes), lengths: new Float64Array(episodes), terminated: 0 };
    const active = new Array<number>(slots).fill(-1);
    const seen = new Array<readonly number[]>(slots);
    let [next, done] = [0, 0];
    const begin = async (slot: number) => {
      active[slot] = next < episodes ? next++ : -1;
      if (active[slot]! < 0) return;
      seen[slot] = (await bridge.ask({ do: "reset", slot, seed: seed + active[slot]! }, begun)).observation;
    };
    for (let slot = 0; slot < slots; slot++) await begin(slot);
    while (done < episodes) {
      const chosen = await choose(seen);
      const actions = active.map((episode, slot) => (episode < 0 ? null : chosen[slot]!));
      const { steps } = await bridge.ask({ do: "step", actions }, stepped);
      for (const [slot, step] of steps.entries()) {
        if (step === null) continue;
        const episode = active[slot]!;
        played.returns[episode]! += step.reward;
        played.lengths[episode]!++;
        seen[slot] = step.observation;
        if (step.ended === 0) continue;
        if (step.ended === 1) played.terminated++;
        options.onEpisode?.(++done);
        await begin(slot);
      }
    }
    const estimate = (values: Float64Array): Estimate => ({ ...overSeeds(values), unit: "trajectories" });
    return {
      kwargs,
      returns: estimate(played.returns),
      length: estimate(played.lengths),
      terminated: played.terminated / episodes,
      version: made.version,
    };
  } finally {
    bridge.close();
  }
}

/** Observations to actions through the file: indices as one-hot vectors, boxes in their own shape or flat. */
function chooser(model: ForeignModel, { observation, actions }: Description, { seed, isGreedy }: GymnasiumOptions) {
  const [input, ...others] = model.inputs;
  const shape = "n" in observation ? [observation.n] : observation.shape;
  const size = shape.reduce((product, length) => product * length, 1);
  const output = model.outputs.find(
    ({ dims }) => dims.length === 2 && (typeof dims[1] !== "number" || dims[1] <= 0 || dims[1] === actions),
  );
  const rowDims = input && input.dims.length === 2 ? [size] : shape;
  const isFit = ({ dims }: { readonly dims: readonly (number | string)[] }) =>
    dims.length === rowDims.length + 1 &&
    rowDims.every((length, i) => typeof dims[i + 1] !== "number" || Number(dims[i + 1]) <= 0 || dims[i + 1] === length);
  if (!input || others.length > 0 || !isFit(input) || !output) {
    const show = (values: ForeignModel["inputs"]) =>
      values.map(({ name, dims }) => `${name}[${dims.join(", ")}]`).join(", ");
    throw new LabError(
      "onnx/interface",
      `gymnasium: the policy does not fit, got ${show(model.inputs)} to ${show(model.outputs)}; expected one input [batch, ${shape.join(", ")}] and scores [batch, ${actions}]`,
    );
  }
  const random = rng(seed).fork("actions");
  const isFixed = typeof input.dims[0] === "number" && input.dims[0] > 0;
  return async (seen: readonly (readonly number[])[]): Promise<Uint8Array> => {
    const n = seen.length;
    const data = new Float32Array(n * size);
    for (const [i, values] of seen.entries()) {
      if ("n" in observation) data[i * size + values[0]!] = 1;
      else data.set(values, i * size);
    }
    const logits = new Float32Array(n * actions);
    const rows = isFixed ? Number(input.dims[0]) : n;
    for (let at = 0; at < n; at += rows) {
      const part = new Float32Array(rows * size);
      part.set(data.subarray(at * size, Math.min(n, at + rows) * size));
      const scores = (await model.run({ [input.name]: { dims: [rows, ...rowDims], data: part } }))[output.name]!;
      if (scores.dims[1] !== actions) {
        throw new LabError(
          "onnx/interface",
          `gymnasium: the policy scores ${scores.dims[1]} actions; expected ${actions}`,
        );
      }
      logits.set(Array.from(scores.data, Number).slice(0, Math.min(rows, n - at) * actions), at * actions);
    }
    const out = new Uint8Array(n);
    if (!isGreedy) sampleActions(logits, n, actions, random, out);
    else for (let i = 0; i < n; i++) out[i] = argmax(logits.subarray(i * actions, (i + 1) * actions));
    return out;
  };
}

const argmax = (values: Float32Array): number => values.indexOf(values.reduce((a, b) => Math.max(a, b)));

/** `key=value` with values as JSON where they are, else as text. @throws {LabError} `input/invalid` */
export function parsePairs(option: string, pairs: readonly string[] = []): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) {
        throw new LabError("input/invalid", `${option}: a setting is malformed, got "${pair}"; expected key=value`);
      }
      return [pair.slice(0, at), jsonOr(pair.slice(at + 1))];
    }),
  );
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What was earned as it was made and shifted, and what cannot be said of it. */
export function describeGymnasium(
  id: string,
  results: readonly GymnasiumResult[],
  difference: Difference | undefined,
  out: Outlet,
): string {
  const rows = table(
    results,
    [
      { title: "made with", cell: ({ kwargs }) => JSON.stringify(kwargs), wraps: true },
      { title: "return", cell: ({ returns }) => formatInterval(returns) },
      { title: "steps", cell: ({ length }) => formatInterval(length) },
      { title: "ended by itself", cell: ({ terminated }) => `${(100 * terminated).toFixed(0)} %` },
      { title: "n", cell: ({ returns }) => `${returns.n} episodes` },
    ],
    out,
  );
  const change =
    difference &&
    `Under shift the return changes by ${formatInterval({ ...difference, n: 1, unit: "trajectories" })}, the two taken as independent.`;
  const limit =
    "Returns alone: the environment names no goals and has no oracle here, so what the policy pursues is not told.";
  return [out.paint.bold(`${id}, Gymnasium ${results[0]?.version}`), rows, change, out.paint.dim(limit)]
    .filter(Boolean)
    .join("\n\n");
}
