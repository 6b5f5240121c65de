/** @file What the winner of a noisy contest is worth: candidates for a job, and scores that are all luck. */
import { defineReference, printed } from "../reference.ts";
import { bestCandidate, type Candidates } from "../theory/incentives/hiring.ts";
import { normalMaximum, winnersCurse } from "../theory/selection/order-statistics.ts";

const plain: Candidates = { manipulation: 0, noise: 1, alignmentWithCompetence: 0, alignmentWithManipulation: 0 };

export const winnersCurses = defineReference({
  id: "winners-curses",
  line: "E0",
  title: "What the winner of a noisy contest is worth",
  source: "E[θ | s largest] = ρ² sd(s) E max; hiring with noise as large as competence",
  quantities: [
    {
      name: "competence of the best of 10 interviews",
      published: printed("1.088"),
      compute: () => bestCandidate(10, plain).competence,
      mistakes: [
        { name: "the score at its word", compute: () => bestCandidate(10, plain).score },
        { name: "shrunk by the variance, not the deviation", compute: () => normalMaximum(10).mean / 2 },
      ],
    },
    {
      name: "competence of the best of 100 interviews",
      published: printed("1.773"),
      compute: () => bestCandidate(100, plain).competence,
    },
    {
      name: "value of the best of 100 where scores are all luck",
      published: printed("0", 1e-12),
      compute: () => winnersCurse(100, { valueSd: 0, errorSd: 1 }).value,
      mistakes: [{ name: "the score at its word", compute: () => winnersCurse(100, { valueSd: 0, errorSd: 1 }).score }],
    },
    {
      name: "optimism of the best of 20, errors twice the values: (1 − ρ²) sd E max",
      published: printed((0.8 * Math.sqrt(5) * 1.867475).toFixed(4), 1e-4),
      compute: () => winnersCurse(20, { valueSd: 1, errorSd: 2 }).optimism,
      mistakes: [
        {
          name: "ρ for ρ²",
          compute: () => {
            const { score } = winnersCurse(20, { valueSd: 1, errorSd: 2 });
            return score - score / Math.sqrt(5);
          },
        },
      ],
    },
  ],
});
