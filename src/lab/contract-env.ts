/**
 * @file What every environment promises. Oracles are held against exhaustive search on the tiny instance that the
 * plug-in names; everything else runs on the default instance too.
 *
 * The promises are here; how levels are drawn and played for them is in `contract-play.ts`.
 */
import { canonicalJson } from "../core/json.ts";
import { rng } from "../core/rng.ts";
import { COUPLED, DECOUPLED, type EnvPlugin, type Level, type Mixture, type World } from "../env.ts";
import { sideOf } from "../grid/hash.ts";
import { parseLevelFile, printLevelFile } from "../grid/level-file.ts";
import { type ParamsSchema, parseParams } from "../plugin.ts";
import { type Check, noBreaches } from "./contract.ts";
import { oracleChecks } from "./contract-oracles.ts";
import { drawn, history, MIXTURES, problemOf, randomActions, restart, started } from "./contract-play.ts";
import { putBack, takeSnapshot } from "./exhaustive.ts";

/** What the checks may ask of the process. */
export interface EnvContractPorts {
  /** Bytes in use after collecting garbage; without it nothing is said about allocation. */
  readonly usedBytes?: () => number;
}

/** Everything that must hold of an environment. */
export function envContract<P extends ParamsSchema>(env: EnvPlugin<P>, ports: EnvContractPorts = {}): readonly Check[] {
  const plugin = env as unknown as EnvPlugin;
  // Made when first asked for: a plug-in that cannot be made breaks a check, not the contract.
  const made = new Map<string, World>();
  const make = (params: unknown = {}): World => {
    const key = canonicalJson(params);
    const world = made.get(key) ?? plugin.make(parseParams(plugin, params));
    made.set(key, world);
    return world;
  };
  const world = () => make();
  return [
    { title: "names itself and its parts", run: () => parts(plugin, world()) },
    { title: "same seed, same levels and episodes; another seed, others", run: () => repeats(world()) },
    {
      title: "every drawn level passes the check, and nothing it pays for is out of reach",
      run: () => attainable(world()),
    },
    { title: "train and test levels never share a layout", run: () => splits(world()) },
    { title: "one seed used for both splits still gives disjoint levels", run: () => splitsByLayout(world()) },
    { title: "decoupled levels all tell the objectives apart, coupled ones never do", run: () => tellsApart(world()) },
    { title: "the share of distinguishing levels in a mixture is alpha", run: () => shareIsAlpha(world()) },
    { title: "text and level files bring back the same level", run: () => roundTrips(world()) },
    { title: "bad levels are refused with the right error", run: () => refusals(world()) },
    { title: "observations written step by step equal those written at once", run: () => observations(world()) },
    {
      title: "a plane with one mark shows it in its cell, and nowhere else, while an episode runs",
      run: () => marks(world()),
    },
    { title: "a restored snapshot continues bit for bit", run: () => snapshots(world()) },
    ...(ports.usedBytes
      ? [
          {
            title: "stepping and drawing allocate next to nothing",
            run: () => allocation(world(), ports.usedBytes!),
          },
        ]
      : []),
    ...oracleChecks(world, () => make(plugin.tiny)),
  ];
}

function parts(env: EnvPlugin, world: World): readonly string[] {
  const { found, unless } = noBreaches();
  unless(world.env === env.id, `the world is called "${world.env}"; expected "${env.id}"`);
  unless(env.isolates.length * env.shift.length > 0, "what it isolates, or what shifts, is not said");
  unless(world.planes[0] === "WALL", `the first plane is ${world.planes[0]}; expected WALL`);
  unless(new Set(world.items).size === world.items.length, "two items have one name");
  unless(world.blank().items.length === world.items.length, "a blank level has not one number for each item");
  const ids = world.candidates.map(({ id }) => id);
  unless(new Set(ids).size === ids.length, "two candidates have one id");
  const decoys = world.candidates.filter(({ role }) => role === "decoy").length;
  unless(decoys >= 5, `there are ${decoys} decoys; expected at least 5`);
  const named = world.candidates.filter(({ role }) => role !== "decoy").map(({ id }) => id);
  const objectives = world.objectives.map(({ id }) => id);
  unless(
    named.join() === objectives.join(),
    `candidates that are no decoys are ${named.join(", ")}; expected the objectives, ${objectives.join(", ")}`,
  );
  for (const [name, field] of Object.entries(env.params.shape)) {
    unless(Boolean((field as { description?: string }).description), `${name} has no description`);
  }
  return found;
}

function repeats(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  const play = (seed: number) => history(world, started(world, 16, rng(seed)), 40, seed, COUPLED).join();
  const first = play(11);
  unless(play(11) === first, "two plays with one seed differ");
  unless(play(12) !== first, "plays with two seeds are the same");
  return found;
}

function attainable(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  for (const mixture of MIXTURES) {
    for (const level of drawn(world, 60, mixture, "train", 5)) {
      world.check(level);
      for (const { id } of world.objectives) {
        const { value } = world.optimum(level, id, 1);
        unless(Number.isFinite(value), `the optimum for ${id} is ${value}`);
        // What is counted and not reached may come to nothing on some level.
        if (id !== "value") unless(value > 0, () => `nothing can be earned for ${id} on\n${world.print(level)}`);
      }
    }
  }
  return found;
}

function splits(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  for (const mixture of [COUPLED, DECOUPLED]) {
    const train = new Set(drawn(world, 1500, mixture, "train", 1).map((level) => world.layoutHash(level)));
    unless(train.size > 20, `1500 levels have ${train.size} layouts; expected more than 20`);
    for (const level of drawn(world, 700, mixture, "test", 2)) {
      const hash = world.layoutHash(level);
      unless(!train.has(hash), () => `one layout is drawn on both sides:\n${world.print(level)}`);
      unless(sideOf(hash) === "test", "a test level's layout belongs to the training side");
    }
  }
  return found;
}

function splitsByLayout(world: World): readonly string[] {
  const train = new Set(drawn(world, 400, DECOUPLED, "train", 77).map((level) => world.print(level)));
  return drawn(world, 400, DECOUPLED, "test", 77)
    .map((level) => world.print(level))
    .filter((text) => train.has(text))
    .map((text) => `one level is drawn on both sides:\n${text}`);
}

function tellsApart(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  for (const level of drawn(world, 300, DECOUPLED, "test", 3)) {
    unless(world.isDistinguishing(level), () => `a decoupled level tells nothing apart:\n${world.print(level)}`);
  }
  for (const level of drawn(world, 300, COUPLED, "train", 4)) {
    unless(!world.isDistinguishing(level), () => `a coupled level tells objectives apart:\n${world.print(level)}`);
  }
  return found;
}

function shareIsAlpha(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  const n = 1500;
  for (const alpha of [0.03, 0.3]) {
    const levels = drawn(world, n, { strength: 0, alpha }, "train", 21);
    const share = levels.filter((level) => world.isDistinguishing(level)).length / n;
    // Five standard deviations of the binomial: fails by chance once in a million.
    const allowed = 5 * Math.sqrt((alpha * (1 - alpha)) / n);
    unless(Math.abs(share - alpha) < allowed, `alpha ${alpha} gives a share of ${share.toFixed(3)}`);
  }
  return found;
}

function roundTrips(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  const same = (a: Level, b: Level) => a.walls.join() === b.walls.join() && a.items.join() === b.items.join();
  for (let seed = 0; seed < 40; seed++) {
    const [level] = drawn(world, 1, MIXTURES[seed % MIXTURES.length]!, "train", seed);
    const text = world.print(level!);
    const back = world.parse(text);
    unless(world.print(back) === text, () => `printed and parsed, another level:\n${text}`);
    unless(same(back, level!), () => `printed and parsed, other walls or items:\n${text}`);
    const file = printLevelFile({ world, params: {}, levels: [level!, back] });
    const read = parseLevelFile(file, world).levels.map((each) => world.print(each));
    unless(read.length === 2 && read.every((each) => each === text), () => `a level file changes\n${text}`);
  }
  return found;
}

function refusals(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  const sample = (): Level => drawn(world, 1, COUPLED, "train", 8)[0]!;
  const text = world.print(sample());
  const rows = text.split("\n");
  const edit = (row: number, column: number, char: string) =>
    rows.map((line, r) => (r === row ? line.slice(0, column) + char + line.slice(column + 1) : line)).join("\n");
  const malformed = (what: string, bad: string, message = /./) => {
    const problem = problemOf(() => world.parse(bad));
    unless(
      problem?.code === "level/malformed",
      `${what}: got ${problem?.code ?? "no error"}; expected level/malformed`,
    );
    unless(message.test(problem?.message ?? ""), `${what}: the error does not say where, got "${problem?.message}"`);
  };
  malformed("an unknown letter", edit(2, 3, "?"), /row 3, column 4/);
  malformed("a row too long", rows.map((line, r) => (r === 1 ? `${line}#` : line)).join("\n"));
  malformed("a row too few", rows.slice(0, world.height - 1).join("\n"));
  const agent = text.replaceAll("\n", "")[sample().items[0]!]!;
  const twice = edit(1, 1, agent).split("\n");
  malformed("two agents", twice.map((line, r) => (r === 2 ? `#${agent}${line.slice(2)}` : line)).join("\n"));

  const impossible = (what: string, level: Level) => {
    const problem = problemOf(() => world.check(level));
    const got = problem?.code ?? "no error";
    unless(got === "level/impossible", `${what}: got ${got}; expected level/impossible`);
  };
  // The wall-border assumption of every flood fill.
  impossible("a gap in the border", world.parse(edit(0, 2, ".")));
  impossible("no agent", world.parse(text.replaceAll(agent, ".")));
  for (const item of world.cellItems) {
    const level = sample();
    const cell = level.items[item]!;
    if (cell < 0) continue;
    level.walls[cell] = 1;
    impossible(`${world.items[item]} in a wall`, level);
    const walledIn = sample();
    const around = [-world.width, -1, 1, world.width].map((delta) => cell + delta);
    for (const at of around) {
      if (!world.cellItems.some((other) => walledIn.items[other] === at)) walledIn.walls[at] = 1;
    }
    const isAlone = around.every((at) => walledIn.walls[at] === 1);
    if (isAlone) impossible(`${world.items[item]} walled in`, walledIn);
  }
  return found;
}

function observations(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  const mixture: Mixture = { strength: 0.5, alpha: 0.5 };
  const random = rng(31);
  const size = 8;
  const batch = started(world, size, random, mixture);
  const actions = new Uint8Array(size);
  const cells = world.height * world.width;
  for (let t = 0; t < 120; t++) {
    batch.step(randomActions(world, actions, random));
    unless(
      batch.observations.every((value) => value <= 1),
      "an observation holds more than 0 and 1",
    );
    for (let slot = 0; slot < size; slot++) {
      const plane = (p: number) => {
        const from = (slot * world.planes.length + p) * cells;
        return batch.observations.subarray(from, from + cells);
      };
      const { walls } = batch.levels[slot]!;
      const position = batch.position[slot]!;
      unless(
        plane(0).every((value, cell) => value === walls[cell]),
        "plane 0 does not show the walls",
      );
      const isAt = plane(1).indexOf(1) === position && plane(1).lastIndexOf(1) === position;
      unless(isAt, () => `plane 1 does not show the agent in cell ${position} and nowhere else`);
      unless(walls[position] === 0, "the agent stands in a wall");
    }
    restart(world, batch, random, mixture);
  }
  return found;
}

function marks(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  const cells = world.height * world.width;
  for (const mixture of MIXTURES) {
    const random = rng(31);
    const batch = started(world, 16, random, mixture);
    const actions = new Uint8Array(16);
    for (let t = 0; t < 40; t++) {
      for (const { plane, cell } of world.marks ?? []) {
        for (let slot = 0; slot < 16; slot++) {
          const from = (slot * world.planes.length + plane) * cells;
          const shown = batch.observations.subarray(from, from + cells);
          const at = cell(batch, slot);
          const isAlone = shown.indexOf(1) === at && shown.lastIndexOf(1) === at;
          unless(isAlone, `${world.planes[plane]} is named as a mark, and does not show one mark where it says`);
        }
      }
      batch.step(randomActions(world, actions, random));
      restart(world, batch, random, mixture);
    }
  }
  return found;
}

function snapshots(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  const mixture = { strength: 0, alpha: 0.5 };
  const batch = started(world, 16, rng(41), mixture);
  history(world, batch, 15, 42, mixture);
  const snapshot = takeSnapshot(batch);
  const first = history(world, batch, 60, 43, mixture).join();
  putBack(batch, snapshot);
  const memory = "memory leaves out something that changes over time";
  unless(history(world, batch, 60, 43, mixture).join() === first, `put back, the batch goes on otherwise: ${memory}`);
  const elsewhere = started(world, 16, rng(99), mixture);
  putBack(elsewhere, snapshot);
  unless(history(world, elsewhere, 60, 43, mixture).join() === first, `put elsewhere, it goes on otherwise: ${memory}`);
  return found;
}

function allocation(world: World, usedBytes: () => number): readonly string[] {
  const random = rng(51);
  const batch = started(world, 64, random);
  const actions = new Uint8Array(64);
  const run = (steps: number) => {
    for (let t = 0; t < steps; t++) {
      batch.step(randomActions(world, actions, random));
      restart(world, batch, random, COUPLED);
    }
  };
  run(4000);
  const before = usedBytes();
  run(2000);
  const grown = usedBytes() - before;
  // One small object for each of the 128,000 steps would be 2 MB or more.
  return grown < 1_000_000 ? [] : [`128,000 steps leave ${grown} bytes behind; expected less than 1,000,000`];
}
