/**
 * @file The part of validation that words take part in: whole audits of planted subjects through the contrast's own
 * prompts and scorer. Every value that was decided must be read, every fault must be missing with its reason, and a
 * subject that only ever picks what stands first must show no effect.
 */
import type { ChatSubject } from "../chat.ts";
import type { ContrastPlugin, Design, Score, ScoredTrial } from "../contrast.ts";
import { BLANK, decide, type PlantedModel } from "../providers/planted/model.ts";
import { plantedSubject } from "../providers/planted/subject.ts";
import { CONDITIONS, plantedUnder } from "./conditions.ts";
import { conductTrial } from "./conduct.ts";
import { blocksOf, decisionPlan, primaryOf } from "./design.ts";
import { familyDifferences, tabulate } from "./table.ts";

export interface WordsReport {
  readonly contrast: string;
  readonly trials: number;
  /** Trials whose score is not what the subject decided, as sentences; at most a few. */
  readonly misread: readonly string[];
  readonly misreadCount: number;
  /** Trials that only a judge can score: nothing is said of them here. */
  readonly judged: number;
  /** Chance that the option which stands first scores at the top. */
  readonly firstIsTop: number;
  /** Primary effect of a subject that always takes the first option: 0, or the order of options goes with the arm. */
  readonly firstOptionEffect: number;
}

/** A subject that always takes the first option. */
const FIRST: PlantedModel = { ...BLANK, id: "first", sentence: "takes the first option", positionBias: 1 };
const SHOWN = 3;

/** Run a contrast with words, in this process or behind whatever `open` puts a planted subject. */
export async function validateWords(
  contrast: ContrastPlugin,
  design: Design,
  open: (model: PlantedModel) => ChatSubject = plantedSubject,
): Promise<WordsReport> {
  const { weights } = primaryOf(contrast);
  const all = CONDITIONS.find(({ id }) => id === "all")!;
  const model = plantedUnder(all, contrast, weights, 0.4);
  const misread: string[] = [];
  let judged = 0;
  const trials = await audit(contrast, design, open(model));
  const [low, high] = contrast.range;
  for (const { trial, score } of trials) {
    if (score === undefined) {
      judged++;
      continue;
    }
    const decision = decide(model, decisionPlan(contrast, trial, design.seed));
    const got = score.status === "scored" ? score.value : score.reason;
    const isRight =
      decision.kind === "value"
        ? got === (decision.value === 1 ? high : low)
        : decision.kind === "first"
          ? score.status === "scored"
          : score.status === "missing" && (decision.kind === "malformed" || score.reason === "refusal");
    if (isRight) continue;
    misread.push(`${trial.id}: decided ${decision.kind === "value" ? decision.value : decision.kind}, read as ${got}`);
  }
  const firsts = (await audit(contrast, design, open(FIRST))).flatMap(({ trial, score }): ScoredTrial[] =>
    score === undefined ? [] : [{ ...trial, score }],
  );
  const values = firsts.flatMap(({ score }) => (score.status === "scored" ? score.value : []));
  const { differences } = familyDifferences(tabulate(firsts), weights);
  return {
    contrast: contrast.id,
    trials: trials.length,
    misread: misread.slice(0, SHOWN),
    misreadCount: misread.length,
    judged,
    firstIsTop: values.length === 0 ? 0 : values.filter((value) => value === high).length / values.length,
    firstOptionEffect: differences.length === 0 ? 0 : differences.reduce((a, b) => a + b, 0) / differences.length,
  };
}

/** Every trial with its score; none where only a judge can give one. */
async function audit(contrast: ContrastPlugin, design: Design, subject: ChatSubject) {
  const out: { readonly trial: Omit<ScoredTrial, "score">; readonly score: Score | undefined }[] = [];
  for (const { items, trials } of blocksOf(contrast, design)) {
    for (const trial of trials) {
      const item = items.find(({ id }) => id === trial.item)!;
      const observation = await conductTrial(contrast, item, trial, design.seed, (request, plan) =>
        subject.reply(request, { plan }),
      );
      const score = contrast.score(observation);
      out.push({ trial, score: score.status === "judge" ? undefined : score });
    }
  }
  return out;
}
