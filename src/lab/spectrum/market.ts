/**
 * @file A market of developers: in every round each trains variants of the model
 * it starts from, keeps the best by a benchmark draw of its own, and the others
 * copy the market's leader. Nobody looks at the levels on which goal and proxy
 * part. The same market with random choices shows what training alone does.
 */
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import type { Lab } from "../../experiment.ts";
import type { OrganismRecord, TrainingSpec } from "../../organism.ts";
import { bestOf, robustness, SPECTRUM_WORLDS, type SpectrumWorldId, skillOf, unwantedShare } from "./agents.ts";

export interface MarketOptions {
  readonly world: SpectrumWorldId;
  readonly developers: number;
  /** Variants that each trains in a round. */
  readonly variants: number;
  readonly rounds: number;
  /** Share of the developers that copy the leader after a round; the others go on with their own pick. */
  readonly copying: number;
  /** Frames of the first training, and of each round after it. */
  readonly frames: readonly [first: number, round: number];
  /** Share of distinguishing levels in everyone's training. */
  readonly alpha: number;
}

/** How models are chosen: by the benchmark, or by lot. */
export type Choosing = "benchmark" | "lot";

/** The market after a round. */
export interface MarketRound {
  readonly round: number;
  /** Mean over the developers' picks. */
  readonly share: number;
  readonly skill: number;
  readonly score: number;
  /** Standard deviation of the share over the picks: what variety is left. */
  readonly spread: number;
  /** Distinct first models that the picks descend from. */
  readonly founders: number;
}

interface Pick {
  readonly record: OrganismRecord;
  readonly founder: number;
  readonly score: number;
}

/** One market, round by round, the first training among them. */
export async function runMarket(
  lab: Lab,
  options: MarketOptions,
  choosing: Choosing,
  seed: number,
): Promise<readonly MarketRound[]> {
  const { world, developers, variants, rounds, copying, frames, alpha } = options;
  const { env, ppo } = SPECTRUM_WORLDS[world];
  const chance = rng(seed).fork(`market ${choosing}`);
  // Training seeds of a market are its own, and the same however models are chosen.
  const seedOf = (round: number, variant: number) => 1_000_000 * (seed + 1) + 1000 * round + variant;
  const fresh = (variant: number): TrainingSpec =>
    lab.recipe("graded", env, {
      seed: seedOf(0, variant),
      frames: frames[0],
      params: { alpha },
      network: { id: "mlp", params: {} },
      optimizer: { id: "ppo", params: { rate: ppo.rate } },
    });
  const after: MarketRound[] = [];
  let starts: readonly Pick[] = [];
  for (let round = 0; round <= rounds; round++) {
    const specs = Array.from({ length: developers * variants }, (_, i): TrainingSpec => {
      if (round === 0) return fresh(i);
      const parent = starts[Math.floor(i / variants)]!;
      return { ...fresh(0), seed: seedOf(round, i), frames: frames[1], from: parent.record.run };
    });
    const records = await lab.grow(specs);
    const picks: Pick[] = [];
    for (let developer = 0; developer < developers; developer++) {
      // A developer's own draw of the benchmark: noisy, and not the others'.
      const own = rng(seed).fork(`benchmark of developer ${developer} in round ${round}`);
      const tried: Pick[] = [];
      for (let variant = 0; variant < variants; variant++) {
        const index = developer * variants + variant;
        const record = records[index]!;
        const score = await robustness(lab, record, world, own);
        tried.push({ record, score, founder: round === 0 ? index : starts[developer]!.founder });
      }
      picks.push(tried[choosing === "benchmark" ? bestOf(tried.map(({ score }) => score)) : chance.int(variants)]!);
    }
    const shares = picks.map(({ record }) => unwantedShare(record, world));
    after.push({
      round,
      share: mean(shares),
      skill: mean(picks.map(({ record }) => skillOf(record))),
      score: mean(picks.map(({ score }) => score)),
      spread: Math.sqrt(variance(shares)),
      founders: new Set(picks.map(({ founder }) => founder)).size,
    });
    const leader = picks[choosing === "benchmark" ? bestOf(picks.map(({ score }) => score)) : chance.int(developers)]!;
    starts = picks.map((pick) => (chance.uniform() < copying ? leader : pick));
  }
  return after;
}
