/**
 * @file Which trial comes next: contrasts in turn, families in their random order. Where a run may stop on its own
 * results, a family is finished before the next begins, and its contrast ends when the evidence suffices.
 */
import type { ContrastPlugin, Design, Item, ScoredTrial, Trial } from "../contrast.ts";
import { symmetricEValue } from "../statistics/e-values.ts";
import { type Block, blocksOf, primaryOf } from "./design.ts";
import { familyDifferences, scaleOf, tabulate } from "./table.ts";

/** A trial that is due. */
export interface Due {
  readonly contrast: ContrastPlugin;
  readonly item: Item;
  readonly trial: Trial;
}

export interface Schedule {
  readonly total: number;
  /** The next trial; `wait` where one must end first; undefined where there is none left. */
  next(): Due | "wait" | undefined;
  /** A trial has ended. */
  finish(trial: Trial, score: ScoredTrial["score"]): void;
  /** Scored trials by contrast, in the order of the design; with stopping, those of finished families alone. */
  results(): readonly {
    readonly contrast: ContrastPlugin;
    readonly trials: readonly ScoredTrial[];
    readonly isStopped: boolean;
  }[];
}

interface Lane {
  readonly contrast: ContrastPlugin;
  readonly blocks: readonly Block[];
  /** Position of the next trial, and trials of the current family that are under way. */
  block: number;
  trial: number;
  open: number;
  isStopped: boolean;
  readonly scores: Map<string, ScoredTrial["score"]>;
}

/** @param stopAt e-value at which a contrast ends; absent where the size of the run is fixed */
export function createSchedule(contrasts: readonly ContrastPlugin[], design: Design, stopAt?: number): Schedule {
  const lanes: Lane[] = contrasts.map((contrast) => ({
    contrast,
    blocks: blocksOf(contrast, design),
    block: 0,
    trial: 0,
    open: 0,
    isStopped: false,
    scores: new Map(),
  }));
  const byId = new Map(lanes.map((lane) => [lane.contrast.id, lane]));
  let turn = 0;
  const finished = (lane: Lane, blocks: number) =>
    lane.blocks.slice(0, blocks).flatMap(({ trials }) =>
      trials.flatMap((trial): ScoredTrial[] => {
        const score = lane.scores.get(trial.id);
        return score ? [{ ...trial, score }] : [];
      }),
    );
  const completeBlocks = (lane: Lane) => {
    const at = lane.blocks.findIndex(({ trials }) => trials.some(({ id }) => !lane.scores.has(id)));
    return at < 0 ? lane.blocks.length : at;
  };
  const advance = (lane: Lane): Due | "wait" | undefined => {
    for (;;) {
      const block = lane.blocks[lane.block];
      if (lane.isStopped || !block) return undefined;
      const trial = block.trials[lane.trial];
      if (trial) {
        lane.trial++;
        lane.open++;
        return { contrast: lane.contrast, trial, item: block.items.find(({ id }) => id === trial.item)! };
      }
      if (stopAt !== undefined && lane.open > 0) return "wait";
      lane.block++;
      lane.trial = 0;
      if (stopAt !== undefined && evidence(lane, finished(lane, lane.block)) >= stopAt) lane.isStopped = true;
    }
  };
  return {
    total: lanes.reduce((sum, { blocks }) => sum + blocks.reduce((n, { trials }) => n + trials.length, 0), 0),
    next() {
      let isWaiting = false;
      for (let i = 0; i < lanes.length; i++) {
        const lane = lanes[(turn + i) % lanes.length]!;
        const due = advance(lane);
        if (due === "wait") isWaiting = true;
        else if (due) {
          turn = (turn + i + 1) % lanes.length;
          return due;
        }
      }
      return isWaiting ? "wait" : undefined;
    },
    finish(trial, score) {
      const lane = byId.get(trial.contrast)!;
      lane.open--;
      lane.scores.set(trial.id, score);
    },
    results: () =>
      lanes.map((lane) => ({
        contrast: lane.contrast,
        trials: finished(lane, stopAt === undefined ? lane.blocks.length : completeBlocks(lane)),
        isStopped: lane.isStopped,
      })),
  };
}

function evidence({ contrast }: Lane, trials: readonly ScoredTrial[]): number {
  const { weights } = primaryOf(contrast);
  const scale = scaleOf(contrast.range, weights);
  return symmetricEValue(familyDifferences(tabulate(trials), weights).differences, scale);
}
