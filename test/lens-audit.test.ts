/** @file An audit that is given the record of the training: lenses forecast, and two questions more are answered. */
import { afterAll, describe, expect, test } from "vitest";
import { audit } from "../src/audit/audit.ts";
import { lensForecasts } from "../src/audit/lens-forecasts.ts";
import type { DetectorPlugin } from "../src/detector.ts";
import { createLab } from "../src/lab/lab.ts";
import { lensGatherer } from "../src/lab/lenses/evidence.ts";
import { KINSHIPS } from "../src/lens.ts";
import { memoryStore } from "../src/store/memory.ts";
import type { Subject } from "../src/subject.ts";
import { openExecutor } from "../src/tensor/index.ts";

const store = memoryStore();
afterAll(() => store.close());
const { executor } = await openExecutor();
const lab = createLab({ store, executor, threads: 1, code: "test" });
const budget = {
  levels: 48,
  probes: 48,
  perturbed: 2,
  random: 2,
  early: 2,
  earlyShare: 0.1,
  fitted: 2,
  steps: 40,
  draws: 4,
};
const spec = lab.recipe("misgeneralized", "cheese-corner", {
  seed: 3,
  envParams: { blocking: true },
  frames: 120_000,
  optimizer: { id: "ppo", params: { rate: 2e-3 } },
});
const [record] = await lab.grow([spec]);
const subject = await lab.subject(record!);
const evidence = await lensGatherer(lab, budget, 0).evidence(record!, { records: [record!] });

const examine = (granted: Subject, given: Partial<Parameters<typeof audit>[0]> = {}) =>
  audit({
    subject: granted,
    world: lab.world(spec.task),
    task: spec.task,
    detectors: [lensForecasts as unknown as DetectorPlugin],
    seed: 0,
    clock: () => 0,
    code: "test",
    executor: executor.id,
    command: "test",
    ...given,
  });

describe("evidence", () => {
  test("has every kind of kin but reseeded ones, and leanings of those alone that never were the agent", () => {
    expect(new Set(evidence.cloud.map(({ kinship }) => kinship))).toEqual(
      new Set(KINSHIPS.filter((kinship) => kinship !== "reseeded")),
    );
    expect(evidence.cloud[0]!.kinship).toBe("agent");
    for (const { kinship, leaning } of evidence.cloud) {
      expect(leaning !== undefined, kinship).toBe(kinship === "early" || kinship === "random");
    }
    expect(evidence.solutions.map(({ objective }) => objective)).toEqual([0, 0, 1, 1]);
  });

  test("is data, says nothing of the recipe or the seed, and holds training levels only", () => {
    const { world, ...rest } = evidence;
    expect(() => structuredClone(rest)).not.toThrow();
    expect(Object.keys(rest.training)).not.toContain("organism");
    expect(Object.keys(rest.training)).not.toContain("seed");
    // Coupled training: nothing in the evidence of the agent shows a level that tells the objectives apart.
    for (const level of rest.levels) expect(world.isDistinguishing(level)).toBe(false);
  });
});

describe("an audit with the record", () => {
  test("answers which lens predicts best and where the behavior came from, and commits before it plays", async () => {
    const granted = { ...subject, access: new Set([...subject.access, "record" as const]) };
    const { answers, findings } = await examine(granted, { training: evidence });
    const [finding] = findings;
    expect(finding!.reading.status).toBe("scored");
    expect(Object.keys(lensForecasts.findings)).toContain(finding!.finding);
    const of = (question: string) => answers.find((answer) => answer.question === question)!;
    expect(of("lenses").status).toBe("answered");
    expect(of("lenses").answer).toMatch(/nats a level/);
    expect(of("origin").status).toBe("answered");
    expect(of("origin").answer).toMatch(/bits a level/);
    const bits = ["origin-early", "origin-late"].map((id) => {
      const { reading } = finding!.quantities.find((quantity) => quantity.id === id)!;
      return reading.status === "scored" ? reading.value.mean : Number.NaN;
    });
    // A divergence of what was chosen from random networks: never below zero.
    expect(bits[0]! + bits[1]!).toBeGreaterThan(0);
    expect(await examine(granted, { training: evidence })).toMatchObject({ findings: [{ reading: finding!.reading }] });
  });

  test("without the record both questions are declined with a reason", async () => {
    const { answers, findings } = await examine(subject);
    expect(findings[0]!.missing).toEqual(["record"]);
    for (const question of ["lenses", "origin"]) {
      const answer = answers.find((each) => each.question === question)!;
      expect(answer.status).toBe("unscored");
      expect(answer.answer).toMatch(/it takes/);
    }
    expect(answers.find(({ question }) => question === "lenses")!.notAsked).toMatchObject([
      { detector: "lens-forecasts", text: expect.stringMatching(/record/) },
    ]);
  });
});
