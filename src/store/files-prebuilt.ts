/**
 * @file The agents that ship, as a folder: an index that names each agent with the
 * hash of its record, and for each its record, which names the hash of its weights,
 * and the weights as it ended. Every file is checked against its hash when read.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { assert, LabError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import type { OrganismRecord } from "../organism.ts";
import { storeFailure } from "./failure.ts";
import { decodeRecord, encodeRecord, hashText } from "./store.ts";

/** World, a slash, and what the agent is: also its path, so that no name may leave the folder. */
const NAME = /^[a-z0-9-]+\/[a-z0-9-]+$/;

const indexSchema = z.object({
  format: z.literal("mesascope-prebuilt/1"),
  agents: z.array(z.object({ name: z.string().regex(NAME), run: z.string(), record: z.string() })),
});

/** One agent as the index names it. */
export interface PrebuiltEntry {
  readonly name: string;
  readonly run: string;
  /** SHA-256 of its record. */
  readonly record: string;
}

export interface PrebuiltZoo {
  readonly location: string;
  readonly agents: readonly PrebuiltEntry[];
  /** @throws {LabError} `store/corrupt` when the record is not the one that was written */
  record(agent: PrebuiltEntry): Promise<OrganismRecord>;
  /**
   * The weights as the organism ended, an ONNX file.
   *
   * @throws {LabError} `store/corrupt` when its bytes do not match the record's hash
   */
  weights(agent: PrebuiltEntry): Promise<Uint8Array>;
}

/** An agent to be written. */
export interface PrebuiltFiles {
  readonly name: string;
  readonly record: OrganismRecord;
  /** What the last checkpoint of the record names. */
  readonly weights: Uint8Array;
}

const indexPath = (folder: string) => join(folder, "zoo.json");
const recordPath = (folder: string, name: string) => join(folder, `${name}.json`);
const weightsPath = (folder: string, name: string) => join(folder, `${name}.onnx`);

const RESTORE = 'Install mesascope again, or in a checkout grow them again: "mesascope zoo --prebuilt --write zoo".';

/**
 * Open the folder.
 *
 * @throws {LabError} `store/unavailable` where there is no such folder, `store/corrupt` when its index cannot be read
 */
export async function readPrebuilt(folder: string): Promise<PrebuiltZoo> {
  const path = indexPath(folder);
  const bytes = await readIfThere(path);
  if (!bytes) {
    throw new LabError("store/unavailable", `prebuilt zoo: there is none, got no file ${path}`, { hint: RESTORE });
  }
  const { agents } = parseIndex(bytes, path);
  const content = async (file: string) => {
    const found = await readIfThere(file);
    if (found) return found;
    throw damaged(file, "it is missing");
  };
  const record: PrebuiltZoo["record"] = async (agent) => {
    const file = recordPath(folder, agent.name);
    const json = new TextDecoder().decode(await content(file));
    if (hashText(json) !== agent.record) throw damaged(file, "its bytes do not match its hash");
    return decodeRecord("organism", agent.run, json, agent.record);
  };
  return {
    location: folder,
    agents,
    record,
    async weights(agent) {
      const { checkpoints } = await record(agent);
      const file = weightsPath(folder, agent.name);
      const found = await content(file);
      if (hashBytes(found) !== checkpoints.at(-1)?.onnx) throw damaged(file, "its bytes do not match its hash");
      return found;
    },
  };
}

/**
 * Write the folder anew: agents of its former index that are no longer there are deleted, other files left alone.
 *
 * @returns bytes written
 * @throws {LabError} `store/full`, `store/unavailable`, `store/corrupt` when there is an index that is not ours
 */
export async function writePrebuilt(folder: string, agents: readonly PrebuiltFiles[]): Promise<number> {
  const before = await readIfThere(indexPath(folder));
  const former = before ? parseIndex(before, indexPath(folder)).agents : [];
  let written = 0;
  const write = async (path: string, bytes: Uint8Array) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    written += bytes.length;
  };
  try {
    for (const { name } of former) {
      await rm(recordPath(folder, name), { force: true });
      await rm(weightsPath(folder, name), { force: true });
    }
    const entries: PrebuiltEntry[] = [];
    for (const { name, record, weights } of agents) {
      assert(NAME.test(name), `"${name}" is not the name of an agent`);
      assert(
        hashBytes(weights) === record.checkpoints.at(-1)?.onnx,
        `the weights of ${name} are not those of its record`,
      );
      const { json, hash } = encodeRecord("organism", record);
      await write(recordPath(folder, name), new TextEncoder().encode(json));
      await write(weightsPath(folder, name), weights);
      entries.push({ name, run: record.run, record: hash });
    }
    // Last: what an index names has been written.
    const index = { format: "mesascope-prebuilt/1", agents: entries };
    await write(indexPath(folder), new TextEncoder().encode(`${JSON.stringify(index, null, 2)}\n`));
  } catch (error) {
    throw storeFailure(error, "writing the prebuilt zoo", folder);
  }
  return written;
}

function parseIndex(bytes: Uint8Array, path: string): { readonly agents: readonly PrebuiltEntry[] } {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw damaged(path, "it is not JSON");
  }
  const parsed = indexSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw damaged(path, "it is not an index of format mesascope-prebuilt/1");
}

const damaged = (path: string, problem: string): LabError =>
  new LabError("store/corrupt", `prebuilt zoo: ${problem}: ${path}`, { hint: RESTORE });

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw storeFailure(error, "reading the prebuilt zoo", path);
  }
}
