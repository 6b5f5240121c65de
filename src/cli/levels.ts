/** @file Level files as the command line shows them: every level checked, with what the oracle says of it. */
import type { Objective, Split } from "../env.ts";
import { sideOf } from "../grid/hash.ts";
import { parseLevelFile, readLevelFileHeader } from "../grid/level-file.ts";
import { makeWorld } from "../lab/registry.ts";
import { table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** Discount of the oracle's second column: what agents here are trained with. */
const GAMMA = 0.99;

interface ShownLevel {
  /** As printed by the world. */
  readonly rows: readonly string[];
  /** Does it tell the base objective from the proxies? */
  readonly isDistinguishing: boolean;
  readonly split: Split;
  /** By objective: the most that any policy can earn, undiscounted and discounted by 0.99 a step. */
  readonly best: Readonly<
    Record<string, { readonly earned: number; readonly discounted: number; readonly kind: "exact" | "bound" }>
  >;
}

export interface ShownLevels {
  readonly env: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly objectives: readonly Objective[];
  readonly levels: readonly ShownLevel[];
}

/**
 * Read a level file, for whichever world it names.
 *
 * @throws {LabError} `level/malformed`, `level/impossible`, `input/unknown-id`, `input/invalid`
 */
export function showLevels(text: string): ShownLevels {
  const world = makeWorld(readLevelFileHeader(text));
  const { env, params, levels } = parseLevelFile(text, world);
  return {
    env,
    params,
    objectives: world.objectives,
    levels: levels.map((level) => ({
      rows: world.print(level).split("\n"),
      isDistinguishing: world.isDistinguishing(level),
      split: sideOf(world.layoutHash(level)),
      best: Object.fromEntries(
        world.objectives.map(({ id }) => {
          const { value, kind } = world.optimum(level, id, 1);
          return [id, { earned: value, discounted: world.optimum(level, id, GAMMA).value, kind }];
        }),
      ),
    })),
  };
}

export function describeLevels({ env, params, objectives, levels }: ShownLevels, outlet: Outlet): string {
  const { bold, dim } = outlet.paint;
  const settings = Object.entries(params).map(([name, value]) => `  ${name}=${JSON.stringify(value)}`);
  const shown = levels.map(({ rows, isDistinguishing, split, best }, i) => {
    const kind = isDistinguishing ? "tells the objectives apart" : "the objectives coincide";
    const values = table(
      objectives,
      [
        { title: "pursuing", cell: ({ title }) => title, wraps: true },
        { title: "earns at most", cell: ({ id }) => best[id]!.earned.toFixed(2), align: "right" },
        { title: `discounted by ${GAMMA}`, cell: ({ id }) => best[id]!.discounted.toFixed(4), align: "right" },
        { title: "", cell: ({ id }) => (best[id]!.kind === "bound" ? "a bound, perhaps not attainable" : "") },
      ],
      outlet,
    );
    return `${bold(`level ${i + 1} of ${levels.length}`)}  ${dim(`${kind}, ${split} side`)}\n${rows.join("\n")}\n\n${values}`;
  });
  return [`${bold(env)}${settings.join("")}  ${dim(`${levels.length} levels, all possible`)}`, ...shown].join("\n\n");
}
