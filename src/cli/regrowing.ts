/** @file `mesascope zoo --prebuilt`: the agents that ship, grown again, beside what ships. */
import { LabError } from "../core/errors.ts";
import { runId } from "../lab/grow.ts";
import { prebuiltAgents } from "../lab/prebuilt-composition.ts";
import { compareRegrown } from "../lab/regrown.ts";
import type { OrganismRecord } from "../organism.ts";
import { formatInterval } from "../report/numbers.ts";
import { writePrebuilt } from "../store/files-prebuilt.ts";
import type { Store } from "../store/store.ts";
import type { PrebuiltFlags } from "./commands/zoo.ts";
import type { Context } from "./context.ts";
import { shippedZoo } from "./prebuilt.ts";
import { compact, formatSeconds } from "./progress.ts";
import { table } from "./table.ts";

/** One agent grown again. */
interface RegrownRow {
  readonly name: string;
  readonly goal: string;
  readonly skill: OrganismRecord["realized"]["skill"];
  readonly seconds: number;
  /** Absent where nothing of that name ships. */
  readonly isSame?: boolean;
  /** Shares and skill outside the recorded interval. */
  readonly outside?: readonly string[];
}

/**
 * Grow every agent that ships, say which are the same, and write the folder where asked.
 *
 * @returns whether what ships was confirmed: bit for bit on the portable kernels; on others nothing is promised
 * @throws {LabError} `input/invalid` for options of the large zoo, and where the store holds these runs of other code
 */
export async function regrowPrebuilt(context: Context, flags: PrebuiltFlags): Promise<boolean> {
  const executor = flags.executor ?? "wasm";
  checkFlags(flags);
  const agents = prebuiltAgents(executor);
  const store = await context.store();
  await refuseOtherCode(
    store,
    agents.map(({ spec }) => runId(spec)),
    await context.code(),
  );
  const begun = context.clock();
  const { openLaboratory } = await import("./laboratory.ts");
  const { lab, progress } = await openLaboratory(context, { ...flags, executor });
  const records = await lab.grow(agents.map(({ spec }) => spec));
  progress.close();
  const shipped = await shippedRecords();
  const rows = agents.map(({ name }, i): RegrownRow => {
    const { realized, trainingMs } = records[i]!;
    const before = shipped.get(name);
    const compared = before && compareRegrown(before, records[i]!);
    return { name, goal: realized.goal, skill: realized.skill, seconds: trainingMs / 1000, ...compared };
  });
  let written: number | undefined;
  if (flags.write !== undefined) {
    const files = agents.map(async ({ name }, i) => {
      const record = records[i]!;
      return { name, record, weights: await store.get(record.checkpoints.at(-1)!.onnx) };
    });
    written = await writePrebuilt(flags.write, await Promise.all(files));
  }
  const seconds = (context.clock() - begun) / 1000;
  context.print({ executor, agents: rows, seconds, ...(written === undefined ? {} : { written }) }, () => {
    const { bold, dim } = context.out.paint;
    const same = rows.filter(({ isSame }) => isSame).length;
    const training = rows.reduce((sum, row) => sum + row.seconds, 0);
    return [
      regrownTable(rows, context),
      "",
      `${bold(`${same} of ${rows.length} with the weights that ship`)}, ${formatSeconds(training)} of one thread; this command took ${formatSeconds(seconds)}`,
      ...(written === undefined ? [] : [`${dim("wrote")} ${flags.write}  ${compact(written)} bytes`]),
    ].join("\n");
  });
  return executor !== "wasm" || flags.write !== undefined || rows.every(({ isSame }) => isSame);
}

/** Print what ships, by its specs. */
export function planPrebuilt(context: Context): void {
  const plan = prebuiltAgents().map(({ name, spec }) => ({
    name,
    organism: spec.organism.id,
    network: spec.network.id,
    frames: spec.frames,
  }));
  context.print(plan, () =>
    table(
      plan,
      [
        { title: "agent", cell: ({ name }) => context.out.paint.bold(name) },
        { title: "organism", cell: ({ organism }) => organism },
        { title: "network", cell: ({ network }) => network },
        { title: "frames", cell: ({ frames }) => compact(frames), align: "right" },
      ],
      context.out,
    ),
  );
}

function regrownTable(rows: readonly RegrownRow[], { out }: Context): string {
  const { bold, dim, good, warn } = out.paint;
  const weights = ({ isSame }: RegrownRow) =>
    isSame === undefined ? dim("new") : isSame ? good("✓ the same") : warn("other");
  return table(
    rows,
    [
      { title: "agent", cell: ({ name }) => bold(name) },
      { title: "goal", cell: ({ goal }) => (goal === "none" ? dim("none") : goal) },
      { title: "skill", cell: ({ skill }) => formatInterval(skill) },
      { title: "time", cell: (row) => formatSeconds(row.seconds), align: "right" },
      { title: "weights", cell: weights },
      {
        title: "outside the recorded interval",
        cell: ({ outside }) => (outside === undefined ? "" : outside.join(", ") || "nothing"),
        wraps: true,
      },
    ],
    out,
  );
}

/** Records that ship, by name; none where nothing ships yet. */
async function shippedRecords(): Promise<ReadonlyMap<string, OrganismRecord>> {
  try {
    const zoo = await shippedZoo();
    return new Map(await Promise.all(zoo.agents.map(async (agent) => [agent.name, await zoo.record(agent)] as const)));
  } catch (error) {
    if (error instanceof LabError && error.code === "store/unavailable") return new Map();
    throw error;
  }
}

function checkFlags(flags: PrebuiltFlags): void {
  const wrong = (["worlds", "most", "agents", "frames"] as const).find((name) => flags[name] !== undefined);
  if (wrong !== undefined) {
    throw new LabError("input/invalid", `zoo: --${wrong} chooses among the large zoo; --prebuilt is grown whole`);
  }
  if (flags.write !== undefined && flags.executor === "native") {
    throw new LabError("input/invalid", "zoo: --write: got --executor native; expected wasm", {
      hint: "Native kernels round differently from machine to machine: nobody could grow the same weights again.",
    });
  }
}

/** A run already in the store is not grown again: of other code it would confirm nothing. */
async function refuseOtherCode(store: Store, runs: readonly string[], code: string): Promise<void> {
  const records = await Promise.all(runs.map((run) => store.load("organism", run)));
  const other = records.find((record) => record !== undefined && record.code !== code);
  if (!other) return;
  throw new LabError(
    "input/invalid",
    `zoo: the store holds some of these agents as other code grew them, got ${other.code}; expected ${code}`,
    { hint: "Grow them in an empty store: --home <folder>." },
  );
}
