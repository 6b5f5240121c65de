/** @file The scoreboard's zoo as the command line grows and shows it. */
import { findById } from "../core/errors.ts";
import type { ZooAgent } from "../lab/zoo-composition.ts";
import type { OrganismRecord } from "../organism.ts";
import { compositionTable } from "../report/scoreboard.ts";
import type { CompositionRow } from "../scoreboard.ts";
import type { ZooFlags } from "./commands/zoo.ts";
import type { Context } from "./context.ts";
import type { Laboratory } from "./laboratory.ts";
import { compact, formatSeconds } from "./progress.ts";
import { drawnTable } from "./scoreboard.ts";
import { table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** A grown agent with its cluster. */
export interface GrownAgent extends ZooAgent {
  readonly record: OrganismRecord;
}

/** The agents that the options choose. @throws {LabError} `input/unknown-id` for a world that is not in the zoo */
async function chooseAgents(
  recipe: Laboratory["lab"]["recipe"],
  context: Context,
  flags: ZooFlags,
): Promise<ZooAgent[]> {
  const { zooAgents, zooWorlds } = await import("../lab/zoo-composition.ts");
  const known = zooWorlds().map((id) => ({ id }));
  const worlds = flags.worlds?.split(",").map((name) => findById("world of the zoo", known, name.trim()).id);
  return zooAgents({ recipe }, context.seed, {
    ...(worlds ? { worlds } : {}),
    ...(flags.most === undefined ? {} : { most: flags.most }),
    ...(flags.frames === undefined ? {} : { frames: flags.frames }),
    ...(flags.agents === undefined ? {} : { agents: flags.agents }),
  });
}

/** One line of what would be grown. */
export interface PlanRow {
  readonly world: string;
  readonly kind: string;
  readonly agents: number;
  readonly frames: number;
}

/** What the zoo is made of, without growing it. */
export async function planZoo(context: Context, flags: ZooFlags): Promise<PlanRow[]> {
  const { writeRecipe } = await import("../lab/lab.ts");
  const agents = await chooseAgents(writeRecipe, context, flags);
  const groups = Map.groupBy(agents, ({ world, spec }) => `${world} ${spec.organism.id}`);
  return [...groups.values()].map((members) => ({
    world: members[0]!.world,
    kind: members[0]!.spec.organism.id,
    agents: members.length,
    frames: members.reduce((sum, { spec }) => sum + spec.frames, 0),
  }));
}

export function planTable(plan: readonly PlanRow[], outlet: Outlet): string {
  const agents = plan.reduce((sum, row) => sum + row.agents, 0);
  const frames = plan.reduce((sum, row) => sum + row.frames, 0);
  const lines = table(
    plan,
    [
      { title: "world", cell: ({ world }) => world },
      { title: "kind", cell: ({ kind }) => kind },
      { title: "agents", cell: (row) => String(row.agents), align: "right" },
      { title: "frames", cell: (row) => compact(row.frames), align: "right" },
    ],
    outlet,
  );
  return `${lines}\n\n${outlet.paint.bold(`${agents} agents`)}, ${compact(frames)} frames in all`;
}

/** Grow what is missing of the zoo. */
export async function growZoo(
  context: Context,
  flags: ZooFlags,
  laboratory?: Laboratory,
): Promise<{
  readonly agents: readonly GrownAgent[];
  readonly rows: readonly CompositionRow[];
  /** Wall clock of this command. */
  readonly seconds: number;
  /** Summed over organisms, those grown earlier included. */
  readonly trainingSeconds: number;
}> {
  const begun = context.clock();
  const { openLaboratory } = await import("./laboratory.ts");
  const { composition } = await import("../lab/zoo-composition.ts");
  const { lab, progress } = laboratory ?? (await openLaboratory(context, flags));
  const agents = await chooseAgents(lab.recipe, context, flags);
  const records = await lab.grow(agents.map(({ spec }) => spec));
  progress.close();
  const grown = agents.map((agent, i) => ({ ...agent, record: records[i]! }));
  return {
    agents: grown,
    rows: composition(grown),
    seconds: (context.clock() - begun) / 1000,
    trainingSeconds: records.reduce((sum, { trainingMs }) => sum + trainingMs, 0) / 1000,
  };
}

export function compositionText(
  rows: readonly CompositionRow[],
  time: { readonly seconds: number; readonly trainingSeconds: number },
  outlet: Outlet,
): string {
  const agents = rows.reduce((sum, row) => sum + row.agents, 0);
  const sorted = rows.toSorted((a, b) => (a.world < b.world ? -1 : a.world > b.world ? 1 : 0));
  const mean = (time.trainingSeconds / Math.max(1, agents)).toFixed(1);
  return [
    drawnTable(compositionTable({ composition: sorted }), outlet),
    "",
    `${outlet.paint.bold(`${agents} agents`)}, ${mean} s of one thread each, ${formatSeconds(time.trainingSeconds)} in all; this command took ${formatSeconds(time.seconds)}`,
  ].join("\n");
}
