/** @file The agents that ship: addressed as `zoo:<name>`, listed, audited without growing, and grown again. */
import { fileURLToPath } from "node:url";
import { LabError, nearest } from "../core/errors.ts";
import type { OrganismRecord } from "../organism.ts";
import { formatInterval } from "../report/numbers.ts";
import { type PrebuiltEntry, type PrebuiltZoo, readPrebuilt } from "../store/files-prebuilt.ts";
import { memoryStore } from "../store/memory.ts";
import type { Store } from "../store/store.ts";
import { table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** Beside the sources and beside the built files alike. */
const SHIPPED = fileURLToPath(new URL("../../zoo/", import.meta.url));

/** @throws {LabError} `store/unavailable`, `store/corrupt` */
export const shippedZoo = (): Promise<PrebuiltZoo> => readPrebuilt(SHIPPED);

const PREFIX = "zoo:";

/** Whether a text addresses an agent that ships. */
export const isPrebuilt = (text: string): boolean => text.startsWith(PREFIX);

/** What a grown organism has, without growing: its record and its weights, in a store of their own. */
export interface TakenPrebuilt {
  readonly name: string;
  readonly run: string;
  /** Content hash of the weights, under which audits know the subject. */
  readonly subject: string;
  readonly store: Store;
}

/**
 * Take an agent off the shelf.
 *
 * @param text `zoo:cheese-corner/misgeneralized-0`
 * @throws {LabError} `input/unknown-id`, `store/corrupt`, `store/unavailable`
 */
export async function takePrebuilt(text: string): Promise<TakenPrebuilt> {
  const zoo = await shippedZoo();
  const [name = "", at] = text.slice(PREFIX.length).split("@");
  const agent = findAgent(zoo, name);
  if (at !== undefined) {
    throw new LabError("input/unknown-id", `${PREFIX}${agent.name}: ships with its final weights alone, got "@${at}"`, {
      hint: `Grow it with those on the way: mesascope zoo --prebuilt, then mesascope audit ${agent.run.slice(0, 12)}@${at}`,
    });
  }
  const store = memoryStore();
  await store.save("organism", agent.run, await zoo.record(agent));
  const subject = await store.put(await zoo.weights(agent));
  return { name: agent.name, run: agent.run, subject, store };
}

function findAgent({ agents }: PrebuiltZoo, name: string): PrebuiltEntry {
  const found = agents.find((agent) => agent.name === name);
  if (found) return found;
  const names = agents.map((agent) => agent.name);
  const near = nearest(name, names);
  const world = name.split("/")[0];
  const neighbors = names.filter((each) => each.split("/")[0] === world);
  const worlds = [...new Set(names.map((each) => each.split("/")[0]))];
  const known = neighbors.length > 0 ? neighbors.join(", ") : `agents of ${worlds.join(", ")}`;
  throw new LabError("input/unknown-id", `agent "${PREFIX}${name}" does not exist; known: ${known}`, {
    hint: near === undefined ? 'Run "mesascope list zoo" to see all.' : `Did you mean "${PREFIX}${near}"?`,
  });
}

/**
 * Id of the latest stored audit of an agent that ships.
 *
 * @throws {LabError} `input/unknown-id` where it was not audited yet
 */
export async function auditOfPrebuilt(text: string, store: Store): Promise<string> {
  const { name, subject } = await takePrebuilt(text);
  const [audit] = await store.list("audit", { where: { subject }, limit: 1 });
  if (audit) return audit.id;
  throw new LabError("input/unknown-id", `audit of "${PREFIX}${name}" does not exist; none is stored`, {
    hint: `Run "mesascope audit ${PREFIX}${name}" first.`,
  });
}

/** An agent with its record, as lists show it. */
export interface ListedPrebuilt {
  readonly name: string;
  readonly run: string;
  readonly kind: string;
  readonly goal: string;
  readonly skill: OrganismRecord["realized"]["skill"];
  readonly network: string;
  readonly frames: number;
}

export async function listPrebuilt(): Promise<ListedPrebuilt[]> {
  const zoo = await shippedZoo();
  return Promise.all(
    zoo.agents.map(async (agent) => {
      const { run, constructed, realized, spec } = await zoo.record(agent);
      return {
        name: `${PREFIX}${agent.name}`,
        run,
        kind: constructed.kind,
        goal: realized.goal,
        skill: realized.skill,
        network: spec.network.id,
        frames: spec.frames,
      };
    }),
  );
}

export function prebuiltTable(rows: readonly ListedPrebuilt[], out: Outlet): string {
  const { bold, dim } = out.paint;
  const lines = table(
    rows,
    [
      { title: "agent", cell: ({ name }) => bold(name) },
      { title: "made to be", cell: ({ kind }) => kind },
      { title: "goal", cell: ({ goal }) => (goal === "none" ? dim("none") : goal) },
      { title: "skill", cell: ({ skill }) => formatInterval(skill) },
      { title: "network", cell: ({ network }) => network },
    ],
    out,
  );
  return `${lines}\n\n${dim(`mesascope audit ${rows[0]?.name ?? PREFIX} examines one of them, blind`)}`;
}
