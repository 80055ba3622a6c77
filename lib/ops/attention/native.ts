import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "../../device/native/backend.ts";
import { type MatrixPlace, placeOf } from "../../device/native/products.ts";
import { registerRoom } from "../../device/native/register.ts";
import { keepScale, thresholdOf } from "../dropout/mask.ts";
import type { Packing, Rows } from "../packing.ts";
import type { AttentionOptions } from "./mod.ts";

const up4 = (n: number) => (n + 3) & ~3;

/** Where each example's probabilities begin, in floats, and their number. */
function placeProbabilities(
  { offsets, examples }: Packing,
  rows: Rows,
  heads: number,
): { starts: Int32Array; total: number } {
  const starts = new Int32Array(examples);
  let total = 0;
  for (let b = 0; b < examples; b++) {
    const length = offsets[b + 1] - offsets[b];
    starts[b] = total;
    total += heads * (rows === "all" ? length : 1) * up4(length);
  }
  return { starts, total };
}

/** Queries, keys and values, or the gradients of these. */
interface Operands {
  query: MatrixPlace;
  key: MatrixPlace;
  value: MatrixPlace;
}

/** The parts of `query` [B, H] and of `projected`, [T, 3H] or [T, 2H]. */
function operandsOf(
  backend: NativeBackend,
  { query, projected }: Record<string, TensorInfo>,
): Operands {
  const count = projected.shape[1] / (query ? 2 : 3);
  const part = (i: number) =>
    placeOf(backend, { of: projected, first: i * count, count });
  return query
    ? { query: placeOf(backend, query), key: part(0), value: part(1) }
    : { query: part(0), key: part(1), value: part(2) };
}

/** Runs one of the two kernels with the words that they share. */
function runKernel(
  backend: NativeBackend,
  name: "attentionForward" | "attentionBackward",
  tensors: Operands & { context: TensorInfo; probabilities: TensorInfo },
  options: AttentionOptions & {
    rows: Rows;
    starts: Int32Array;
    gradients?: Operands;
  },
): void {
  const { packing, heads, rows, dropout, starts, gradients } = options;
  const { query, key, value, context, probabilities } = tensors;
  const { examples, longest, offsets } = packing;
  const width = query.columns;
  const depth = width / heads;
  const queries = rows === "all" ? longest : 1;
  const space = 4 * (2 * queries * up4(longest) +
    8 * up4(longest) * up4(depth));
  const words = 2 * examples + 1;
  backend.withScratch(4 * words + space * backend.threads, (scratch) => {
    const places = backend.intsAt(scratch, words);
    places.set(starts);
    places.set(offsets, examples);
    backend.run(name, probabilities.shape[0] * depth, [
      query.address,
      key.address,
      value.address,
      backend.address(context),
      backend.address(probabilities),
      scratch,
      scratch + 4 * examples,
      examples,
      width,
      heads,
      rows === "cls" ? 1 : 0,
      scratch + 4 * words,
      space,
      dropout?.key ?? 0,
      dropout ? thresholdOf(dropout.rate) : 0,
    ], [
      dropout ? keepScale(dropout.rate) : 1,
      1 / Math.sqrt(depth),
    ], [
      packing.first,
      query.stride,
      key.stride,
      gradients?.query.address ?? 0,
      gradients?.key.address ?? 0,
      gradients?.value.address ?? 0,
    ]);
  });
}

function forward(
  backend: NativeBackend,
  inputs: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const { packing, heads } = options;
  const rows = inputs.query ? "cls" : "all";
  const { starts, total } = placeProbabilities(packing, rows, heads);
  const operands = operandsOf(backend, inputs);
  const context = backend.output([
    packing.rowCount(rows),
    operands.query.columns,
  ]);
  const probabilities = backend.output([total]);
  runKernel(
    backend,
    "attentionForward",
    { ...operands, context, probabilities },
    { ...options, rows, starts },
  );
  return [context, probabilities];
}

function gradient(
  backend: NativeBackend,
  { dy, residual0, ...inputs }: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const { packing, heads } = options;
  const rows = inputs.query ? "cls" : "all";
  const { starts } = placeProbabilities(packing, rows, heads);
  const gradients = Object.fromEntries(
    Object.entries(inputs).map((
      [name, { shape }],
    ) => [name, backend.output(shape)]),
  );
  runKernel(
    backend,
    "attentionBackward",
    { ...operandsOf(backend, inputs), context: dy, probabilities: residual0 },
    { ...options, rows, starts, gradients: operandsOf(backend, gradients) },
  );
  return Object.values(gradients);
}

registerRoom<AttentionOptions>("Attention", { forward, gradient });
registerRoom<AttentionOptions>("ClsAttention", { forward, gradient });
