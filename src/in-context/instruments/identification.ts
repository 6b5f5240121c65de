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
import { resample } from "../../core/bootstrap.ts";
import { type Estimate, formatEstimate, scored, unscored } from "../../core/estimate.ts";
import { mean, quantile } from "../../core/stats.ts";
import { defineInstrument } from "../../in-context.ts";
import { type Candidate, candidates } from "../candidates.ts";
import { drawContexts } from "../contexts.ts";
import { overContexts } from "../over-contexts.ts";

/** Share of E target² that a candidate may leave unexplained and still be named. Fixed beforehand. */
const EXPLAINED = 0.02;
/** Least margin over the candidates that are not nested with the named one. Of the acceptance list. */
const MARGIN = 10;

export const identification = defineInstrument({
  id: "in-context-identification",
  title: "Which algorithm it is",
  question: "optimizer",
  claim: "One known algorithm answers as it does, and every other is at least ten times as far away.",
  range: [0, Infinity],
  findings: {
    ...Object.fromEntries(candidates.map(({ id, title }) => [id, `it answers as this does: ${title}`])),
    ambiguous: `a candidate answers as it does, and one that is not nested with it is less than ${MARGIN} times as far away`,
    none: "no candidate answers as it does",
  },
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
    const named = nameOf(shares);
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
    const value: Estimate = { ...margin(Int32Array.from({ length: count }, (_, i) => i)), n: count, unit: "contexts" };
    const { values } = resample({
      clusters: Int32Array.from({ length: count }, (_, i) => i),
      statistic: (items) => margin(items).mean,
      rng: rng.fork("resamples"),
      resamples,
    });
    const estimate: Estimate = {
      ...value,
      low: Math.min(value.mean, quantile(values, 0.025)),
      high: Math.max(value.mean, quantile(values, 0.975)),
    };
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

/** The first candidate that explains enough and contains no other that does. */
function nameOf(shares: readonly number[]): number | undefined {
  const does = shares.map((share) => share < EXPLAINED);
  const index = (id: string) => candidates.findIndex((candidate) => candidate.id === id);
  const fit = candidates.flatMap(({ contains }, i) => (does[i] && !contains.some((id) => does[index(id)]) ? [i] : []));
  return fit.length === 0 ? undefined : fit.reduce((a, b) => (shares[b]! < shares[a]! ? b : a));
}

const areNested = (a: Candidate, b: Candidate): boolean =>
  a === b || a.contains.includes(b.id) || b.contains.includes(a.id);

/** Least mean of the rivals' squares over the mean of the named one's, on a multiset of contexts. */
function marginOf(own: Float64Array, rivals: readonly Float64Array[]) {
  return (items: Int32Array): { readonly mean: number; readonly low: number; readonly high: number } => {
    let below = 0;
    const above = new Float64Array(rivals.length);
    for (const i of items) {
      below += own[i]!;
      for (let r = 0; r < rivals.length; r++) above[r]! += rivals[r]![i]!;
    }
    // Answers that are equal to the last bit leave no denominator; float32 answers differ by about 1e-8 of their size.
    const margin = Math.min(...above) / Math.max(below, 1e-16 * items.length);
    return { mean: margin, low: margin, high: margin };
  };
}
