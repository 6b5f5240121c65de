/** @file The statistics against reference values computed elsewhere, where those are at hand. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { clopperPearson, wilson } from "../core/intervals.ts";
import { clusteredStandardError } from "./clustered.ts";
import { discordantEValue } from "./e-values.ts";
import { brier, logLoss } from "./forecasts.ts";
import { benjaminiHochberg, holm } from "./multiplicity.ts";
import { mcnemarExact, mcnemarMidP, newcombePaired, type PairedTable } from "./paired.ts";
import { auroc } from "./selective.ts";

const file = new URL("../../../shared/oracles/statistics.json", import.meta.url);

interface Oracles {
  readonly wilson95: readonly { k: number; n: number; ci: [number, number] }[];
  readonly clopper_pearson95: readonly { k: number; n: number; ci: [number, number] }[];
  readonly mcnemar_exact_two_sided: readonly { n10: number; n01: number; p: number }[];
  readonly mcnemar_midp: readonly { n10: number; n01: number; p: number }[];
  readonly newcombe_paired_method10_95: readonly (PairedTable & { diff: number; ci: [number, number] })[];
  readonly discordant_evalue: readonly { n10: number; n01: number; a: number; E: number }[];
  readonly clustered_standard_error: { data: [number, number][]; se_clustered: number; se_naive: number };
  readonly holm: { p: number[]; adjusted: number[] };
  readonly benjamini_hochberg: { p: number[]; adjusted: number[] };
  readonly auroc: { labels: number[]; scores: number[]; auroc: number };
  readonly brier: { p: number[]; y: number[]; brier: number; log_loss: number };
}

describe.skipIf(!existsSync(file))("reference values (skipped where the reference file is not at hand)", () => {
  const known: Oracles = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : ({} as Oracles);

  test("intervals of shares", () => {
    for (const [name, interval] of [
      ["wilson95", wilson],
      ["clopper_pearson95", clopperPearson],
    ] as const) {
      for (const { k, n, ci } of known[name]) {
        const { low, high } = interval(k, n, "items");
        expect(low).toBeCloseTo(ci[0], 10);
        expect(high).toBeCloseTo(ci[1], 10);
      }
    }
  });

  test("McNemar, exact and mid-p", () => {
    for (const each of known.mcnemar_exact_two_sided) expect(mcnemarExact(each)).toBeCloseTo(each.p, 12);
    for (const each of known.mcnemar_midp) expect(mcnemarMidP(each)).toBeCloseTo(each.p, 12);
  });

  test("Newcombe's interval of a paired difference", () => {
    for (const { ci, diff, ...table } of known.newcombe_paired_method10_95) {
      const { mean, low, high } = newcombePaired(table);
      expect(mean).toBeCloseTo(diff, 12);
      expect(low).toBeCloseTo(ci[0], 6);
      expect(high).toBeCloseTo(ci[1], 6);
    }
  });

  test("e-values of discordant pairs", () => {
    for (const { n10, n01, a, E } of known.discordant_evalue)
      expect(discordantEValue(n10, n01, a) / E).toBeCloseTo(1, 10);
  });

  test("clustered standard error", () => {
    const { data, se_clustered, se_naive } = known.clustered_standard_error;
    const [clusters, values] = [data.map(([c]) => c), data.map(([, v]) => v)];
    expect(clusteredStandardError(values, clusters)).toBeCloseTo(se_clustered, 12);
    // Every value its own cluster: the ordinary standard error.
    expect(
      clusteredStandardError(
        values,
        values.map((_, i) => i),
      ),
    ).toBeCloseTo(se_naive, 12);
  });

  test("corrections for the number of tests", () => {
    for (const [i, p] of holm(known.holm.p).entries()) expect(p).toBeCloseTo(known.holm.adjusted[i]!, 12);
    for (const [i, p] of benjaminiHochberg(known.benjamini_hochberg.p).entries()) {
      expect(p).toBeCloseTo(known.benjamini_hochberg.adjusted[i]!, 12);
    }
  });

  test("ranking and proper scores", () => {
    expect(auroc(known.auroc.scores, known.auroc.labels)).toBeCloseTo(known.auroc.auroc, 12);
    expect(brier(known.brier.p, known.brier.y)).toBeCloseTo(known.brier.brier, 12);
    expect(logLoss(known.brier.p, known.brier.y)).toBeCloseTo(known.brier.log_loss, 12);
  });
});
