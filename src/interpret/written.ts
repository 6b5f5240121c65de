/**
 * @file Writes into a network: a direction added, a probe's logit pushed to a
 * target, or activations replaced by those of another observation. A written
 * subject is a subject: it can be asked, and played.
 */
import { assert, LabError } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import type { PolicyShape, Site } from "../network.ts";
import { tracedInside } from "../policy/inside.ts";
import { type Access, type Inside, type Subject, sampleActions } from "../subject.ts";
import {
  add,
  div,
  type Edit,
  max,
  mul,
  type Program,
  reshape,
  type Spec,
  sqrt,
  sub,
  substitute,
  sum,
  type Tensor,
  type TensorData,
} from "../tensor/index.ts";
import type { LinearFit } from "../theory/numerics/linear-fit.ts";
import type { Activation } from "./activations.ts";
import { asInside, channelsFirst, describeSite, type SiteInfo, siteTensor } from "./sites.ts";

/** Cells that a write touches on a row; on sites with cells only, where it defaults to all. */
export type Where = (row: number, observation: Uint8Array) => readonly number[];

/** A direction added to an activation, at some cells. */
export interface Addition {
  readonly kind: "add";
  readonly site: Site;
  /** `[channels]` */
  readonly direction: Float32Array;
  /**
   * How far: `size` times the direction; or the least way along it on which
   * `direction · activation + bias` reaches `target`, none where it is above.
   */
  readonly amount: { readonly size: number } | { readonly bias: number; readonly target: number };
  readonly where?: Where;
}

/** An activation replaced. */
export interface Replacement {
  readonly kind: "replace";
  readonly site: Site;
  /** Write the replacement of a row, `[channels, cells]`, into `out`. */
  fill(row: number, out: Float32Array): void;
  /** Channels that are replaced; all, when absent. */
  readonly only?: readonly number[];
  readonly where?: Where;
}

export type Write = Addition | Replacement;

/**
 * The write that pushes the logit of class `k` of a probe to `target`, or its
 * margin over class `against`: the smallest change of the activation that does so.
 */
export function pushTo(
  site: Site,
  fit: LinearFit,
  k: number,
  options: { readonly target: number; readonly against?: number; readonly where?: Where },
): Addition {
  const { target, against, where } = options;
  const weight = (f: number, j: number) => fit.weights[f * fit.classes + j]!;
  const direction = Float32Array.from(
    { length: fit.features },
    (_, f) => weight(f, k) - (against === undefined ? 0 : weight(f, against)),
  );
  const bias = fit.bias[k]! - (against === undefined ? 0 : fit.bias[against]!);
  return { kind: "add", site, direction, amount: { bias, target }, ...(where ? { where } : {}) };
}

/** The write that puts in place of each row's activation the recorded one of row `from[row]`. */
export function patchFrom(
  activation: Activation,
  from: ArrayLike<number>,
  rest: Pick<Replacement, "only" | "where"> = {},
): Replacement {
  const stride = activation.channels * activation.cells;
  return {
    kind: "replace",
    site: activation.site,
    fill: (row, out) => out.set(activation.values.subarray(from[row]! * stride, (from[row]! + 1) * stride)),
    ...rest,
  };
}

export interface WrittenOptions {
  readonly ticks?: number | undefined;
  /** 1 writes, 0 goes through the motions and changes nothing. */
  readonly gain?: 0 | 1;
  /**
   * With a stream, every write goes a random way instead, the same distance: an
   * addition along a random direction, a replacement along a random change of the
   * same norm for each row.
   */
  readonly random?: Rng;
}

/**
 * The subject under writes. Row `i` of a call is row `i` of the writes: play it
 * with as many slots as levels, and row `i` is level `i` until its episode ends.
 *
 * @throws {LabError} `input/invalid` on a subject that cannot be looked into or a direction that does not fit,
 *   `input/unknown-id` on a site that is not there
 */
export function writtenSubject(subject: Subject, writes: readonly Write[], options: WrittenOptions = {}): Subject {
  const { inside, shape } = subject;
  if (!inside) {
    throw new LabError(
      "input/invalid",
      "write: the subject cannot be looked into, got no activations; expected access to them",
    );
  }
  const programs = new Map<number, Promise<WrittenProgram>>();
  const program = (rows: number) => {
    const found = programs.get(rows) ?? writtenProgram(inside, shape, rows, writes, options);
    programs.set(rows, found);
    return found;
  };
  const stride = shape.planes * shape.height * shape.width;
  const logits = async (observations: Uint8Array, n: number) => {
    const rows = inside.rows ?? (n <= 16 ? 16 : 64);
    const { run } = await program(rows);
    const all = new Float32Array(n * shape.actions);
    for (let from = 0; from < n; from += rows) {
      const count = Math.min(rows, n - from);
      const part = await run(observations.subarray(from * stride, (from + count) * stride), from, count);
      all.set(part.subarray(0, count * shape.actions), from * shape.actions);
    }
    return all;
  };
  return {
    id: `${subject.id}#written`,
    shape,
    access: new Set<Access>(["act", "logits"]),
    logits,
    async act(observations, n, rng, actions) {
      sampleActions(await logits(observations, n), n, shape.actions, rng, actions);
    },
  };
}

interface WrittenProgram {
  /** Logits of `count` observations, the first of which is row `from` of the writes. */
  run(observations: Uint8Array, from: number, count: number): Promise<Float32Array>;
}

async function writtenProgram(
  inside: Inside,
  shape: PolicyShape,
  rows: number,
  writes: readonly Write[],
  { ticks, gain = 1, random }: WrittenOptions,
): Promise<WrittenProgram> {
  const infos = siteInfos(inside, shape, rows, writes, ticks);
  const more: Record<string, Spec> = {};
  for (const [i, write] of writes.entries()) Object.assign(more, specsOf(i, write, infos[i]!, rows));
  const graph = tracedInside(
    inside,
    shape,
    rows,
    (feeds: Readonly<Record<string, Tensor>>, _, pass) => {
      const edits = new Map<Tensor, Edit>();
      for (const [i, write] of writes.entries()) {
        const site = siteTensor(pass.sites, write.site);
        const earlier = edits.get(site);
        const edit: Edit = (value) => {
          const first = channelsFirst(earlier ? earlier(value) : value, infos[i]!);
          return asInside(add(first, change(i, write, first, feeds)), infos[i]!);
        };
        edits.set(site, edit);
      }
      return { "written logits": substitute([pass.logits], edits)[0]! };
    },
    { more, ticks },
  );
  const program: Program = await inside.executor.load(graph);
  const fixed = Object.assign({}, ...writes.map((write, i) => constantsOf(i, write, infos[i]!, gain, random?.fork(i))));
  const stride = shape.planes * shape.height * shape.width;
  return {
    async run(observations, from, count) {
      const planes = new Float32Array(rows * stride);
      planes.set(observations.subarray(0, count * stride));
      const feeds: Record<string, TensorData> = { ...inside.weights, ...fixed, planes };
      for (const [i, write] of writes.entries()) {
        const stream = random?.fork(i);
        Object.assign(feeds, rowFeeds(i, write, infos[i]!, { observations, stride, from, count, rows }, stream));
      }
      return (await program.run(feeds))["written logits"] as Float32Array;
    },
  };
}

function siteInfos(
  inside: Inside,
  shape: PolicyShape,
  rows: number,
  writes: readonly Write[],
  ticks: number | undefined,
) {
  const infos: SiteInfo[] = [];
  tracedInside(
    inside,
    shape,
    rows,
    (_, __, { logits, sites }) => {
      for (const { site } of writes) infos.push(describeSite(site, siteTensor(sites, site), shape));
      return { "all logits": logits };
    },
    { ticks },
  );
  for (const [i, write] of writes.entries()) {
    const { site, channels } = infos[i]!;
    if (write.kind === "add" && write.direction.length !== channels) {
      const got = write.direction.length;
      throw new LabError(
        "input/invalid",
        `write: the direction does not fit site "${site}", got ${got} numbers; expected ${channels}`,
      );
    }
  }
  return infos;
}

/** Shapes that stretch over a site's value: of one number a channel, and of one a cell of a row. */
const perChannel = ({ kind, channels }: SiteInfo) => (kind === "grid" ? [1, channels, 1, 1] : [1, channels]);
const perCell = ({ kind, shape }: SiteInfo, rows: number) =>
  kind === "grid" ? [rows, 1, shape[1]!, shape[2]!] : [rows, 1];

function specsOf(i: number, write: Write, info: SiteInfo, rows: number): Record<string, Spec> {
  const spec = (shape: readonly number[]): Spec => ({ shape, dtype: "float32" });
  const common = { [`where ${i}`]: spec(perCell(info, rows)), [`gain ${i}`]: spec([1]) };
  if (write.kind === "add") {
    return {
      ...common,
      [`way ${i}`]: spec(perChannel(info)),
      [`reading ${i}`]: spec(perChannel(info)),
      [`goal ${i}`]: spec([1]),
    };
  }
  const all = [rows, ...info.shape];
  return {
    ...common,
    [`channels ${i}`]: spec(perChannel(info)),
    [`replacement ${i}`]: spec(all),
    [`noise ${i}`]: spec(all),
    [`share ${i}`]: spec([1]),
  };
}

/** What is added to the value at a site. */
function change(i: number, write: Write, value: Tensor, feeds: Readonly<Record<string, Tensor>>): Tensor {
  const fed = (name: string) => feeds[`${name} ${i}`]!;
  const scale = (x: Tensor) =>
    reshape(
      x,
      value.shape.map(() => 1),
    );
  const place = mul(fed("where"), scale(fed("gain")));
  if (write.kind === "add") {
    if ("size" in write.amount) return mul(place, fed("way"));
    const missing = sub(scale(fed("goal")), sum(mul(value, fed("reading")), { axes: 1, keepDims: true }));
    return mul(mul(place, max(missing, 0)), fed("way"));
  }
  const mask = mul(place, fed("channels"));
  const wanted = mul(mask, sub(fed("replacement"), value));
  const axes = value.shape.slice(1).map((_, axis) => axis + 1);
  const norm = (x: Tensor) => sqrt(add(sum(mul(x, x), { axes, keepDims: true }), 1e-12));
  const astray = mul(mask, fed("noise"));
  const random = mul(astray, div(norm(wanted), norm(astray)));
  return add(mul(wanted, sub(1, scale(fed("share")))), mul(random, scale(fed("share"))));
}

/** Feeds that are the same for every row. */
function constantsOf(
  i: number,
  write: Write,
  { channels }: SiteInfo,
  gain: number,
  random: Rng | undefined,
): Record<string, Float32Array> {
  const common = { [`gain ${i}`]: Float32Array.of(gain) };
  if (write.kind === "replace") {
    const chosen = new Float32Array(channels).fill(write.only ? 0 : 1);
    for (const channel of write.only ?? []) chosen[channel] = 1;
    return { ...common, [`channels ${i}`]: chosen, [`share ${i}`]: Float32Array.of(random ? 1 : 0) };
  }
  const { direction, amount } = write;
  const norm = Math.hypot(...direction);
  assert(norm > 0, "a direction of length 0 cannot be written");
  const other = random ? randomUnit(channels, random) : direction.map((x) => x / norm);
  // Along a unit vector: the way to the target is what is missing over the norm of the reading.
  const length = "size" in amount ? amount.size * norm : 1 / norm;
  const goal = "size" in amount ? 0 : amount.target - amount.bias;
  return {
    ...common,
    [`way ${i}`]: other.map((x) => x * length),
    [`reading ${i}`]: direction,
    [`goal ${i}`]: Float32Array.of(goal),
  };
}

function randomUnit(length: number, rng: Rng): Float32Array {
  const values = Float32Array.from({ length }, () => rng.normal());
  const norm = Math.hypot(...values);
  return values.map((x) => x / norm);
}

interface RowRange {
  readonly observations: Uint8Array;
  readonly stride: number;
  readonly from: number;
  readonly count: number;
  readonly rows: number;
}

/** Feeds that differ from row to row. */
function rowFeeds(
  i: number,
  write: Write,
  { kind, channels, cells }: SiteInfo,
  { observations, stride, from, count, rows }: RowRange,
  random: Rng | undefined,
): Record<string, Float32Array> {
  const places = new Float32Array(rows * cells);
  for (let r = 0; r < count; r++) {
    const observation = observations.subarray(r * stride, (r + 1) * stride);
    const where = kind === "grid" ? write.where?.(from + r, observation) : undefined;
    if (where) for (const cell of where) places[r * cells + cell] = 1;
    else places.fill(1, r * cells, (r + 1) * cells);
  }
  if (write.kind === "add") return { [`where ${i}`]: places };
  const size = channels * cells;
  const replacement = new Float32Array(rows * size);
  const noise = new Float32Array(rows * size);
  const chosen = write.only ?? Array.from({ length: channels }, (_, channel) => channel);
  for (let r = 0; r < count; r++) {
    write.fill(from + r, replacement.subarray(r * size, (r + 1) * size));
    // The noise of a row is its own, whichever chunk it comes in; drawn only where it is let through.
    const stream = random?.fork(from + r);
    if (!stream) continue;
    for (let cell = 0; cell < cells; cell++) {
      if (places[r * cells + cell] === 0) continue;
      for (const channel of chosen) noise[r * size + channel * cells + cell] = stream.normal();
    }
  }
  return { [`where ${i}`]: places, [`replacement ${i}`]: replacement, [`noise ${i}`]: noise };
}
