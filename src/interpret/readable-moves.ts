/**
 * @file What can be read out of a network about the next move that each objective
 * asks for, whether or not the subject makes it. Decodable is not used: a network
 * may carry what it does not act on.
 */
import type { Rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { copyLevel } from "../rollout.ts";
import type { Subject } from "../subject.ts";
import { type ProbeReport, prepareProbe } from "./probes.ts";
import { listSites, type SiteInfo } from "./sites.ts";

export interface ReadableMove {
  readonly objective: string;
  readonly report: ProbeReport;
}

/** Fewest layouts of a probe that is worth its interval. */
const FEWEST_LAYOUTS = 40;
/** Most numbers of a site that a probe reads. */
const MOST_NUMBERS = 4000;

/** The last site before the answer: a vector larger than the answer, otherwise the last that a probe can take. */
export function lastSite(subject: Subject): SiteInfo | undefined {
  const { actions } = subject.shape;
  const sites = listSites(subject.inside!, subject.shape).filter(
    ({ kind, channels, cells }) => (kind === "grid" || channels > actions) && channels * cells <= MOST_NUMBERS,
  );
  return sites.findLast(({ kind }) => kind === "vector") ?? sites.at(-1);
}

/**
 * Probe the first states of levels for the one best move of each objective;
 * states with several best moves, or none, are left out, and so are objectives
 * with too few states left.
 */
export async function readableMoves(options: {
  readonly subject: Subject;
  readonly untrained?: Subject | undefined;
  readonly world: World;
  readonly levels: readonly Level[];
  readonly objectives: readonly string[];
  readonly site: SiteInfo;
  readonly rng: Rng;
}): Promise<ReadableMove[]> {
  const { subject, untrained, world, levels, objectives, site, rng } = options;
  const batch = world.batch(levels.length);
  for (const [slot, level] of levels.entries()) {
    copyLevel(level, batch.levels[slot]!);
    batch.start(slot, rng.fork(slot));
  }
  const layout = Int32Array.from(levels, (level) => world.layoutHash(level));
  const found: ReadableMove[] = [];
  for (const objective of objectives) {
    const labels = Int32Array.from(levels, (_, slot) => {
      const best = world.optimalActions(batch, slot, objective, 0.99);
      return best !== 0 && (best & (best - 1)) === 0 ? Math.log2(best) : -1;
    });
    const told = [...labels.keys()].filter((slot) => labels[slot]! >= 0);
    const isEnough = new Set(told.map((slot) => layout[slot]!)).size >= FEWEST_LAYOUTS;
    if (!isEnough || new Set(told.map((slot) => labels[slot]!)).size < 2) continue;
    const bench = prepareProbe({
      shape: subject.shape,
      observations: batch.observations,
      n: levels.length,
      layout,
      unit: "observation",
      target: { kind: "classes", classes: world.actions, labels },
      position: batch.position,
      rng: rng.fork(objective),
    });
    found.push({
      objective,
      report: await bench.probe({ inside: subject.inside!, site: site.site, untrained: untrained?.inside }),
    });
  }
  return found;
}
