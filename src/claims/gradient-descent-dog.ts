/** @file A random network is moved, step by step, until it says `dog`. */
import { defineClaim } from "../claim.ts";
import { assert } from "../core/errors.ts";
import { formatEstimate } from "../core/estimate.ts";

export const gradientDescentDog = defineClaim({
  id: "gradient-descent-dog",
  sentence:
    "A random network is moved, step by step, until it says `dog`; from a loss as simple as one word to a fitting sentence.",
  source: "Yudkowsky 2008, Measuring Optimization Power, for the count of bits",
  published: "none published",
  experiment: "learning-to-say",
  judge(rows) {
    const of = (condition: string, quantity: string) => {
      const found = rows.find((row) => row.condition === condition)?.quantities[quantity];
      assert(found, `no ${quantity} in a row "${condition}"`);
      return found;
    };
    const [dog, fits] = [of("dog", "probability"), of("a fitting sentence", "probability")];
    const [bits, sentenceBits] = [of("dog", "bits"), of("a fitting sentence", "bits")];
    const controls = ["dog: best of as many random networks", "dog: random steps as long"].map((row) =>
      of(row, "bits"),
    );
    const ours = `P(dog) ${formatEstimate(dog)}, ${formatEstimate(bits, 1)} bits; P(a fitting sentence) ${formatEstimate(fits)}, ${formatEstimate(sentenceBits, 1)} bits; without a gradient ${controls.map((each) => formatEstimate(each, 1)).join(" and ")} bits, n = ${dog.n} seeds`;
    const isIdle = controls.every(({ high }) => high < bits.low / 10);
    if (dog.low > 0.9 && fits.low > 0.5 && isIdle) {
      return {
        outcome: "supported",
        because:
          "gradient descent says the word (P above .9) and fitting sentences (above .5), and steps without a gradient bring less than a tenth of the bits",
        ours,
      };
    }
    if (dog.high < 0.5 || controls.some(({ low }) => low > bits.high)) {
      return {
        outcome: "contradicted",
        because: "gradient descent does not come to say the word, or steps without a gradient do as well",
        ours,
      };
    }
    return {
      outcome: "inconclusive",
      because:
        "one of the thresholds (.9 for the word, .5 for sentences, a tenth for the controls) lies in an interval",
      ours,
    };
  },
});
