/**
 * @file Identification: which algorithm answers as the learner does? The squared prediction difference
 *
 *     SPD(A, B) = E (ŷ_A − ŷ_B)²
 *
 * to every candidate, on contexts apart from those on which the candidates' free parameters were fitted to the learner.
 * Named is the simplest candidate that leaves less than 2 % of E target² unexplained; a candidate that contains another
 * is named only where the smaller one does not do. The headline is the margin: the least SPD of the candidates that are
 * not nested with the named one, over its own.
 */
import { z } from "zod";
import { clusterBootstrap } from "../../core/bootstrap.ts";
import { formatEstimate, scored, unscored } from "../../core/estimate.ts";
import { mean } from "../../core/stats.ts";
import { defineInstrument } from "../../in-context.ts";
import { candidates } from "../candidates.ts";
import { drawContexts } from "../contexts.ts";
import { areNested, EXPLAINED, MARGIN, marginOf, nameOf, namingFindings } from "../naming.ts";
import { overContexts } from "../over-contexts.ts";

export const identification = defineInstrument({
  id: "in-context-identification",
  title: "Which algorithm it is",
  question: "optimizer",
  claim: "One known algorithm answers as it does, and every other is at least ten times as far away.",
  range: [0, Infinity],
  findings: namingFindings(candidates),
  fails: [
    "Only the candidates listed are told apart: an algorithm that is not among them is `none`, or its nearest neighbor.",
    "On inputs of equal variance plain and preconditioned descent are the same, and only the plain one is named.",
    "In distribution alone: agreement here is no agreement on other inputs, which the shift instrument asks for.",
  ],
  source: "Akyürek et al. 2023, arXiv:2211.15661, section 4 (squared prediction difference)",
  params: z.object({
    contexts: z.int().min(256).default(4096).describe("Contexts judged, and as many to fit on, of a new task each."),
    resamples: z.int().min(100).default(300).describe("Bootstrap resamples of contexts."),
  }),
  async measure({ learner, law, rng }, { contexts: count, resamples }) {
    const fitting = drawContexts(law, { count, rng: rng.fork("fitting") });
    const judged = drawContexts(law, { count, rng: rng.fork("judged") });
    const onFitting = (await learner.respond(fitting)).predictions;
    const { predictions } = await learner.respond(judged);
    const compared = candidates.map((candidate) => {
      const fitted = candidate.fit(fitting, onFitting, law);
      const answers = fitted.answers(judged);
      return { candidate, fitted, squares: predictions.map((each, i) => (each - answers[i]!) ** 2) };
    });
    const scale = mean(judged.target.map((each) => each * each));
    const spd = compared.map(({ squares }) => overContexts(squares, [0, Infinity]));
    const shares = spd.map(({ mean: each }) => each / scale);
    const named = nameOf(candidates, shares);
    const table = compared.map(({ candidate: { id, title }, fitted }, i) => ({
      id: `spd-${id}`,
      title: `squared prediction difference to ${title}${fitted.setting === "" ? "" : ` (${fitted.setting})`}`,
      reading: scored(spd[i]!),
    }));
    const bars = {
      kind: "bars" as const,
      title: "Squared prediction difference to each algorithm",
      axis: "E (ŷ − ŷ of the algorithm)², its parameters fitted on other contexts",
      bars: compared.map(({ candidate: { title } }, i) => ({ label: title, reading: scored(spd[i]!) })),
    };
    if (named === undefined) {
      const nearest = shares.indexOf(Math.min(...shares));
      const reason = `no candidate leaves less than ${EXPLAINED} of the targets' variance unexplained; the nearest, ${candidates[nearest]!.title}, leaves ${shares[nearest]!.toFixed(3)}`;
      return {
        reading: unscored(reason),
        quantities: table,
        finding: "none",
        summary: `Nothing is named: ${reason}.`,
        evidence: [bars],
      };
    }
    const rivals = compared.filter(({ candidate }) => !areNested(candidate, candidates[named]!));
    const margin = marginOf(
      compared[named]!.squares,
      rivals.map(({ squares }) => squares),
    );
    const own = compared[named]!;
    const estimate = clusterBootstrap({
      clusters: Int32Array.from({ length: count }, (_, i) => i),
      statistic: margin,
      rng: rng.fork("resamples"),
      resamples,
      unit: "contexts",
    });
    const isClear = estimate.low > MARGIN;
    const nested = compared.flatMap(({ candidate }, i) =>
      i !== named && areNested(candidate, own.candidate) && shares[i]! < EXPLAINED ? [candidate.title] : [],
    );
    return {
      reading: scored(estimate),
      quantities: [
        ...table,
        {
          id: "unexplained",
          title: "share of the targets' variance that the named one leaves",
          reading: scored({
            ...spd[named]!,
            mean: shares[named]!,
            low: spd[named]!.low / scale,
            high: spd[named]!.high / scale,
          }),
        },
      ],
      finding: isClear ? own.candidate.id : "ambiguous",
      summary: `It answers as ${own.candidate.title}${own.fitted.setting === "" ? "" : ` (${own.fitted.setting})`}: the next candidate that is not nested with it is ${formatEstimate(estimate, 0)} times as far away.${
        nested.length === 0 ? "" : ` On these inputs ${nested.join(" and ")} cannot be told from it.`
      }`,
      evidence: [bars],
    };
  },
});
