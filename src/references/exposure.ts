/** @file Exposure of canaries: the reference implementation's test, and the null that is not 0. */
import { defineReference, printed, type Quantity } from "../reference.ts";
import { exactExposure, rankedExposure } from "../theory/memorization/exposure.ts";
import { referenceBits } from "../theory/selection/optimization-power.ts";

const references = Array.from({ length: 16 }, (_, i) => i + 1);

/** @param better references that are more likely than the canary */
const canary = (perplexity: number, better: number, digits: string): Quantity => ({
  name: `perplexity ${perplexity} among references 1 to 16, bits`,
  published: printed(digits),
  compute: () => rankedExposure(perplexity, references).bits,
  mistakes: [
    ...(better > 0
      ? [
          { name: "ranks from 0", compute: () => Math.log2(16 / better) },
          { name: "nats", compute: () => Math.log(16 / (better + 1)) },
        ]
      : [{ name: "nats", compute: () => Math.log(16) }]),
    { name: "the canary counted among the references", compute: () => Math.log2(17 / (better + 1)) },
  ],
});

export const exposure = defineReference({
  id: "exposure",
  line: "E6",
  title: "Exposure of canaries",
  source:
    "Carlini et al. 2019, The Secret Sharer, arXiv:1802.08232; test of the reference implementation, tensorflow/privacy, privacy_tests/secret_sharer",
  quantities: [
    canary(0, 0, "4"),
    canary(0.1, 0, "4"),
    canary(3.5, 3, "2"),
    canary(20, 16, "-0.0874628"),
    {
      name: "mean over canaries that were never inserted, bits: log₂ e",
      published: printed("1.4427", 0.01),
      compute: () => {
        const space = Float64Array.from({ length: 1024 }, (_, i) => (i * 389) % 1024);
        return space.reduce((sum, _, i) => sum + exactExposure(space, i), 0) / 1024;
      },
      mistakes: [{ name: "a control taken to have 0 bits", compute: () => 0 }],
      note: "log₂ e is the limit of a large space; of 1,024 sequences it is 1.436.",
    },
    {
      name: "the same, by ranks in a sample of 10⁶",
      published: printed("1.4427"),
      compute: () => referenceBits(1_000_000),
    },
  ],
});
