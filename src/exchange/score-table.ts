/**
 * @file Scores out of other tools' results, in one form: a column is one model (or prompt) under one scorer, a row is
 * one item in one repeat.
 */

/** One score, or why there is none. */
export interface ScoreRow {
  /** The item: equal in two columns where both put the same thing to their model. */
  readonly item: string;
  /** What the item shares its luck with: a paraphrase family, a source text. */
  readonly cluster?: string;
  readonly repeat: number;
  /** Absent where the item could not be scored. */
  readonly value?: number;
}

export interface ScoreColumn {
  /** What was scored: a model, a prompt. */
  readonly label: string;
  /** By which scorer. */
  readonly scorer: string;
  readonly rows: readonly ScoreRow[];
}
