/**
 * @file What an environment promises about its oracles and its goals: values and moves are those of exhaustive
 * search, what was served and achieved is what happened, and candidates mark what can be walked to.
 */
import { rng } from "../core/rng.ts";
import { type Batch, COUPLED, DECOUPLED, type Level, type World } from "../env.ts";
import { type Check, noBreaches } from "./contract.ts";
import { drawn, MIXTURES, randomActions, restart, started } from "./contract-play.ts";
import { begin, exhaust } from "./exhaustive.ts";

/** Equal to five digits after the point: rewards are float32. */
const isClose = (a: number, b: number) => Math.abs(a - b) < 5e-6;

/** @param tiny an instance small enough for exhaustive search */
export function oracleChecks(world: () => World, tiny: () => World): readonly Check[] {
  return [
    {
      title: "the oracle equals exhaustive search: values and optimal moves, for every objective",
      run: () => matchesSearch(tiny()),
    },
    {
      title: "following the optimal moves earns the optimum; a bound is never beaten",
      run: () => attainsOptimum(world()),
    },
    {
      title: "achieved is a share, cut-offs come at the limit, and what was served is an objective or none",
      run: () => countsEpisodes(world()),
    },
    { title: "a policy optimal for one objective is seen to serve it", run: () => seesService(world()) },
    { title: "candidates mark free cells, and as many as they say", run: () => candidatesMark(world()) },
  ];
}

function matchesSearch(tiny: World): readonly string[] {
  const { found, unless } = noBreaches();
  for (const [m, mixture] of MIXTURES.entries()) {
    for (const level of drawn(tiny, 3, mixture, m % 2 === 0 ? "train" : "test", 60 + m)) {
      // Search through one run of luck would know the luck beforehand; chancy worlds need checks of their own.
      if (tiny.objectives.some(({ id }) => tiny.optimum(level, id, 1).kind === "bound")) continue;
      for (const [o, { id }] of tiny.objectives.entries()) {
        for (const gamma of [0.9, 1]) {
          const { value } = tiny.optimum(level, id, gamma);
          const solved = exhaust(tiny, level, o, gamma, (batch, state) => {
            const moves = tiny.optimalActions(batch, 0, id, gamma);
            const at = batch.position[0];
            unless(
              moves === state.optimal,
              () =>
                `${id}, gamma ${gamma}: optimal moves ${bits(moves)}, search says ${bits(state.optimal)}, in cell ${at} of\n${tiny.print(level)}`,
            );
          });
          unless(
            isClose(value, solved.best),
            () => `${id}, gamma ${gamma}: optimum ${value}, search says ${solved.best}, on\n${tiny.print(level)}`,
          );
          unless(solved.states > 5, "the tiny instance has hardly any states: nothing was checked");
        }
      }
    }
  }
  return found;
}

const bits = (mask: number) => mask.toString(2).padStart(4, "0");

/** One step of a policy that is optimal for an objective, ties and idle states at random. */
function optimalPlay(world: World, objective: string, gamma: number, random: ReturnType<typeof rng>) {
  const action = new Uint8Array(1);
  return (batch: Batch) => {
    const moves = world.optimalActions(batch, 0, objective, gamma);
    do action[0] = random.int(world.actions.length);
    while (moves !== 0 && (moves & (1 << action[0])) === 0);
    batch.step(action);
  };
}

function attainsOptimum(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  const random = rng(71);
  const gamma = 0.97;
  for (const mixture of [COUPLED, DECOUPLED]) {
    for (const level of drawn(world, 12, mixture, "test", 72)) {
      for (const [o, { id }] of world.objectives.entries()) {
        const optimum = world.optimum(level, id, gamma);
        const batch = world.batch(1);
        begin(batch, 0, level, 73);
        const step = optimalPlay(world, id, gamma, random);
        let earned = 0;
        for (let discount = 1; batch.done[0] === 0; discount *= gamma) {
          step(batch);
          earned += discount * batch.rewards[o]![0]!;
        }
        for (const { id: any } of world.objectives) {
          unless(world.optimalActions(batch, 0, any, gamma) === 0, `${any}: an ended episode still has optimal moves`);
        }
        if (optimum.kind === "exact") {
          unless(
            isClose(earned, optimum.value),
            () => `${id}: optimal moves earn ${earned}, the optimum is ${optimum.value}, on\n${world.print(level)}`,
          );
          if (optimum.value > 0) unless(world.achieved(batch, 0, o) > 0, `${id}: earned all, and achieved nothing`);
        } else {
          unless(earned <= optimum.value + 1e-5, () => `${id}: ${earned} beats the bound ${optimum.value}`);
        }
      }
    }
  }
  return found;
}

function countsEpisodes(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  const random = rng(81);
  const size = 32;
  const batch = started(world, size, random, DECOUPLED);
  const actions = new Uint8Array(size);
  const before = new Int32Array(size);
  const served = new Set<number>();
  let cut = 0;
  for (let t = 0; t < 800; t++) {
    before.set(batch.time);
    const ended = batch.step(randomActions(world, actions, random));
    unless(ended === batch.done.filter((done) => done !== 0).length, "step returns another number than has ended");
    for (let slot = 0; slot < size; slot++) {
      unless(batch.time[slot] === before[slot]! + 1, "time does not count steps");
      unless(batch.time[slot]! <= world.horizon, "an episode goes on after the horizon");
      if (batch.done[slot] === 0) continue;
      if (batch.done[slot] === 2) cut++;
      served.add(world.served(batch, slot));
      for (const o of world.objectives.keys()) {
        const share = world.achieved(batch, slot, o);
        unless(share >= 0 && share <= 1, `achieved is ${share}; expected a share in [0, 1]`);
      }
    }
    restart(world, batch, random, DECOUPLED);
  }
  unless(cut > 0, "random play never runs into the time limit");
  // Random play on distinguishing levels serves each objective now and then.
  for (const [o, { id }] of world.objectives.entries()) unless(served.has(o), `random play never serves ${id}`);
  for (const which of served) {
    unless(which === -1 || world.objectives[which] !== undefined, `served is ${which}; expected an objective or −1`);
  }
  return found;
}

function seesService(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  const random = rng(91);
  for (const [o, { id }] of world.objectives.entries()) {
    const levels: readonly Level[] = drawn(world, 40, DECOUPLED, "test", 92);
    const seen = new Map<number, number>();
    const step = optimalPlay(world, id, 0.97, random);
    for (const level of levels) {
      const batch = world.batch(1);
      begin(batch, 0, level, 93);
      while (batch.done[0] === 0) step(batch);
      const which = world.served(batch, 0);
      seen.set(which, (seen.get(which) ?? 0) + 1);
    }
    const undecided = seen.get(-1) ?? 0;
    unless(undecided / levels.length < 0.6, `${id}: pursued, it is seen to serve nothing on ${undecided} of 40 levels`);
    const own = seen.get(o) ?? 0;
    const share = own / Math.max(1, levels.length - undecided);
    unless(share > 0.8, `${id}: pursued, it is seen to be served on ${own} of ${levels.length - undecided} levels`);
  }
  return found;
}

function candidatesMark(world: World): readonly string[] {
  const { found, unless } = noBreaches();
  const random = rng(101);
  const size = 32;
  const batch = started(world, size, random, DECOUPLED);
  const actions = new Uint8Array(size);
  const out = new Uint8Array(world.height * world.width);
  const marked = new Map<string, number>();
  for (let t = 0; t < 30; t++) {
    for (const candidate of world.candidates) {
      for (let slot = 0; slot < size; slot++) {
        out.fill(7);
        const said = candidate.mark(batch, slot, out);
        const { walls } = batch.levels[slot]!;
        const isSound = out.every((mark, cell) => mark === 0 || (mark === 1 && walls[cell] === 0));
        unless(isSound, `${candidate.id} marks walls, or with other numbers than 0 and 1`);
        const count = out.reduce((sum, mark) => sum + (mark === 0 ? 0 : 1), 0);
        unless(count === said, `${candidate.id} marks ${count} cells and says ${said}`);
        marked.set(candidate.id, (marked.get(candidate.id) ?? 0) + said);
      }
    }
    batch.step(randomActions(world, actions, random));
    restart(world, batch, random, DECOUPLED);
  }
  for (const [id, n] of marked) unless(n > 0, `${id} never marks anything`);
  return found;
}
