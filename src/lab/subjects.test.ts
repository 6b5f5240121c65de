/** @file Files of our own architectures open as the networks they are: with their knob, their sites, and in larger rooms. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { COUPLED, type World } from "../env.ts";
import { initialize } from "../network.ts";
import { savePolicy } from "../policy/file.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import { tracedInside } from "../policy/inside.ts";
import type { Subject } from "../subject.ts";
import { decodeOnnx, encodeOnnx, openExecutor } from "../tensor/index.ts";
import { makeNetwork, makeWorld } from "./registry.ts";
import { openSubject } from "./subjects.ts";

const { executor } = await openExecutor("native");
const task = { env: "cheese-corner", params: { size: 7 } };
const world = makeWorld(task);

function observationsOf(of: World, n: number): Uint8Array {
  const batch = of.batch(n);
  for (const [slot, level] of batch.levels.entries()) {
    of.draw(level, rng(7).fork(slot), COUPLED, "train");
    batch.start(slot, rng(slot));
  }
  return batch.observations;
}

function saved(
  architecture: { readonly id: string; readonly params: Record<string, unknown> },
  claimed = architecture,
) {
  const network = makeNetwork(architecture, world);
  const weights = Object.fromEntries(
    Object.entries(initialize(network, rng(3))).map(([name, values]) => [name, values.map((value) => 2 * value)]),
  );
  return { network, weights, bytes: savePolicy({ network, weights, world, task, architecture: claimed }) };
}

const sitesOf = ({ inside, shape }: Subject): string[] => {
  let sites: string[] = [];
  tracedInside(inside!, shape, 1, (_, __, pass) => {
    sites = Object.keys(pass.sites);
    return { logits: pass.logits };
  });
  return sites;
};

const apart = (a: Float32Array, b: Float32Array, n: number) =>
  Math.max(...Array.from({ length: n }, (_, i) => Math.abs(a[i]! - b[i]!)));

describe("a thinker's file", () => {
  const { network, weights, bytes } = saved({ id: "thinker", params: { channels: 4, ticks: 3 } });

  test("has its knob, its states by name, and the id of the file", async () => {
    const { subject, notes } = await openSubject(bytes, task, executor, { seed: 1 });
    expect(notes).toEqual([]);
    expect(subject.ticks).toMatchObject({ trained: 3, max: 64 });
    expect(sitesOf(subject)).toEqual([
      "tick.0.state",
      "tick.1.state",
      "tick.2.state",
      "agent.state",
      "policy.logits",
      "value.out",
    ]);
    expect(sitesOf(subject.thinking!(5))).toContain("tick.4.state");
    const own = networkSubject(network, weights, policyShape(world), executor);
    expect(subject.id).not.toBe(own.id);
    const observations = observationsOf(world, 5);
    const [long, ours] = [subject.thinking!(9), own.thinking!(9)];
    expect(apart(await long.logits!(observations, 5), await ours.logits!(observations, 5), 20)).toBeLessThan(1e-5);
  });

  test("plays in larger rooms with the same weights", async () => {
    const { enlarged } = await openSubject(bytes, task, executor, { seed: 1 });
    expect(enlarged!.map((each) => each.world.height)).toEqual([11, 15]);
    for (const { world: larger, subject } of enlarged!) {
      expect(subject.shape).toEqual(policyShape(larger));
      const own = networkSubject(
        makeNetwork({ id: "thinker", params: { channels: 4, ticks: 3 } }, larger),
        weights,
        policyShape(larger),
        executor,
      );
      const observations = observationsOf(larger, 3);
      expect(apart(await subject.logits!(observations, 3), await own.logits!(observations, 3), 12)).toBe(0);
    }
  });

  test("that does not say whose it is plays there too, and has no knob", async () => {
    const anonymous = encodeOnnx({ ...decodeOnnx(bytes), metadata: {} });
    const { subject: small, enlarged } = await openSubject(anonymous, task, executor, { seed: 1 });
    const named = await openSubject(bytes, task, executor, { seed: 1 });
    expect(small.ticks).toBeUndefined();
    expect(enlarged!.map((each) => each.world.height)).toEqual([11, 15]);
    for (const [i, { world: larger, subject }] of enlarged!.entries()) {
      expect(subject.id).toBe(`${small.id}#size=+${4 * (i + 1)}`);
      const observations = observationsOf(larger, 3);
      const own = await named.enlarged![i]!.subject.logits!(observations, 3);
      expect(apart(await subject.logits!(observations, 3), own, 12)).toBeLessThan(1e-4);
    }
  });
});

test("a perceptron's file has its layers and no larger rooms", async () => {
  const { subject, enlarged, untrained } = await openSubject(
    saved({ id: "mlp", params: { width: 8 } }).bytes,
    task,
    executor,
    { seed: 1 },
  );
  expect(sitesOf(subject)).toEqual(["layer.0.out", "layer.1.out", "policy.logits", "value.out"]);
  expect(sitesOf(untrained!)).toEqual(sitesOf(subject));
  expect(enlarged).toBeUndefined();
  expect(subject.ticks).toBeUndefined();
});

test("scores farther apart than a file tells do not take a planner's knob away", async () => {
  // Logits of 0 and above 10,000: in a file the lower ones come to lie 10,000 below the highest.
  const architecture = { id: "value-iteration", params: { sharpness: 2e4 } };
  const network = makeNetwork(architecture, world);
  const weights = initialize(network, rng(3));
  const bytes = savePolicy({ network, weights, world, task, architecture });
  const { subject } = await openSubject(bytes, task, executor, { seed: 1 });
  expect(subject.ticks).toMatchObject({ fewest: 1 });
});

describe("a file that claims an architecture which it is not", () => {
  test("with weights that do not fit stays a file", async () => {
    const { bytes } = saved({ id: "mlp", params: { width: 8 } }, { id: "mlp", params: { width: 9 } });
    const { subject, untrained } = await openSubject(bytes, task, executor, { seed: 1 });
    expect(sitesOf(subject).some((site) => site.includes("#"))).toBe(true);
    expect(untrained).toBeDefined();
  });

  test("with weights that fit and another meaning stays a file", async () => {
    // As many ticks fewer: the same weights, other scores.
    const { bytes } = saved(
      { id: "thinker", params: { channels: 4, ticks: 3 } },
      { id: "thinker", params: { channels: 4, ticks: 2 } },
    );
    const { subject, enlarged } = await openSubject(bytes, task, executor, { seed: 1 });
    expect(subject.ticks).toBeUndefined();
    expect(enlarged).toBeUndefined();
    expect(subject.inside).toBeDefined();
  });

  test("in another order of planes is read in that order", async () => {
    const { bytes } = saved({ id: "mlp", params: { width: 8 } });
    const declared = { planes: ["CHEESE", "WALL", "MOUSE"] };
    const { subject } = await openSubject(bytes, task, executor, { seed: 1, declared });
    expect(sitesOf(subject)).not.toContain("layer.0.out");
  });
});
