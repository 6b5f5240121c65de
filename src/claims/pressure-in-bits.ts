/** @file Optimization pressure needs no intent: one ledger for a thermostat, data, training, search and selection. */
import { defineClaim } from "../claim.ts";
import { formatEstimate } from "../core/estimate.ts";

export const pressureInBits = defineClaim({
  id: "pressure-in-bits",
  sentence:
    "Optimization pressure needs no intent: a thermostat and the selection of seeds press as training does, in bits.",
  source: "Yudkowsky 2008, Measuring Optimization Power; Gao et al. 2023, arXiv:2210.10760",
  published: "none published on one axis",
  experiment: "pressure-ledger",
  judge(rows) {
    const lines = rows.map(({ condition, quantities }) => ({
      condition,
      kl: quantities.kl!,
      gain: quantities.proxyGain!,
      perBit: quantities.gainPerBit!,
    }));
    const ours = `KL bits and gain a bit: ${lines
      .map(({ condition, kl, perBit }) => `${condition} ${formatEstimate(kl, 1)}, ${formatEstimate(perBit)}`)
      .join("; ")}; n = ${lines[0]!.kl.n} seeds`;
    const presses = ({ kl, gain }: (typeof lines)[number]) => kl.low > 0 && Number.isFinite(kl.high) && gain.low > 0;
    const idle = lines.filter((line) => !presses(line)).map(({ condition }) => condition);
    if (idle.length === 0) {
      const rates = lines.map(({ perBit }) => perBit.mean);
      return {
        outcome: "supported",
        because: `every line has bits and a gain, those without an intent included; a bit buys from ${Math.min(...rates).toFixed(2)} to ${Math.max(...rates).toFixed(2)} deviations, so bits alone do not say what was gained`,
        ours,
      };
    }
    const intentless = lines.filter(({ condition }) => condition === "thermostat" || condition === "best of n seeds");
    if (intentless.some(({ kl, gain }) => kl.high <= 0 || gain.high <= 0)) {
      return { outcome: "contradicted", because: `without an intent nothing is gained: ${idle.join(", ")}`, ours };
    }
    return { outcome: "inconclusive", because: `no sure bits or gain: ${idle.join(", ")}`, ours };
  },
});
