/** @file Mode connectivity of attention layers that take the best step: the gauge has to be fixed. */

import { rng } from "../core/rng.ts";
import { below, defineReference, printed } from "../reference.ts";
import { type AttentionProducts, barrier, fixAttentionScale } from "../theory/geometry/mode-connectivity.ts";
import { sharpness } from "../theory/geometry/sharpness.ts";
import { bestStep, type Contexts, oneStepLoss, uniformInputs } from "../theory/in-context/in-context-gd.ts";

const contexts: Contexts = { law: uniformInputs(0.5), dimensions: 10, examples: 10 };
const { step, loss } = bestStep(contexts);
/** QK = c I on the inputs, VP = −a/c on the target: what the loss sees is their product. */
const inGauge = (c: number): AttentionProducts => ({
  queryKey: Float64Array.from({ length: 121 }, (_, i) => (i % 12 === 0 && i < 120 ? c : 0)),
  valueProjection: Float64Array.from({ length: 121 }, (_, i) => (i === 120 ? -step / c : 0)),
});
const pair = ({ queryKey, valueProjection }: AttentionProducts) => Float64Array.of(queryKey[0]!, valueProjection[120]!);
const lossOf = (at: Float64Array) => oneStepLoss(contexts, -at[0]! * at[1]!);
const share = (a: AttentionProducts, b: AttentionProducts) => barrier(lossOf, pair(a), pair(b)).height / loss;

/** ½ (ab − 1)², one function for every c at (c, 1/c). */
const bilinear = (at: Float64Array) => {
  const rest = at[0]! * at[1]! - 1;
  return { value: 0.5 * rest * rest, gradient: Float64Array.of(rest * at[1]!, rest * at[0]!) };
};
const sharp = (c: number, isAdaptive: boolean) =>
  sharpness(bilinear, Float64Array.of(c, 1 / c), { radius: 0.05, isAdaptive, rng: rng(1) });

export const connectedModes = defineReference({
  id: "connected-modes",
  line: "E0",
  title: "Mode connectivity and sharpness under symmetries",
  source:
    "Frankle et al. 2020, arXiv:1912.05671; gauge QK → c QK, VP → VP/c of linear attention; rescaling: Dinh et al. 2017, arXiv:1703.04933; adaptive: Kwon et al. 2021, arXiv:2102.11600",
  quantities: [
    {
      name: "barrier between optimal attention layers over the loss, gauge fixed",
      published: below(0.01, 2),
      compute: () => share(fixAttentionScale(inGauge(1), 10), fixAttentionScale(inGauge(3), 10)),
      mistakes: [
        { name: "gauge left free, c = 3", compute: () => share(inGauge(1), inGauge(3)) },
        { name: "gauge left free, sign turned", compute: () => share(inGauge(1), inGauge(-1)) },
      ],
    },
    {
      name: "adaptive sharpness after rescaling by 10 over before: 1",
      published: printed("1.00", 0.01),
      compute: () => sharp(10, true) / sharp(1, true),
      mistakes: [{ name: "plain sharpness", compute: () => sharp(10, false) / sharp(1, false) }],
    },
  ],
});
