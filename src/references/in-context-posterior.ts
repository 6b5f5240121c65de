/** @file What can be known in context at best: ridge regression, the posterior over a finite set of tasks, and bits. */
import { rng } from "../core/rng.ts";
import { defineReference, once, printed, type Quantity } from "../reference.ts";
import { finiteSetErrors, posteriorErrors } from "../theory/in-context/in-context-posterior.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";

const sequences = { dimensions: 8, length: 16, noise: 0.25 };
const found = once(() => posteriorErrors({ ...sequences, sequences: 2000, rng: rng(1) }));

const normals = (n: number, seed: number) => {
  const random = rng(seed);
  return Float64Array.from({ length: n }, () => random.normal());
};

const BY_POSITION = "8.28 7.33 6.30 5.36 4.50 3.69 2.89 2.22 1.72 1.31 1.05 0.883 0.756 0.675 0.593 0.546".split(" ");

const position = (k: number): Quantity => ({
  name: `ridge after ${k} examples`,
  // Published from some thousand sequences.
  published: printed(BY_POSITION[k]!, 0.03 * Number(BY_POSITION[k]) + 0.01),
  compute: () => found().byPosition[k]!,
});

const finite = (tasks: number, sets: number, onTrained: string, onNew: string): Quantity[] => {
  const errors = once(() =>
    Array.from({ length: sets }, (_, seed) =>
      finiteSetErrors({ ...sequences, tasks: normals(tasks * 8, 100 + seed), sequences: 150, rng: rng(seed) }),
    ),
  );
  const share = tasks === 4 ? 0.4 : 0.15;
  const note = tasks === 4 ? "One set of tasks was published, to 15 %; sets of 4 tasks differ by more." : undefined;
  const shared = { isSlow: tasks > 256, ...(note === undefined ? {} : { note }) };
  return [
    {
      name: `posterior over ${tasks} tasks, on them`,
      published: printed(onTrained, share * Number(onTrained)),
      compute: () => sampledMean(errors().map((each) => each.onTrained.mean)),
      ...shared,
    },
    {
      name: `posterior over ${tasks} tasks, on new ones`,
      published: printed(onNew, share * Number(onNew)),
      compute: () => sampledMean(errors().map((each) => each.onNew.mean)),
      mistakes: [{ name: "ridge on new tasks", compute: () => found().meanPerDimension }],
      ...shared,
    },
  ];
};

export const inContextPosterior = defineReference({
  id: "in-context-posterior",
  line: "E5",
  title: "What can be known in context at best",
  source:
    "Raventós et al. 2023, arXiv:2306.15063 (setting); errors at d = 8, K = 16, σ² = 0.25, noise of the targets included, by simulation of 2,000 to 40,000 sequences",
  quantities: [
    {
      name: "ridge, mean over positions and dimensions",
      published: printed("0.3758", 0.003),
      compute: () => found().meanPerDimension,
      mistakes: [
        {
          name: "σ for σ²",
          compute: () => posteriorErrors({ ...sequences, noise: 0.5, sequences: 500, rng: rng(1) }).meanPerDimension,
        },
        { name: "targets without their noise", compute: () => found().meanPerDimension.mean - 0.25 / 8 },
      ],
    },
    {
      name: "information of a context about the task, bits",
      published: printed("22.18", 0.15),
      compute: () => found().bits,
      mistakes: [
        { name: "nats", compute: () => found().bits.mean * Math.LN2 },
        { name: "the determinant without its half", compute: () => found().bits.mean * 2 },
      ],
    },
    ...BY_POSITION.map((_, k) => position(k)),
    ...finite(4, 24, "0.127", "1.78"),
    ...finite(16, 8, "0.153", "1.19"),
    ...finite(64, 4, "0.186", "0.887"),
    ...finite(256, 2, "0.219", "0.744"),
    ...finite(1024, 2, "0.254", "0.639"),
    ...finite(4096, 2, "0.290", "0.558"),
  ],
});
