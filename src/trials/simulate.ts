/**
 * @file Scores of a planted subject without its words: the same law as `decide` in providers/planted, drawn in one
 * stream, fast enough for thousands of audits. What the words add is checked apart, by whole audits of a sample.
 */
import type { ContrastPlugin, Design } from "../contrast.ts";
import type { Rng } from "../core/rng.ts";
import { chanceOf, type PlantedModel, rateOf } from "../providers/planted/model.ts";
import { normalQuantile } from "../theory/numerics/normal.ts";
import { decisionPlan } from "./design.ts";
import type { ItemRow } from "./table.ts";

/** A law to draw from: everything that does not change from audit to audit. */
export interface Simulation {
  readonly arms: readonly { readonly id: string; readonly limit: number; readonly refusal: number }[];
  readonly model: PlantedModel;
  readonly families: number;
  readonly itemsPerFamily: number;
  readonly repeats: number;
  readonly range: readonly [number, number];
  readonly firstIsTop: number;
}

/**
 * @param arms ids of those that take part
 * @param firstIsTop chance that the option which stands first scores at the top
 */
export function simulationOf(
  model: PlantedModel,
  contrast: ContrastPlugin,
  arms: readonly string[],
  { itemsPerFamily, repeats }: Pick<Design, "itemsPerFamily" | "repeats">,
  { families = contrast.families.length, firstIsTop = 0 } = {},
): Simulation {
  return {
    arms: arms.map((id) => {
      const trial = { id: "", contrast: contrast.id, item: "", family: "", arm: id, repeat: 0 };
      const limit = normalQuantile(chanceOf(model, decisionPlan(contrast, trial, 0)));
      return { id, limit, refusal: rateOf(model.refusal, id) };
    }),
    model,
    families,
    itemsPerFamily,
    repeats,
    range: contrast.range,
    firstIsTop,
  };
}

/** One audit's table of scores. */
export function simulateRows(simulation: Simulation, rng: Rng): readonly ItemRow[] {
  const { arms, model, families, itemsPerFamily, repeats, range, firstIsTop } = simulation;
  const rest = 1 - model.familyShare - model.armShare - model.itemShare;
  const [ofFamily, ofArm, ofItem, ofTrial] = [model.familyShare, model.armShare, model.itemShare, rest].map(
    Math.sqrt,
  ) as [number, number, number, number];
  const rows: ItemRow[] = [];
  for (let f = 0; f < families; f++) {
    const family = ofFamily === 0 ? 0 : ofFamily * rng.normal();
    const shared = arms.map(() => family + (ofArm === 0 ? 0 : ofArm * rng.normal()));
    for (let i = 0; i < itemsPerFamily; i++) {
      const item = ofItem === 0 ? 0 : ofItem * rng.normal();
      const first = rng.uniform() < firstIsTop ? 1 : 0;
      const cells: Record<string, { scores: number[]; missing: number }> = {};
      for (const [at, { id, limit, refusal }] of arms.entries()) {
        const cell = { scores: [] as number[], missing: 0 };
        cells[id] = cell;
        for (let repeat = 0; repeat < repeats; repeat++) {
          if ((refusal > 0 && rng.uniform() < refusal) || (model.malformed > 0 && rng.uniform() < model.malformed)) {
            cell.missing++;
            continue;
          }
          const isFirst = model.positionBias > 0 && rng.uniform() < model.positionBias;
          const top = isFirst ? first === 1 : shared[at]! + item + ofTrial * rng.normal() < limit;
          cell.scores.push(range[top ? 1 : 0]);
        }
      }
      rows.push({ item: `${f}-${i}`, family: String(f), cells });
    }
  }
  return rows;
}
