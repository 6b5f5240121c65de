/**
 * @file A policy that was read into a graph, in a room of another size: the same
 * weights where nothing in its network is tied to the size of the room.
 */
import { LabError } from "../core/errors.ts";
import type { PolicyShape } from "../network.ts";
import type { Inside, Subject } from "../subject.ts";
import type { Graph, Program } from "../tensor/index.ts";
import { logitsSubject } from "./inference.ts";
import { tracedInside } from "./inside.ts";

/** Observations a call, at most: bounds the memory of one evaluation. */
const MOST_ROWS = 512;
/** Observations with which the shapes of both rooms are traced: unlike one, told apart from an axis of length 1. */
const TRIAL_ROWS = 2;

/**
 * The subject in a larger room, or undefined where its network does not fit one:
 * it cannot be read there, it scores something else than the actions, or some value
 * in it has more than one cell and does not grow with the room, so that only a part
 * of the room would be looked at.
 *
 * It answers with its scores alone; what is inside is that of the subject at home.
 *
 * @param shape of observations in the larger room
 */
export function inLargerRoom(subject: Subject, shape: PolicyShape, id: string): Subject | undefined {
  const { inside } = subject;
  if (!inside || inside.rows !== undefined) return undefined;
  const [home, there] = [shapesOf(inside, subject.shape), shapesOf(inside, shape)];
  if (!home || !there) return undefined;
  const [rows, actions, ...rest] = there.logits;
  if (rows !== TRIAL_ROWS || actions !== shape.actions || rest.length > 0) return undefined;
  for (const [site, own] of home.sites) {
    const larger = there.sites.get(site);
    if (!larger || !growsFrom(own, larger)) return undefined;
  }
  return logitsSubject(id, { shape, logits: scorer(inside, shape) }, []);
}

interface Shapes {
  readonly logits: readonly number[];
  readonly sites: ReadonlyMap<string, readonly number[]>;
}

/** Shapes of everything that depends on the observation, or undefined where the network does not take its size. */
function shapesOf(inside: Inside, shape: PolicyShape): Shapes | undefined {
  const sites = new Map<string, readonly number[]>();
  let graph: Graph;
  try {
    graph = tracedInside(inside, shape, TRIAL_ROWS, (_, __, pass) => {
      for (const [name, tensor] of Object.entries(pass.sites)) sites.set(name, tensor.shape);
      return { logits: pass.logits };
    });
  } catch (error) {
    if (error instanceof LabError) return undefined;
    throw error;
  }
  return { logits: graph.outputs.logits!.shape, sites };
}

/**
 * Is a value as large as the room asks for? Beside the batch one axis may keep its length, that of the channels or
 * features, and so may those that have been summed up to 1; cells that stay as many as they were have been cut out.
 */
function growsFrom(home: readonly number[], larger: readonly number[]): boolean {
  if (home.length !== larger.length) return false;
  const axes = home.map((_, axis) => axis).slice(1);
  if (axes.some((axis) => larger[axis]! < home[axis]!)) return false;
  return axes.filter((axis) => home[axis]! > 1 && larger[axis] === home[axis]).length <= 1;
}

/** Logits in programs of a few sizes, each loaded once. */
function scorer(inside: Inside, shape: PolicyShape) {
  const programs = new Map<number, Promise<Program>>();
  const program = (batch: number): Promise<Program> => {
    const known = programs.get(batch);
    if (known) return known;
    const loaded = inside.executor.load(tracedInside(inside, shape, batch, (_, __, { logits }) => ({ logits })));
    programs.set(batch, loaded);
    return loaded;
  };
  const size = shape.planes * shape.height * shape.width;
  return async (observations: Uint8Array, n: number): Promise<Float32Array> => {
    const all = new Float32Array(n * shape.actions);
    for (let at = 0; at < n; at += MOST_ROWS) {
      const count = Math.min(MOST_ROWS, n - at);
      const batch = 2 ** Math.ceil(Math.log2(count));
      const planes = new Float32Array(batch * size);
      planes.set(observations.subarray(at * size, (at + count) * size));
      const { logits } = await (await program(batch)).run({ ...inside.weights, planes });
      all.set((logits as Float32Array).subarray(0, count * shape.actions), at * shape.actions);
    }
    return all;
  };
}
