/**
 * @file Filling the scoreboard: every agent under its regimes by every detector,
 * each reading kept as soon as it is there, so that a bench that was stopped goes
 * on where it stopped.
 */
import type { Regime } from "../../audit/regime.ts";
import type { OrganismRecord } from "../../organism.ts";
import type { BenchReading, ReadingsRecord } from "../../scoreboard.ts";
import type { Store } from "../../store/store.ts";
import { makeWorld } from "../registry.ts";
import { type BenchInstrument, type MeasureOptions, readingKey } from "./measure.ts";
import type { ScoredAgent } from "./score.ts";
import { isWithheld, regimesOf } from "./truth.ts";

/** One agent under one regime, with the detectors whose readings are missing. */
export interface BenchJob extends Pick<MeasureOptions, "bytes" | "task" | "regime" | "seed"> {
  readonly withheld?: string;
  readonly instruments: readonly BenchInstrument[];
}

/** Something that measures one job at a time: this thread, or another. */
export type Lane = (job: BenchJob) => AsyncIterable<BenchReading>;

export interface BenchProgress {
  /** Readings there are, and readings wanted. */
  readonly done: number;
  readonly total: number;
  readonly reading: BenchReading;
  readonly world: string;
  readonly regime: Regime;
}

export interface BenchOptions {
  readonly store: Store;
  readonly seed: number;
  readonly regimes?: readonly Regime[];
  /** Take readings of other versions of the code as they are. */
  readonly isAnyCode?: boolean;
  readonly lanes: readonly Lane[];
  /** Hears once how many readings are kept already. */
  readonly onPlan?: (kept: number, total: number) => void;
  readonly onReading?: (progress: BenchProgress) => void;
  readonly signal?: AbortSignal;
}

interface Task {
  readonly agent: { readonly world: string; readonly record: OrganismRecord };
  readonly regime: Regime;
  readonly id: string;
  readonly kept: Record<string, BenchReading>;
  readonly missing: readonly BenchInstrument[];
}

/** Under which id an agent's readings are stored. */
const readingsId = (run: string, regime: Regime, seed: number): string => `${run.slice(0, 32)}-${regime}-${seed}`;

/**
 * Read what is missing. Aborted, it returns after the readings under way.
 *
 * @returns the agents with every reading that there is
 */
export async function runBench(
  agents: readonly { readonly world: string; readonly record: OrganismRecord }[],
  instruments: readonly BenchInstrument[],
  options: BenchOptions,
): Promise<ScoredAgent[]> {
  const { store, seed, signal } = options;
  const tasks: Task[] = [];
  for (const agent of agents) {
    for (const regime of regimesOf(agent.record)) {
      if (options.regimes && !options.regimes.includes(regime)) continue;
      const id = readingsId(agent.record.run, regime, seed);
      const kept = { ...(await store.load("readings", id))?.entries };
      const missing = instruments.filter((instrument) => {
        const found = kept[readingKey(instrument)];
        return found === undefined || (found.code !== instrument.code && !options.isAnyCode);
      });
      tasks.push({ agent, regime, id, kept, missing });
    }
  }
  const total = tasks.length * instruments.length;
  let done = total - tasks.reduce((sum, { missing }) => sum + missing.length, 0);
  options.onPlan?.(done, total);

  const open = tasks.filter(({ missing }) => missing.length > 0);
  let next = 0;
  const work = async (lane: Lane) => {
    while (next < open.length && !signal?.aborted) {
      const { agent, regime, id, kept, missing } = open[next++]!;
      const { record, world } = agent;
      const job: BenchJob = {
        bytes: await store.get(record.checkpoints.at(-1)!.onnx),
        task: record.spec.task,
        regime,
        seed,
        instruments: missing,
        ...(regime === "withheld" && isWithheld(record) ? { withheld: record.realized.goal } : {}),
      };
      const keys = new Map(missing.map((instrument) => [instrument.detector.id, readingKey(instrument)]));
      for await (const reading of lane(job)) {
        kept[keys.get(reading.detector)!] = reading;
        const entries: ReadingsRecord["entries"] = { ...kept };
        await store.save("readings", id, { format: "mesascope-readings/1", run: record.run, regime, seed, entries });
        done++;
        options.onReading?.({ done, total, reading, world, regime });
        if (signal?.aborted) break;
      }
    }
  };
  await Promise.all(options.lanes.map(work));

  const byAgent = Map.groupBy(tasks, ({ agent }) => agent);
  return [...byAgent].map(([{ world, record }, own]) => ({
    world,
    record,
    base: makeWorld(record.spec.task).objectives[0]!.id,
    readings: Object.fromEntries(
      own.map(({ regime, kept }) => [regime, instruments.flatMap((instrument) => kept[readingKey(instrument)] ?? [])]),
    ),
  }));
}
