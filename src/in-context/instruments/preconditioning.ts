/**
 * @file Preconditioning probes: does a stack form (S Sᵀ + I/λ)⁻¹ s_T on its way, S the tokens before the last? A linear
 * probe for every layer regresses it on the last token's activation; one step of descent from there would be ridge
 * regression (Proposition 2).
 *
 * What is explained is compared with a probe on s_T itself, which knows nothing of the context, and with probes on the
 * same layers of an untrained network. 1/λ is the mean eigenvalue of S Sᵀ under the law; a tenth of it stands beside.
 */
import { z } from "zod";
import { clusterRatio } from "../../core/bootstrap.ts";
import { type Estimate, formatEstimate, scored } from "../../core/estimate.ts";
import { mean } from "../../core/stats.ts";
import { decline } from "../../detector.ts";
import { defineInstrument } from "../../in-context.ts";
import { fitRidge, scoreRow } from "../../theory/numerics/linear-fit.ts";
import { inputVariances } from "../contexts.ts";
import { preconditioned } from "../sequences/descent.ts";
import { drawSequences } from "../sequences/draw.ts";

/** Gain over either baseline from which on a stack is said to precondition. Fixed beforehand. */
const GAIN = 0.05;
/** Of the probes, on standardized features: against singular systems alone. */
const PENALTY = 1e-6;

export const preconditioning = defineInstrument({
  id: "in-context-preconditioning",
  title: "Preconditioning probes",
  question: "optimizer",
  asks: "sequences",
  claim: "On its way it conditions the last token by the tokens before, as a solver of least squares would.",
  range: [-Infinity, 1],
  findings: {
    preconditions: `its last layer explains more than s_T and than an untrained network by ${GAIN} of the square, with the whole interval`,
    "does-not": "it does not",
  },
  fails: [
    "A probe shows that something can be read, not that it is used.",
    "Layers of a random network compute functions of the context too; hence that baseline, which is one draw.",
    "Probes of the last token's residual stream can read what any earlier layer left there, so that they hardly fall with depth.",
  ],
  source: "von Oswald et al. 2023, arXiv:2309.05858, section 4 (preconditioning probes)",
  params: z.object({
    contexts: z.int().min(128).default(2048).describe("Sequences that probes are judged on, and as many to fit on."),
  }),
  async measure({ learner, law, rng }, { contexts: count }) {
    if (!learner.sequences) return decline("the learner continues no sequences");
    const d = law.dimensions;
    const both = drawSequences(law, { count: 2 * count, rng: rng.fork("sequences") });
    const twin = learner.sequences.untrained(rng.fork("untrained")).sequences!;
    const { activations } = await learner.sequences.respond(both);
    const untrained = (await twin.respond(both)).activations;
    const layers = activations.length - 1;
    const eigenvalue = (law.examples - 1) * mean(inputVariances(law));
    const measured = [
      { id: "", word: "", ridge: eigenvalue },
      { id: "-sharp", word: ", a tenth of 1/λ", ridge: eigenvalue / 10 },
    ].map((kind) => {
      const target = preconditioned(both, kind.ridge);
      const sizes = rowSquares(target, d).subarray(count);
      const errors = (x: Float32Array) => probeErrors(x, target, { count, d });
      const [none, own, random] = [errors(activations[0]!), activations.map(errors), untrained.map(errors)];
      const ratio = (numerators: Float64Array, label: string): Estimate =>
        clusterRatio(
          { numerators, denominators: sizes },
          {
            clusters: Int32Array.from({ length: count }, (_, i) => i),
            rng: rng.fork(`${label}${kind.id}`),
            resamples: 300,
            unit: "contexts",
          },
        );
      const explained = (error: Float64Array, label: string) =>
        ratio(
          sizes.map((each, i) => each - error[i]!),
          label,
        );
      const gain = (error: Float64Array, from: Float64Array, label: string) =>
        ratio(
          from.map((each, i) => each - error[i]!),
          label,
        );
      return {
        ...kind,
        token: explained(none, "token"),
        own: own.map((each, k) => explained(each, `own ${k}`)),
        random: random.map((each, k) => explained(each, `random ${k}`)),
        overToken: gain(own[layers]!, none, "over token"),
        overRandom: gain(own[layers]!, random[layers]!, "over random"),
      };
    });
    const { own, random, token, overToken, overRandom } = measured[0]!;
    const does = overToken.low > GAIN && overRandom.low > GAIN;
    return {
      reading: scored(overRandom),
      quantities: measured.flatMap((each) => [
        { id: `token${each.id}`, title: `explained by s_T alone${each.word}`, reading: scored(each.token) },
        ...each.own.slice(1).map((value, k) => ({
          id: `layer-${k + 1}${each.id}`,
          title: `explained after layer ${k + 1}${each.word}`,
          reading: scored(value),
        })),
        ...each.random.slice(1).map((value, k) => ({
          id: `untrained-${k + 1}${each.id}`,
          title: `explained after layer ${k + 1} of an untrained network${each.word}`,
          reading: scored(value),
        })),
        { id: `over-token${each.id}`, title: `last layer over s_T${each.word}`, reading: scored(each.overToken) },
        {
          id: `over-untrained${each.id}`,
          title: `last layer over the untrained network's${each.word}`,
          reading: scored(each.overRandom),
        },
      ]),
      finding: does ? "preconditions" : "does-not",
      summary: `Of (S Sᵀ + I/λ)⁻¹ s_T, s_T alone explains ${formatEstimate(token, 3)}, its layers ${own
        .slice(1)
        .map((each) => formatEstimate(each, 3))
        .join(", ")}, and the last layer of an untrained network ${formatEstimate(random[layers]!, 3)}.`,
      evidence: [
        {
          kind: "curve",
          title: "How much of (S Sᵀ + I/λ)⁻¹ s_T a linear probe reads",
          x: { title: "layers applied", scale: "linear" },
          y: { title: "share of the square explained, on other sequences" },
          lines: [
            { label: "this learner", points: own.map((y, x) => ({ x, y })) },
            { label: "untrained network", points: random.map((y, x) => ({ x, y })) },
          ],
        },
      ],
    };
  },
});

/** ‖·‖² of the rows. */
function rowSquares(values: Float64Array, d: number): Float64Array {
  const out = new Float64Array(values.length / d);
  for (let i = 0; i < values.length; i++) out[Math.floor(i / d)]! += values[i]! ** 2;
  return out;
}

/** ‖target − probe‖² of the second half of the rows, probes fitted on the first, `[count]`. */
function probeErrors(
  x: Float32Array,
  target: Float64Array,
  { count, d }: { readonly count: number; readonly d: number },
): Float64Array {
  const features = x.length / (2 * count);
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  const out = new Float64Array(count);
  const score = new Float64Array(1);
  for (let k = 0; k < d; k++) {
    const wanted = Float64Array.from({ length: 2 * count }, (_, row) => target[row * d + k]!);
    const fit = fitRidge({ x, features, rows }, wanted, [PENALTY])[0]!;
    for (let i = 0; i < count; i++) {
      scoreRow(fit, x, count + i, score);
      out[i]! += (wanted[count + i]! - score[0]!) ** 2;
    }
  }
  return out;
}
