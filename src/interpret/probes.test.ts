/** @file Probes where the answer is known: a site that holds the label, one that holds noise, and labels that the observation shows. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { PolicyShape } from "../network.ts";
import type { Inside } from "../subject.ts";
import { add, concat, constant, conv2d, cumsum, mul, referenceExecutor, reshape, slice, sum } from "../tensor/index.ts";
import { patchRows } from "./features.ts";
import { prepareProbe } from "./probes.ts";
import { accuracy, determination, macroF1 } from "./tally.ts";

const shape: PolicyShape = { planes: 2, height: 5, width: 5, actions: 2 };
const CELLS = 25;
const N = 240;
const random = rng(5);
const observations = Uint8Array.from({ length: N * 2 * CELLS }, () => random.int(2));
/** Three observations share a layout. */
const layout = Int32Array.from({ length: N }, (_, i) => 1000 + Math.floor(i / 3));

/** How many marks of plane 0 lie above a cell or on it, and how many in the whole plane: needs the whole board. */
const above = (i: number, cell: number) => {
  let count = 0;
  for (let at = cell % 5; at <= cell; at += 5) count += observations[i * 2 * CELLS + at]!;
  return count;
};

/**
 * Sites: `holds` has the count above each cell in one of three channels, a mixture
 * of it in the others; `noise` is a fixed random channel; `total` a vector.
 */
const inside: Inside = {
  weights: { mix: Float32Array.of(1) },
  specs: { mix: { shape: [1], dtype: "float32" } },
  executor: referenceExecutor,
  forward(p, planes) {
    const batch = planes.shape[0]!;
    const first = slice(planes, { axis: 1, end: 1 });
    const second = slice(planes, { axis: 1, start: 1 });
    const counted = mul(cumsum(first, 2), reshape(p.mix!, [1, 1, 1, 1]));
    const holds = concat([add(mul(counted, 2), second), second, mul(second, -3)], 1);
    const pattern = Float64Array.from({ length: CELLS }, (_, i) => Math.sin(7 * i * i));
    const noise = add(mul(planes, 0), constant(pattern, [1, 1, 5, 5]));
    const total = reshape(sum(first, { axes: [1, 2, 3] }), [batch, 1]);
    const local = conv2d(
      planes,
      constant(
        Float64Array.from({ length: 18 }, () => 1),
        [1, 2, 3, 3],
      ),
      { padding: 1 },
    );
    return { logits: concat([total, total], 1), sites: { holds, noise, total, local } };
  },
};

const counts = Int32Array.from({ length: N * CELLS }, (_, row) =>
  row % CELLS < 15 ? -1 : Math.min(2, above(Math.floor(row / CELLS), row % CELLS)),
);
const classes = ["none", "one", "two or more"];

describe("a probe for every cell", () => {
  const bench = prepareProbe({
    shape,
    observations,
    n: N,
    layout,
    unit: "cell",
    target: { kind: "classes", classes, labels: counts },
    rng: rng(1),
  });

  test("reads what the site holds, above every baseline", async () => {
    // The untrained network holds nothing: its mixture is off.
    const untrained = { ...inside, weights: { mix: Float32Array.of(0) } };
    const report = await bench.probe({ inside, site: "holds", untrained });
    expect(report.metric).toBe("macro-F1");
    expect(report.probe.score.mean).toBeGreaterThan(0.97);
    for (const [name, { score }] of Object.entries(report.baselines)) {
      expect(score.mean, name).toBeLessThan(name === "observation 3×3" ? 0.95 : 0.75);
    }
    expect(Object.keys(report.baselines).sort()).toEqual(
      ["majority", "observation", "observation 3×3", "shuffled labels", "untrained"].sort(),
    );
    expect(report.over.untrained!.low).toBeGreaterThan(0.3);
    expect(report.selectivity.low).toBeGreaterThan(0.3);
    expect(report.selectivity.unit).toBe("layouts");
    expect(report.rows.layouts).toBe(24);
  });

  test("reads nothing off noise: no better than shuffled labels and the majority", async () => {
    const report = await bench.probe({ inside, site: "noise" });
    expect(report.over["shuffled labels"]!.low).toBeLessThanOrEqual(0.05);
    expect(report.probe.score.mean).toBeLessThan(0.6);
    expect(report.baselines.untrained).toBeUndefined();
  });

  test("a vector has no cells", async () => {
    await expect(bench.probe({ inside, site: "total" })).rejects.toThrow('site "total" has no cells');
    await expect(bench.probe({ inside, site: "hold" })).rejects.toThrow("does not exist");
  });
});

describe("numbers", () => {
  const target = {
    kind: "number" as const,
    labels: Float64Array.from({ length: N }, (_, i) => 3 * above(i, 20) + above(i, 21) - above(i, 24)),
  };

  test("of whole observations: the observation shows a linear label as well as the site does", async () => {
    const bench = prepareProbe({
      shape,
      observations,
      n: N,
      layout,
      unit: "observation",
      target,
      position: new Int32Array(N).fill(12),
      rng: rng(2),
    });
    const report = await bench.probe({ inside, site: "holds" });
    expect(report.metric).toBe("R²");
    expect(report.probe.score.mean).toBeGreaterThan(0.9);
    expect(Math.abs(report.over.observation!.mean)).toBeLessThan(0.1);
    expect(report.baselines["observation 3×3"]!.score.mean).toBeLessThan(0.8);
    expect(report.baselines["shuffled labels"]!.score.mean).toBeLessThan(0.2);
    expect(report.probe.accuracy).toBeUndefined();
    const total = await bench.probe({ inside, site: "total" });
    expect(total.probe.score.mean).toBeLessThan(0.9);
  });

  test("of cells: a local sum is read off the 3×3 observation exactly, off the cell not", async () => {
    const labels = Float64Array.from({ length: N * CELLS }, (_, row) => {
      const patch = patchRows(observations, shape, Int32Array.of(row), 3);
      return patch.x.reduce((total, value) => total + value, 0);
    });
    const bench = prepareProbe({
      shape,
      observations,
      n: N,
      layout,
      unit: "cell",
      target: { kind: "number", labels },
      rng: rng(3),
    });
    const report = await bench.probe({ inside, site: "local" });
    expect(report.probe.score.mean).toBeGreaterThan(0.999);
    expect(report.baselines["observation 3×3"]!.score.mean).toBeGreaterThan(0.999);
    expect(report.baselines.observation!.score.mean).toBeLessThan(0.5);
    expect(report.over["observation 3×3"]!.low).toBeLessThanOrEqual(0.001);
  });
});

test("what is the same on every observation of a layout cannot be learned by heart", async () => {
  // The label is a coin for each layout, and the observation tells the layout.
  const copies = Uint8Array.from({ length: N * 2 * CELLS }, (_, at) => {
    const [i, rest] = [Math.floor(at / (2 * CELLS)), at % (2 * CELLS)];
    return observations[3 * Math.floor(i / 3) * 2 * CELLS + rest]!;
  });
  const coins = Array.from({ length: N / 3 }, () => random.int(2));
  const labels = Int32Array.from({ length: N }, (_, i) => coins[Math.floor(i / 3)]!);
  const target = { kind: "classes" as const, classes: ["heads", "tails"], labels };
  const bench = prepareProbe({ shape, observations: copies, n: N, layout, unit: "observation", target, rng: rng(4) });
  const { baselines } = await bench.probe({ inside, site: "total" });
  expect(baselines.observation!.accuracy!.mean).toBeLessThan(0.75);
});

test("too few layouts, and one class, are refused", () => {
  const question = { shape, observations, n: N, layout, unit: "cell" as const, rng: rng(1) };
  const one = { kind: "classes" as const, classes: ["a", "b"], labels: new Int32Array(N * CELLS) };
  expect(() => prepareProbe({ ...question, target: one })).toThrow("got one class");
  const same = new Int32Array(N);
  expect(() => prepareProbe({ ...question, layout: same, target: one })).toThrow("got 1; expected at least 10");
});

describe("statistics by hand", () => {
  test("macro-F1 and accuracy of a confusion matrix, R² of sums", () => {
    // Class 0: 3 of 4 right, class 1: 1 of 2, class 2 never occurs but is predicted once.
    const confusion = Float64Array.of(3, 0, 1, 1, 1, 0, 0, 0, 0);
    expect(macroF1(confusion)).toBeCloseTo((6 / 8 + 2 / 3) / 2, 12);
    expect(accuracy(confusion)).toBeCloseTo(4 / 6, 12);
    // y = 0, 2; predictions off by 1 each: no better than the mean.
    expect(determination(Float64Array.of(2, 2, 4, 2))).toBeCloseTo(0, 12);
    expect(determination(Float64Array.of(2, 2, 2, 0))).toBeNaN();
  });
});
