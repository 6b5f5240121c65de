/**
 * @file Growing one organism: build what its spec names, train, measure the goal
 * it realizes, and write the record. Runs anywhere; what touches the outside
 * comes in as ports.
 */

import { LabError } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";
import { rng } from "../core/rng.ts";
import type { Level } from "../env.ts";
import { fixedLevels, levelSource } from "../levels.ts";
import { initialize, initializeBlank, type Network, type Weights } from "../network.ts";
import type { CurveRow } from "../optimizer.ts";
import type { Checkpoint, OrganismRecord, TrainingSpec } from "../organism.ts";
import { parseParams } from "../plugin.ts";
import { savePolicy } from "../policy/file.ts";
import { hashWeights, networkSubject, policyShape } from "../policy/inference.ts";
import { type Executor, readOnnx } from "../tensor/index.ts";
import { type SavedRun, train } from "../train.ts";
import { realizedTruth } from "./realized.ts";
import { findOptimizer, findOrganism, makeNetwork, makeWorld } from "./registry.ts";
import { decodeRun, encodeRun, type GrowingRun } from "./saved-run.ts";

/** What growing may ask of the outside. */
export interface GrowPorts {
  readonly executor: Executor;
  /** The run's last checkpoint, if it was interrupted. */
  readonly checkpoint?: Uint8Array;
  /** Policy file of the organism that {@link TrainingSpec.from} names. */
  readonly parent?: Uint8Array;
  saveCheckpoint(bytes: Uint8Array): Promise<void>;
  /** Keep a policy file; returns its content hash. */
  put(bytes: Uint8Array): Promise<string>;
  /** Milliseconds from any origin. */
  clock(): number;
  /** Version of the code, for the record and to refuse checkpoints of another version. */
  readonly code: string;
  onUpdate?(row: CurveRow, updates: number, total: number): void;
  isStopping?(): boolean;
  /** Hears where an interrupted run continues, or why it starts over. */
  onNotice?(text: string): void;
}

/** The same spec is the same run. */
export const runId = (spec: TrainingSpec): string => hashJson(spec);

/** What draws the levels of a fixed set: of the training seed, so that each seed has a set of its own. */
const levelRng = ({ seed }: TrainingSpec) => rng(seed).fork("levels");

/** The only levels that a run ever saw, drawn again from its spec; none where it saw fresh ones. */
export function levelsSeen(spec: TrainingSpec): readonly Level[] {
  const { levels, mixture, task } = spec;
  return levels.kind === "fixed" ? fixedLevels(levels.count, makeWorld(task), mixture, levelRng(spec)) : [];
}

/** Updates between checkpoints: about half a second of training. */
const CHECKPOINT_UPDATES = 32;

/** Shares of the training after which the weights are put away: how a goal forms is seen by auditing these. */
const KEPT_AFTER = [1 / 8, 1 / 4, 1 / 2];

/**
 * Train the organism that a spec describes, or continue where it stopped.
 *
 * @throws {LabError} `run/interrupted` after saving, `input/unknown-id`, `input/invalid`
 */
export async function growOne(spec: TrainingSpec, ports: GrowPorts): Promise<OrganismRecord> {
  const { executor, code } = ports;
  const run = runId(spec);
  const recipe = findOrganism(spec.organism.id);
  const world = makeWorld(spec.task);
  const shape = policyShape(world);
  const network = makeNetwork(spec.network, world);
  const random = rng(spec.seed);
  const initial =
    spec.from === undefined ? initialize(network, random.fork("weights")) : inherited(spec, network, ports);
  const begun = ports.clock();

  const onnxFile = (weights: Weights) =>
    savePolicy({ network, weights, world, task: spec.task, architecture: spec.network });
  let weights = initial;
  let curve: readonly CurveRow[] = [];
  const checkpoints: Checkpoint[] = [];
  const putAway = async (frames: number, now: Weights) => {
    checkpoints.push({ frames, onnx: await ports.put(onnxFile(now)) });
  };
  if (spec.frames > 0) {
    const optimizer = findOptimizer(spec.optimizer.id);
    const params = parseParams(optimizer, spec.optimizer.params);
    const slots = Number(params.environments ?? params.batch);
    const learner = await optimizer.start(
      {
        world,
        network,
        shape,
        executor,
        mixture: spec.mixture,
        reward: world.objectives.map(
          ({ id }, o) => spec.reward[id] ?? (Object.keys(spec.reward).length === 0 && o === 0 ? 1 : 0),
        ),
        levels: levelSource(spec.levels, world, spec.mixture, slots, levelRng(spec)),
        frames: spec.frames,
        rng: random.fork("training"),
      },
      params,
      initial,
    );
    const saved =
      ports.checkpoint === undefined ? undefined : continued(spec, decodeRun(ports.checkpoint, run, code), ports);
    checkpoints.push(...(saved?.checkpoints ?? []));
    const isDue = (updates: number) => updates % CHECKPOINT_UPDATES === 0;
    curve = await train(learner, spec.frames, {
      ...(saved ? { saved } : {}),
      ...(ports.onUpdate ? { onUpdate: ports.onUpdate.bind(ports) } : {}),
      ...(ports.isStopping ? { isStopping: ports.isStopping.bind(ports) } : {}),
      keep: (updates, total) =>
        (spec.keep ?? KEPT_AFTER).some((share) => updates < total && updates === Math.ceil(share * total))
          ? putAway(updates * learner.framesPerUpdate, learner.weights())
          : undefined,
      isDue,
      save: (state: SavedRun) => ports.saveCheckpoint(encodeRun({ ...state, checkpoints }, run, code)),
    });
    weights = learner.weights();
  }
  await putAway(curve.at(-1)?.frames ?? 0, weights);
  const trainingMs = ports.clock() - begun;
  return {
    format: "mesascope-organism/1",
    run,
    spec,
    constructed: recipe.truth(parseParams(recipe, spec.organism.params)),
    realized: await realizedTruth(
      world,
      networkSubject(network, weights, shape, executor),
      networkSubject(network, initializeBlank(network, random.fork("weights")), shape, executor),
      random.fork("truth"),
    ),
    code,
    executor: executor.id,
    weightsHash: hashWeights(weights),
    checkpoints,
    curve,
    trainingMs,
  };
}

/** The weights of the organism that it continues. @throws {LabError} `input/invalid` where they are not there or do not fit */
function inherited({ from }: TrainingSpec, network: Network, { parent }: GrowPorts): Weights {
  const read = parent === undefined ? undefined : readOnnx(parent);
  const weights: Weights = read && "graph" in read ? read.parameters : {};
  const missing = Object.entries(network.parameters).find(
    ([name, { shape }]) => weights[name]?.length !== shape.reduce((product, size) => product * size, 1),
  )?.[0];
  if (missing === undefined) return weights;
  throw new LabError(
    "input/invalid",
    `grow: the weights of run ${from} do not fit, got ${weights[missing]?.length ?? "none"} numbers for "${missing}"; expected those of the same network`,
    { hint: "Grow the parent first, with the same network." },
  );
}

/** The saved run where there is one to continue; says so, or why not. */
function continued(
  { organism, task, seed, frames }: TrainingSpec,
  saved: ReturnType<typeof decodeRun>,
  { onNotice }: GrowPorts,
): GrowingRun | undefined {
  const label = `${organism.id}  ${task.env}  seed ${seed}`;
  if ("problem" in saved) {
    onNotice?.(`${label}  starts over: ${saved.problem}`);
    return undefined;
  }
  onNotice?.(`${label}  continues after ${saved.curve.at(-1)?.frames ?? 0} of ${frames} frames`);
  return saved;
}
