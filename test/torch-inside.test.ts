/**
 * @file Looking into policies that PyTorch exported, channels last, planes and actions in an order of their own: sites
 * by the exporter's names, gradients in our planes, and writes that do to the file what they say.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../scripts/source.ts";
import { rng } from "../src/core/rng.ts";
import { DECOUPLED } from "../src/env.ts";
import { recordActivations } from "../src/interpret/activations.ts";
import { saliency } from "../src/interpret/saliency.ts";
import { listSites } from "../src/interpret/sites.ts";
import { recordStates } from "../src/interpret/states.ts";
import { patchFrom, writtenSubject } from "../src/interpret/written.ts";
import { openSubject } from "../src/lab/subjects.ts";
import { drawLevels } from "../src/rollout.ts";
import { openExecutor } from "../src/tensor/index.ts";

const { executor } = await openExecutor("native");
const declared = {
  layout: "NHWC",
  planes: ["cheese", "mouse", "wall"],
  actions: ["right", "down", "left", "up"],
} as const;
const LAST = "/layers/layers.4/Relu_output_0";

async function opened(name: string) {
  const bytes = readFileSync(join(root, "docs/examples/torch", name));
  const { subject, world } = await openSubject(bytes, { env: "cheese-corner", params: {} }, executor, {
    seed: 1,
    declared,
  });
  const levels = drawLevels(world, 60, DECOUPLED, "test", rng(1));
  const states = await recordStates({ world, levels, act: subject.act, rng: rng(2), share: 0.1 });
  return { subject, inside: subject.inside!, world, shape: subject.shape, states };
}

describe("a policy from PyTorch", () => {
  test("names its layers, and the whole of the last one decides: patched in, it brings its scores along", async () => {
    const { subject, inside, shape, states } = await opened("cheese.onnx");
    expect(listSites(inside, shape).map(({ site }) => site)).toContain(LAST);
    const { n, observations } = states;
    const record = await recordActivations({ inside, shape, sites: [LAST], observations, n });
    const from = Array.from({ length: n }, (_, i) => (i * 7 + 3) % n);
    const plain = (await subject.logits!(observations, n)).slice();
    const patched = await writtenSubject(subject, [patchFrom(record[LAST]!, from)]).logits!(observations, n);
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < 4; a++) expect(patched[i * 4 + a]).toBeCloseTo(plain[from[i]! * 4 + a]!, 3);
    }
  });

  test("that goes for the cheese is more sensitive to the cheese than one that goes for the corner", async () => {
    const share = async (name: string) => {
      const { inside, shape, world, states } = await opened(name);
      const { observations, n, layout } = states;
      const { planes, isAboutWeights } = await saliency({ inside, shape, observations, n, layout, rng: rng(3) });
      expect(isAboutWeights).toBe(true);
      return planes[world.planes.indexOf("CHEESE")]!;
    };
    const [cheese, corner] = [await share("cheese.onnx"), await share("corner.onnx")];
    expect(cheese.low).toBeGreaterThan(corner.high);
  });
});
