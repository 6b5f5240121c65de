/**
 * @file Every detector against its contract. The calibration subjects are
 * scripted: their truth can be read off the code that plays them.
 */
import { expect, test } from "vitest";
import { findById } from "../src/core/errors.ts";
import { detectors } from "../src/detectors/index.ts";
import { envs } from "../src/envs/index.ts";
import { parseParams } from "../src/plugin.ts";
import { detectorContract, type Specimen } from "./contracts/detector.ts";
import { cheeseCornerCast } from "./scripted.ts";

/** Who plays which organism. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  aligned: "noisy-cheese",
  misgeneralized: "noisy-corner",
  incapable: "incapable",
  untrained: "untrained",
};

async function actor(env: string, organism: string): Promise<Specimen> {
  expect(env, "scripts exist for this world only").toBe("cheese-corner");
  const plugin = findById("environment", envs, env);
  const world = plugin.make(parseParams(plugin));
  const cast = cheeseCornerCast(world);
  return { world, subject: cast[STANDS_FOR[organism]!]!, untrained: cast.untrained! };
}

test("there are detectors, each with an id of its own", () => {
  expect(detectors.length).toBeGreaterThan(0);
  expect(new Set(detectors.map(({ id }) => id)).size).toBe(detectors.length);
});

for (const detector of detectors) detectorContract(detector, actor);
