/**
 * @file Readers of recurrent cells, unrolled over their fixed number of steps.
 *
 * Shapes, one direction of them: input `[steps, batch, in]`, `W [gates·h, in]`,
 * `R [gates·h, h]`, biases `[2·gates·h]`, results `[steps, directions, batch, h]`.
 * Source: the RNN, GRU and LSTM sections of the ONNX operator specification.
 */
import type { Tensor } from "../../graph.ts";
import * as ops from "../../ops.ts";
import type { Reader, Readers, Site } from "./site.ts";

const { add, concat, constant, matmul, mul, reshape, sigmoid, slice, sub, tanh } = ops;

/** The weights of one direction; `ofInput` and `ofState` cut a vector or product into its gates. */
interface Cell {
  readonly hidden: number;
  readonly recurrent: Tensor;
  readonly inputBias: Tensor;
  readonly stateBias: Tensor;
}

/** State after a step; the first tensor is the one that is put out. */
type State = readonly Tensor[];

/** One step: `x · Wᵀ` of the input `[batch, gates·h]`, and the state before. */
type Step = (projected: Tensor, state: State, cell: Cell) => State;

const gate = (x: Tensor, i: number, hidden: number): Tensor =>
  slice(x, { axis: -1, start: i * hidden, end: (i + 1) * hidden });

const ofState = (h: Tensor, { recurrent, stateBias }: Cell): Tensor =>
  add(matmul(h, recurrent, { transposeB: true }), stateBias);

const elman: Step = (projected, [h], cell) => [tanh(add(add(projected, cell.inputBias), ofState(h!, cell)))];

/** Gates in the order input, output, forget, candidate. */
const lstm: Step = (projected, [h, c], cell) => {
  const all = add(add(projected, cell.inputBias), ofState(h!, cell));
  const part = (i: number) => gate(all, i, cell.hidden);
  const next = add(mul(sigmoid(part(2)), c!), mul(sigmoid(part(0)), tanh(part(3))));
  return [mul(sigmoid(part(1)), tanh(next)), next];
};

/** Gates in the order update, reset, candidate; `resetsProduct`: the reset scales the product, not the state. */
const gru =
  (resetsProduct: boolean): Step =>
  (projected, [h], cell) => {
    const fromInput = add(projected, cell.inputBias);
    const fromState = ofState(h!, cell);
    const x = (i: number) => gate(fromInput, i, cell.hidden);
    const r = (i: number) => gate(fromState, i, cell.hidden);
    const update = sigmoid(add(x(0), r(0)));
    const reset = sigmoid(add(x(1), r(1)));
    const start = 2 * cell.hidden;
    const candidateWeights = slice(cell.recurrent, { axis: 0, start });
    const candidateBias = slice(cell.stateBias, { axis: 0, start });
    const recalled = resetsProduct
      ? mul(reset, r(2))
      : add(matmul(mul(reset, h!), candidateWeights, { transposeB: true }), candidateBias);
    const candidate = tanh(add(x(2), recalled));
    return [add(mul(sub(1, update), candidate), mul(update, h!))];
  };

export const recurrentReaders: Readers = {
  RNN: unrolled(1, 1, ["Tanh"], () => elman),
  LSTM: unrolled(4, 2, ["Sigmoid", "Tanh", "Tanh"], (site) => {
    if (site.int("input_forget", 0) !== 0) site.refuse("coupled gates");
    if (site.optional(7)) site.refuse("peepholes");
    return lstm;
  }),
  GRU: unrolled(3, 1, ["Sigmoid", "Tanh"], (site) => gru(site.int("linear_before_reset", 0) !== 0)),
};

/** A reader of a cell with so many gates and state tensors, with its usual activations. */
function unrolled(gates: number, states: number, activations: readonly string[], stepOf: (site: Site) => Step): Reader {
  return (site) => {
    const directions = settings(site, activations);
    const step = stepOf(site);
    const input = site.x(0);
    const [steps, batch] = input.shape as readonly [number, number, number];
    const hidden = site.x(2).shape.at(-1)!;
    const rows = reshape(input, [steps * batch, -1]);
    const runs = directions.map((reversed, d) => {
      const weights = at(site.x(1), d);
      const biases = site.optional(3);
      const half = (i: number) => (biases ? gate(at(biases, d), i, gates * hidden) : constant(0, [gates * hidden]));
      const cell: Cell = { hidden, recurrent: at(site.x(2), d), inputBias: half(0), stateBias: half(1) };
      // The products with the input need no state: all steps at once.
      const projected = reshape(matmul(rows, weights, { transposeB: true }), [steps, batch, gates * hidden]);
      let state: State = Array.from({ length: states }, (_, i) => {
        const given = site.optional(5 + i);
        return given ? at(given, d) : constant(0, [batch, hidden]);
      });
      const visible = new Array<Tensor>(steps);
      for (let k = 0; k < steps; k++) {
        const t = reversed ? steps - 1 - k : k;
        state = step(at(projected, t), state, cell);
        visible[t] = state[0]!;
      }
      return { visible, state };
    });
    const stacked = (parts: readonly Tensor[], axis: number) =>
      concat(
        parts.map((part) => insert(part, axis)),
        axis,
      );
    const sequence = stacked(
      Array.from({ length: steps }, (_, t) =>
        stacked(
          runs.map(({ visible }) => visible[t]!),
          0,
        ),
      ),
      0,
    );
    const last = Array.from({ length: states }, (_, i) =>
      stacked(
        runs.map(({ state }) => state[i]!),
        0,
      ),
    );
    return [sequence, ...last];
  };
}

/** Entry `i` of the first axis, which goes. */
const at = (x: Tensor, i: number): Tensor => reshape(slice(x, { axis: 0, start: i, end: i + 1 }), x.shape.slice(1));

/** A new axis of length one. */
const insert = (x: Tensor, axis: number): Tensor => reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);

/** Whether each direction runs backward; settings other than the usual ones are refused. */
function settings(site: Site, usual: readonly string[]): readonly boolean[] {
  const { int, text, texts, optional, numbers, x, refuse } = site;
  int("hidden_size", 0); // the weights say it too
  const direction = text("direction", "forward");
  const directions = DIRECTIONS[direction] ?? refuse(`direction ${direction}`);
  const activations = texts("activations") ?? directions.flatMap(() => usual);
  const isUsual = activations.every((name, i) => name.toLowerCase() === usual[i % usual.length]!.toLowerCase());
  if (!isUsual) return refuse(`activations ${activations.join(", ")}`);
  if (int("layout", 0) !== 0) return refuse("batches first");
  const [steps] = x(0).shape;
  if (optional(4) && numbers(4).some((length) => length !== steps)) return refuse("sequences of several lengths");
  return directions;
}

const DIRECTIONS: Readonly<Record<string, readonly boolean[]>> = {
  forward: [false],
  reverse: [true],
  bidirectional: [false, true],
};
