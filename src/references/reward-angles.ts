/** @file Normalized drop heights by the angle between proxy and truth, and hackability of pairs of rewards. */
import { type Rng, rng } from "../core/rng.ts";
import { between, defineReference, once, printed, type Quantity } from "../reference.ts";
import {
  discordance,
  dropHeight,
  normalDiscordance,
  pressurePath,
  randomMdp,
  rewardAtAngle,
} from "../theory/goodhart/hackability.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";

const ANGLES = [15, 30, 45, 60, 75, 90, 105, 120, 135];
const OFTEN = "0.075 0.24 0.24 0.41 0.41 0.61 0.81 0.98 1.0".split(" ");
const FAR = "0.002 0.008 0.008 0.020 0.026 0.056 0.121 0.226 0.330".split(" ");
const GAIN = "0.44 0.38 0.32 0.21 0.12 0.005 -0.11 -0.23 -0.33".split(" ");
const COUNT = 160;
const normals = (random: Rng, n: number) => Float64Array.from({ length: n }, () => random.normal());

/** Drop height and gain of the true return, `[angle][problem]`. */
const sweep = once(() => {
  const betas = Array.from({ length: 11 }, (_, i) => 0.1 * 1580 ** (i / 10));
  const drops = ANGLES.map(() => new Float64Array(COUNT));
  const gains = ANGLES.map(() => new Float64Array(COUNT));
  for (let m = 0; m < COUNT; m++) {
    const random = rng(100 + m);
    const mdp = randomMdp({ states: 10, actions: 3, gamma: 0.9, concentration: 0.3 }, random);
    const [truth, other] = [normals(random, 30), normals(random, 30)];
    for (const [k, degrees] of ANGLES.entries()) {
      // As long as 30 standard normal entries are.
      const proxy = rewardAtAngle(mdp, truth, other, (degrees * Math.PI) / 180).map((each) => Math.sqrt(30) * each);
      const path = pressurePath(mdp, { truth, proxy }, betas).truth;
      drops[k]![m] = dropHeight(path);
      gains[k]![m] = path.at(-1)! - path[0]!;
    }
  }
  return { drops, gains };
});

/** Steps from one angle to the next at which prevalence falls by more than two problems of 160. */
const reversals = (prevalence: readonly number[]) =>
  prevalence.filter((each, k) => k > 0 && each < prevalence[k - 1]! - 2 / COUNT).length;
const prevalence = () => sweep().drops.map((each) => each.filter((drop) => drop > 0.01).length / COUNT);

const row = (k: number): Quantity[] => {
  const p = Math.min(0.98, Math.max(0.02, Number(OFTEN[k])));
  return [
    {
      name: `${ANGLES[k]}°: share of problems with a drop above 0.01`,
      published: printed(OFTEN[k]!, 3 * Math.sqrt((2 * p * (1 - p)) / COUNT)),
      compute: () => sampledMean(sweep().drops[k]!.map((drop) => (drop > 0.01 ? 1 : 0))),
    },
    {
      name: `${ANGLES[k]}°: mean drop`,
      published: printed(FAR[k]!, 0.025),
      compute: () => sampledMean(sweep().drops[k]!),
    },
    {
      name: `${ANGLES[k]}°: mean gain of the true return`,
      published: printed(GAIN[k]!, 0.1),
      compute: () => sampledMean(sweep().gains[k]!),
    },
  ];
};

export const rewardAngles = defineReference({
  id: "reward-angles",
  line: "E12",
  title: "The true return while a proxy at an angle is optimized",
  source:
    "Karwowski et al. 2024, arXiv:2310.09144; 160 random problems of 10 states and 3 actions, soft-optimal path; two samples of 160 set the tolerances",
  quantities: [
    {
      name: "reversals of prevalence over nine angles: it is monotone",
      published: printed("0"),
      compute: () => reversals(prevalence()),
      mistakes: [{ name: "angles taken from the proxy's opposite", compute: () => reversals(prevalence().reverse()) }],
    },
    {
      name: "90°: mean gain in standard errors, 0",
      published: between(-3, 3, 1),
      compute: () => {
        const { mean, standardError } = sampledMean(sweep().gains[5]!);
        return mean / standardError;
      },
      mistakes: [
        {
          name: "75° taken for 90°",
          compute: () => {
            const { mean, standardError } = sampledMean(sweep().gains[4]!);
            return mean / standardError;
          },
        },
      ],
    },
    ...ANGLES.flatMap((_, k) => row(k)),
    ...(
      [
        [0.5, "0.3333"],
        [0.9, "0.1436"],
      ] as const
    ).map(
      ([rho, digits]): Quantity => ({
        name: `share of pairs that disagree, normal returns with correlation ${rho}: arccos(ρ)/π`,
        published: printed(digits),
        compute: () => normalDiscordance(rho),
        mistakes: [{ name: "(1 − ρ)/2", compute: () => (1 - rho) / 2 }],
      }),
    ),
    {
      name: "the same from 700 policies, ρ = 0.5",
      published: printed("0.3333", 0.04),
      compute: () => {
        const random = rng(1);
        const first = normals(random, 700);
        return discordance(
          first,
          first.map((each) => 0.5 * each + Math.sqrt(0.75) * random.normal()),
        );
      },
    },
  ],
});
