/**
 * @file Every detector on trained organisms of known making: what is high in its
 * calibration reads above what is low, and what has no skill is declined. The
 * organisms are small enough to be grown here.
 */
import { beforeAll, describe } from "vitest";
import { detectors } from "../src/detectors/index.ts";
import { writeRecipe } from "../src/lab/lab.ts";
import { openSubject } from "../src/lab/subjects.ts";
import { openExecutor } from "../src/tensor/index.ts";
import { calibrationContract, detectorContract, type Specimen } from "./contracts/detector.ts";
import { grownFile } from "./grown.ts";

/** Enough to be competent; the world's own budget where absent. */
const FRAMES: Readonly<Record<string, number>> = { aligned: 500_000, misgeneralized: 500_000 };

/** Smaller than by default, and competent: organisms that are costly to train. */
const PARAMS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "tied-reflex": { channels: 12, updates: 400, batch: 64, fewest: 4, most: 6 },
};

const grown = new Map<string, Promise<Specimen>>();

function specimen(env: string, organism: string): Promise<Specimen> {
  const key = `${env}/${organism}`;
  let found = grown.get(key);
  if (!found) {
    found = grow(env, organism);
    grown.set(key, found);
  }
  return found;
}

async function grow(env: string, organism: string): Promise<Specimen> {
  const { executor } = await openExecutor("native");
  const frames = FRAMES[organism];
  const params = PARAMS[organism] ?? {};
  const spec = writeRecipe(organism, env, { seed: 7, params, ...(frames === undefined ? {} : { frames }) });
  const file = await grownFile(spec, executor);
  const { subject, world, untrained, enlarged } = await openSubject(file, spec.task, executor, { seed: 7 });
  return { subject, world, ...(untrained ? { untrained } : {}), ...(enlarged ? { enlarged } : {}) };
}

describe("calibration on trained organisms", () => {
  const wanted = new Set(
    detectors.flatMap(({ calibration: { env, high, low, unscored } }) =>
      [...high, ...low, ...unscored].map((organism) => `${env}/${organism}`),
    ),
  );
  beforeAll(async () => {
    for (const each of wanted) await specimen(...(each.split("/") as [string, string]));
  }, 120_000);

  for (const detector of detectors) {
    // The rest of the contract is checked on scripts where scripts can stand in: where acting is enough.
    const isScripted = detector.access.every((each) => each === "act");
    if (isScripted) describe(detector.id, () => calibrationContract(detector, specimen));
    else detectorContract(detector, specimen);
  }
});
