/** @file Logs of scripted subjects: what was logged is what is played, and what was not logged is not made up. */
import { describe, expect, test } from "vitest";
import { cheeseCornerCast } from "../../test/scripted.ts";
import { rng } from "../core/rng.ts";
import { capability } from "../detectors/capability.ts";
import { goalShift } from "../detectors/goal-shift.ts";
import { COUPLED, DECOUPLED, type Level, type World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { monsterWorld } from "../envs/monster-world.ts";
import { parseParams } from "../plugin.ts";
import { drawLevels, rollout } from "../rollout.ts";
import type { Subject } from "../subject.ts";
import { openLog } from "./trajectories.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner));
const cast = cheeseCornerCast(world);
const apart = drawLevels(world, 60, DECOUPLED, "test", rng(1));
const coupled = drawLevels(world, 60, COUPLED, "test", rng(2));

interface Decision {
  readonly episode: number;
  readonly step: number;
  readonly action: string;
  readonly level?: string;
  readonly observation?: string;
}

/** What a subject does on some levels, one episode each. */
async function logged(subject: Subject, levels: readonly Level[], what: "level" | "observation", in_: World = world) {
  const stride = in_.planes.length * in_.height * in_.width;
  const rows: Decision[] = [];
  await rollout({
    world: in_,
    levels,
    act: subject.act.bind(subject),
    rng: rng(5),
    onStep(batch, actions, active) {
      for (let slot = 0; slot < batch.size; slot++) {
        const episode = active[slot]!;
        if (episode < 0) continue;
        const step = batch.time[slot]!;
        rows.push({
          episode,
          step,
          action: in_.actions[actions[slot]!]!,
          ...(what === "observation"
            ? { observation: batch.observations.subarray(slot * stride, (slot + 1) * stride).join("") }
            : step === 0
              ? { level: in_.print(levels[episode]!) }
              : {}),
        });
      }
    },
  });
  return rows;
}

const jsonl = (rows: readonly Decision[]) =>
  new TextEncoder().encode(rows.map((row) => JSON.stringify(row)).join("\n"));
const csv = (rows: readonly Decision[]) =>
  new TextEncoder().encode(
    [
      "episode,step,action,level",
      ...rows.map(({ episode, step, action, level = "" }) => `${episode},${step},${action},"${level}"`),
    ].join("\r\n"),
  );

describe("levels and actions", () => {
  test("both formats are the same log, and a deterministic subject plays it again step by step", async () => {
    const corner = cast.corner!;
    const rows = await logged(corner, [...apart, ...coupled], "level");
    const [one, other] = [openLog(csv(rows), "csv", world), openLog(jsonl(rows), "jsonl", world)];
    expect(one.notes).toEqual(other.notes);
    expect(one.levels).toEqual({ coupled: 60, apart: 60 });
    const drawn = drawLevels(one.examine().world, 60, DECOUPLED, "train", rng(0));
    expect(drawn.map((level) => world.print(level))).toEqual(apart.map((level) => world.print(level)));

    const play = (subject: Subject, levels: readonly Level[]) =>
      rollout({ world, levels, act: subject.act.bind(subject), rng: rng(9), paths: true });
    const again = await play(one.examine().subject, [...apart, ...coupled]);
    expect((await play(other.examine().subject, [...apart, ...coupled])).paths).toEqual(again.paths);
    for (const [episode, path] of again.paths!.entries()) {
      expect(path.length - 1).toBe(rows.filter((row) => row.episode === episode).length);
    }
  });

  test("a subject without skill, whose episodes run out of time, is played again to the end", async () => {
    const levels = [...apart, ...coupled];
    const noisy = cast.incapable!;
    const rows = await logged(noisy, levels, "level");
    const { subject, world: narrow } = openLog(csv(rows), "csv", world).examine();
    const drawn = drawLevels(narrow, 60, DECOUPLED, "test", rng(0));
    const again = await rollout({
      world: narrow,
      levels: drawn,
      act: subject.act.bind(subject),
      rng: rng(6),
      slots: 7,
    });
    const first = await rollout({ world, levels, act: noisy.act.bind(noisy), rng: rng(5) });
    expect([...again.length]).toEqual([...first.length.subarray(0, 60)]);
    expect([...again.served]).toEqual([...first.served.subarray(0, 60)]);
    expect([...again.ended]).toContain(2);
  });

  test("instruments read off the log what they read off its subject", async () => {
    const log = openLog(csv(await logged(cast["noisy-corner"]!, [...apart, ...coupled], "level")), "csv", world);
    const shift = await goalShift.measure(
      { ...log.examine(), rng: rng(3) },
      parseParams(goalShift, { levels: 60, skillLevels: 60, strengths: 0 }),
    );
    expect(shift.finding, shift.summary).toBe("proxy");
    const skill = await capability.measure({ ...log.examine(), rng: rng(3) }, parseParams(capability, { levels: 60 }));
    expect(skill.finding, skill.summary).toBe("turned");
    expect(skill.reading).toMatchObject({ value: { unit: "layouts" } });
  });

  test("levels are drawn once each, and levels of another kind are not made up", async () => {
    const log = openLog(csv(await logged(cast.corner!, apart, "level")), "csv", world);
    const narrow = log.examine().world;
    drawLevels(narrow, 60, DECOUPLED, "test", rng(0));
    expect(() => drawLevels(narrow, 1, DECOUPLED, "test", rng(0))).toThrow(
      /no level is left to draw, got 60 levels that tell/,
    );
    expect(() => drawLevels(log.examine().world, 1, COUPLED, "test", rng(0))).toThrow(
      /got 0 levels on which objectives coincide/,
    );
    expect(drawLevels(log.examine().world, 1, DECOUPLED, "test", rng(0))).toHaveLength(1);
  });

  test("another world, a missing step, and a world with chances are refused", async () => {
    const rows = await logged(cast.corner!, apart.slice(0, 3), "level");
    const open =
      (change: (row: Decision, i: number) => Partial<Decision>, here: World = world) =>
      () =>
        openLog(jsonl(rows.map((row, i) => ({ ...row, ...change(row, i) }))), "jsonl", here);
    expect(open(() => ({}))).not.toThrow();
    expect(open(({ step }) => ({ step: step + 1 }))).toThrow(/a step is missing or twice, got step 1; expected step 0/);
    expect(open(() => ({ action: "jump" }))).toThrow(/line \d+: the action is not of cheese-corner, got "jump"/);
    expect(open((row) => (row.level ? { level: row.level.replace("C", "?") } : {}))).toThrow(/log: line \d+: .*row \d/);
    expect(open(() => ({}), cheeseCorner.make(parseParams(cheeseCorner, { horizon: 2 })))).toThrow(
      /goes on after the world has ended it/,
    );
    const monsters = monsterWorld.make(parseParams(monsterWorld));
    const [level] = drawLevels(monsters, 1, COUPLED, "test", rng(1));
    const row = { episode: 0, step: 0, action: "up", level: monsters.print(level!) };
    expect(() => openLog(jsonl([row]), "jsonl", monsters)).toThrow(/chances of its own.*expected observations/);
  });
});

describe("observations and actions", () => {
  test("what was seen is answered in the log's proportions, what was not is refused with the coverage", async () => {
    const [first, second] = await logged(cast.corner!, apart.slice(0, 1), "observation");
    const rows = [0, 1, 2, 3].map((episode) => ({ ...first!, episode, action: episode === 0 ? "down" : "up" }));
    const { examine, notes } = openLog(jsonl(rows), "jsonl", world);
    const { subject } = examine();
    expect(notes.join(" ")).toMatch(/4 decisions in 4 episodes, on 1 different observations.*names no levels/);
    const n = 4000;
    const seen = Uint8Array.from([...first!.observation!].map(Number));
    const many = new Uint8Array(n * seen.length);
    for (let i = 0; i < n; i++) many.set(seen, i * seen.length);
    const actions = new Uint8Array(n);
    await subject.act(many, n, rng(4), actions);
    const ups = actions.filter((action) => action === 0).length;
    // Five standard deviations of a binomial with p = 3/4.
    expect(Math.abs(ups / n - 0.75)).toBeLessThan(5 * Math.sqrt(0.1875 / n));
    expect(actions.filter((action) => action === 2).length).toBe(n - ups);
    expect(subject.access).toEqual(new Set(["act"]));

    const both = Uint8Array.from([...first!.observation!, ...second!.observation!].map(Number));
    await expect(subject.act(both, 2, rng(4), actions)).rejects.toThrow(
      /got 1 of 2 observations that nobody logged \(coverage 0.50\)/,
    );
  });

  test("planes of another size are refused", () => {
    expect(() => openLog(jsonl([{ episode: 0, step: 0, action: "up", observation: "0101" }]), "jsonl", world)).toThrow(
      /line 1: the observation does not fit cheese-corner, got 4 numbers; expected 147/,
    );
  });

  test.each([
    ["csv", "", /no decisions, got an empty csv file/],
    ["csv", 'episode,step,action\n1,0,"up\n', /line 2 is not CSV.*expected quotes that close/],
    ["csv", "episode,step,action\n1,x,up\n", /line 2: step cannot be read, got "x"/],
    ["csv", "episode,time,action\n1,0,up\n", /line 2: step cannot be read, got nothing/],
    ["jsonl", '{"episode":1,"step":0}', /line 1: action cannot be read, got nothing/],
    ["jsonl", "\n[1", /line 2 is not a JSON object, got \[1/],
    ["jsonl", '{"episode":1,"step":0,"action":"up"}', /got neither level nor observation/],
  ] as const)("%s %j", (format, text, message) => {
    expect(() => openLog(new TextEncoder().encode(text), format, world)).toThrow(message);
  });
});
