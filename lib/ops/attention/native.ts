import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "../../device/native/backend.ts";
import { registerRoom } from "../../device/native/register.ts";
import { keepScale, thresholdOf } from "../dropout/mask.ts";
import type { Packing, Rows } from "../packing.ts";
import type { AttentionAttributes } from "./mod.ts";

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

/** Runs one of the two kernels with the words that they share. */
function runKernel(
  backend: NativeBackend,
  name: "attentionForward" | "attentionBackward",
  tensors: {
    query: TensorInfo;
    key: TensorInfo;
    value: TensorInfo;
    context: TensorInfo;
    probabilities: TensorInfo;
  },
  options: AttentionAttributes & { starts: Int32Array; gradients: number[] },
): void {
  const { packing, heads, rows, dropout, starts, gradients } = options;
  const { examples, longest, offsets } = packing;
  const width = tensors.key.shape[1];
  const depth = width / heads;
  const queries = rows === "all" ? longest : 1;
  const space = 4 * (2 * queries * up4(longest) +
    8 * up4(longest) * up4(depth));
  const words = 2 * examples + 1;
  backend.withScratch(4 * words + space * backend.threads, (scratch) => {
    const places = backend.intsAt(scratch, words);
    places.set(starts);
    places.set(offsets, examples);
    backend.run(name, tensors.probabilities.shape[0] * depth, [
      backend.address(tensors.query),
      backend.address(tensors.key),
      backend.address(tensors.value),
      backend.address(tensors.context),
      backend.address(tensors.probabilities),
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
    ], [packing.first, ...gradients]);
  });
}

function forward(
  backend: NativeBackend,
  { query, key, value }: Record<string, TensorInfo>,
  attributes: AttentionAttributes,
): TensorInfo[] {
  const { packing, rows, heads } = attributes;
  const { starts, total } = placeProbabilities(packing, rows, heads);
  const context = backend.output(query.shape);
  const probabilities = backend.output([total]);
  runKernel(
    backend,
    "attentionForward",
    { query, key, value, context, probabilities },
    { ...attributes, starts, gradients: [] },
  );
  return [context, probabilities];
}

function gradient(
  backend: NativeBackend,
  { dy, query, key, value, residual0 }: Record<string, TensorInfo>,
  attributes: AttentionAttributes,
): TensorInfo[] {
  const { packing, rows, heads } = attributes;
  const { starts } = placeProbabilities(packing, rows, heads);
  const gradients = [query, key, value].map(({ shape }) =>
    backend.output(shape)
  );
  runKernel(
    backend,
    "attentionBackward",
    { query, key, value, context: dy, probabilities: residual0 },
    {
      ...attributes,
      starts,
      gradients: gradients.map((tensor) => backend.address(tensor)),
    },
  );
  return gradients;
}

registerRoom<AttentionAttributes>("Attention", { forward, gradient });
