/**
 * @file Which algorithm continues a sequence, and how well: one answer after the last token, compared with algorithms on
 * the pairs (s_j, s_{j+1}) that were shown. The squared prediction difference is that of `in-context-identification`,
 * summed over coordinates; what candidates have free is fitted to the learner on sequences apart.
 *
 * Two readings. The headline is how far the next algorithm is; the quantities have how much of the error is removed,
 * which no answer to the first settles: one step of descent is far from solving the task.
 */
import { z } from "zod";
import { clusterBootstrap } from "../../core/bootstrap.ts";
import { formatEstimate, scored, unscored } from "../../core/estimate.ts";
import { mean } from "../../core/stats.ts";
import { decline } from "../../detector.ts";
import { defineInstrument } from "../../in-context.ts";
import { rowCosines } from "../algorithms.ts";
import { areNested, EXPLAINED, MARGIN, marginOf, nameOf, namingFindings } from "../naming.ts";
import { overContexts } from "../over-contexts.ts";
import { sequenceCandidates } from "../sequences/candidates.ts";
import { descentDirections } from "../sequences/descent.ts";
import { drawSequences, lastOf, lastTargets } from "../sequences/draw.ts";

export const nextToken = defineInstrument({
  id: "in-context-next-token",
  title: "How it continues a sequence",
  question: "optimizer",
  asks: "sequences",
  claim: "One known algorithm continues sequences as it does, and every other is at least ten times as far away.",
  range: [0, Infinity],
  findings: namingFindings(sequenceCandidates),
  fails: [
    "Only the candidates listed are told apart: several steps of descent are not among them, and read `none`.",
    "Only the answer after the last token is judged, where the most pairs have been seen.",
  ],
  source: "von Oswald et al. 2023, arXiv:2309.05858, proposition 1; Zheng et al. 2024 for its limit",
  params: z.object({
    contexts: z.int().min(128).default(2048).describe("Sequences judged, and as many to fit on."),
  }),
  async measure({ learner, law, rng }, { contexts: count }) {
    if (!learner.sequences) return decline("the learner continues no sequences");
    const fitting = drawSequences(law, { count, rng: rng.fork("fitting") });
    const judged = drawSequences(law, { count, rng: rng.fork("judged") });
    const onFitting = lastOf((await learner.sequences.respond(fitting)).predictions, fitting);
    const answers = lastOf((await learner.sequences.respond(judged)).predictions, judged);
    const d = law.dimensions;
    const compared = sequenceCandidates.map((candidate) => {
      const fitted = candidate.fit(fitting, onFitting, law);
      return { candidate, fitted, squares: squaredDistances(answers, fitted.answers(judged), d) };
    });
    const target = lastTargets(judged);
    const sizes = squaredDistances(target, new Float64Array(target.length), d);
    const scale = mean(sizes);
    const shares = compared.map(({ squares }) => mean(squares) / scale);
    const clusters = Int32Array.from({ length: count }, (_, i) => i);
    const sumOver = (values: Float64Array, items: Int32Array) => items.reduce((sum, i) => sum + values[i]!, 0);
    const estimate = (statistic: (items: Int32Array) => number, label: string) =>
      clusterBootstrap({ clusters, statistic, rng: rng.fork(label), resamples: 300, unit: "contexts" });
    const removed = (given: Float64Array, label: string) => {
      const errors = squaredDistances(given, target, d);
      return estimate((items) => 1 - sumOver(errors, items) / sumOver(sizes, items), label);
    };
    const best = (id: string) =>
      sequenceCandidates.find((each) => each.id === id)!.fit(fitting, lastTargets(fitting), law);
    const [own, one, ridge] = [
      removed(answers, "own"),
      removed(best("gradient-descent").answers(judged), "one step"),
      removed(best("ridge").answers(judged), "ridge"),
    ];
    const cosine = overContexts(rowCosines(answers, descentDirections(judged), d), [-1, 1]);
    const quantities = [
      ...compared.map(({ candidate, fitted, squares }) => ({
        id: `spd-${candidate.id}`,
        title: `squared prediction difference to ${candidate.title}${fitted.setting && ` (${fitted.setting})`}`,
        reading: scored(overContexts(squares, [0, Infinity])),
      })),
      {
        id: "cosine",
        title: "cosine of its answer with that of one step of gradient descent",
        reading: scored(cosine),
      },
      {
        id: "loss",
        title: "½ MSE after the last token",
        reading: scored(overContexts(squaredDistances(answers, target, d).map((each) => each / (2 * d)))),
      },
      { id: "removed", title: "share of the error of answering 0 that it removes", reading: scored(own) },
      { id: "one-step", title: "share that the best single step of gradient descent removes", reading: scored(one) },
      { id: "ridge", title: "share that ridge regression on the pairs shown removes", reading: scored(ridge) },
    ];
    const solves = `It removes ${formatEstimate(own, 3)} of the error of answering 0, where the best step of gradient descent removes ${formatEstimate(one, 3)} and ridge regression ${formatEstimate(ridge, 3)}.`;
    const evidence = [
      {
        kind: "bars" as const,
        title: "Squared prediction difference to each algorithm",
        axis: "E ‖ŝ − ŝ of the algorithm‖², its parameters fitted on other sequences",
        bars: compared.map(({ candidate: { title }, squares }) => ({
          label: title,
          reading: scored(overContexts(squares, [0, Infinity])),
        })),
      },
    ];
    const at = nameOf(sequenceCandidates, shares);
    if (at === undefined) {
      const nearest = shares.indexOf(Math.min(...shares));
      const reason = `no candidate leaves less than ${EXPLAINED} of the targets' square unexplained; the nearest, ${compared[nearest]!.candidate.title}, leaves ${shares[nearest]!.toFixed(3)}`;
      return {
        reading: unscored(reason),
        quantities,
        finding: "none",
        summary: `Nothing is named: ${reason}. ${solves}`,
        evidence,
      };
    }
    const named = compared[at]!;
    const rivals = compared.filter(({ candidate }) => !areNested(candidate, named.candidate));
    const margin = estimate(
      marginOf(
        named.squares,
        rivals.map(({ squares }) => squares),
      ),
      "margin",
    );
    return {
      reading: scored(margin),
      quantities,
      finding: margin.low > MARGIN ? named.candidate.id : "ambiguous",
      summary: `It answers as ${named.candidate.title}${named.fitted.setting && ` (${named.fitted.setting})`}: the next candidate that is not nested with it is ${formatEstimate(margin, 0)} times as far away. ${solves}`,
      evidence,
    };
  },
});

/** ‖a − b‖² of the rows, `[count]`. */
function squaredDistances(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const out = new Float64Array(a.length / d);
  for (let i = 0; i < a.length; i++) out[Math.floor(i / d)]! += (a[i]! - b[i]!) ** 2;
  return out;
}
