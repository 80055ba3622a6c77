import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import { registerGpuOp } from "../../device/webgpu/kernels/register.ts";
import { rowUnits, unitGroups } from "../../device/webgpu/kernels/row_units.ts";
import type { AttentionOptions } from "../attention/reference.ts";
import { attentionUniforms } from "../attention/webgpu.ts";
import { clsAttentionDefinition } from "./reference.ts";
import { clsGradient, clsRows } from "./wgsl/gradient.ts";
import { headFeatures, headWeights } from "./wgsl/products.ts";
import { clsForward } from "./wgsl/value.ts";

/** The sums of each head that are rows of [B, 2, heads, H], in order. */
const [FOR_KEYS, FOR_VALUES] = [0, 1];

/** What the kernels are made for and told. */
function plan(
  [examples, width]: readonly number[],
  { heads }: AttentionOptions,
) {
  const depth = width / heads;
  return {
    shape: { width, depth },
    constants: { vectors: width % 4 === 0 && depth % 4 === 0 },
    sizes: { examples, heads, depth, width },
    sumsShape: [examples, 2, heads, width],
  };
}

/** A head's features from sums of rows, with a bias or none: [B, H]. */
function features(
  backend: GpuBackend,
  tensors: Record<"sums" | "weight", TensorInfo> & {
    bias?: TensorInfo;
    kepts?: TensorInfo;
  },
  { kind, constants, sizes }: ReturnType<typeof plan> & { kind: number },
): TensorInfo {
  const { examples, heads, depth, width } = sizes;
  const y = backend.output([examples, width]);
  const biased = tensors.bias !== undefined;
  backend.runProduct({
    name: "attention.cls.features",
    kernelOf: (tile) => headFeatures({ ...constants, biased, ...tile }),
    tensors: { ...tensors, y },
    uniforms: { ...sizes, kind },
    size: { rows: examples, columns: depth, inner: width, batches: heads },
  });
  return y;
}

function forward(
  backend: GpuBackend,
  inputs: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const { query, x, keyWeight, valueWeight, valueBias } = inputs;
  const { heads, packing: { starts, examples } } = options;
  const planned = plan(query.shape, options);
  const { shape, sumsShape } = planned;
  const sums = backend.output(sumsShape);
  const kepts = backend.output([examples, heads]);
  const probabilities = backend.output([x.shape[0], heads]);
  backend.run(clsForward(shape), {
    tensors: { query, x, keyWeight, starts, sums, kepts, probabilities },
    uniforms: attentionUniforms(options, shape.depth),
    groups: [examples, heads],
  });
  const y = features(
    backend,
    { sums, weight: valueWeight, bias: valueBias, kepts },
    { ...planned, kind: FOR_VALUES },
  );
  return [y, sums, kepts, probabilities];
}

function gradient(
  backend: GpuBackend,
  inputs: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const { dy, query, x, keyWeight, valueWeight, valueBias } = inputs;
  const { residual0: sums, residual1: kepts, residual2: probabilities } =
    inputs;
  const { heads, packing: { starts, examples } } = options;
  const planned = plan(query.shape, options);
  const { shape, sumsShape } = planned;
  const dSums = backend.output(sumsShape);
  const slopes = backend.output([x.shape[0], heads, 2]);
  const reads = { dy, x, valueWeight, valueBias, starts, probabilities };
  backend.run(clsGradient(shape), {
    tensors: { ...reads, dSums, slopes },
    uniforms: attentionUniforms(options, shape.depth),
    groups: [examples, heads],
  });
  const dx = rowsGradient(backend, { x, sums, dSums, slopes }, options);
  const dQuery = features(
    backend,
    { sums: dSums, weight: keyWeight },
    { ...planned, kind: FOR_KEYS },
  );
  const dWeights = weightsGradient(
    backend,
    { query, dy, sums, dSums, kepts },
    planned,
  );
  for (const { dataId } of [dSums, slopes]) backend.disposeData(dataId);
  const [dKeyWeight, dValueWeight, dValueBias] = dWeights;
  const dKeyBias = backend.zeros(shape.width);
  return [dQuery, dx, dKeyWeight, dKeyBias, dValueWeight, dValueBias];
}

/** The gradient of x. */
function rowsGradient(
  backend: GpuBackend,
  { x, ...reads }: Record<"x" | "sums" | "dSums" | "slopes", TensorInfo>,
  { heads, packing }: AttentionOptions,
): TensorInfo {
  const [rows, width] = x.shape;
  const dx = backend.output(x.shape);
  const { element, units } = rowUnits(width);
  const { examples } = packing.rowIndices("all");
  backend.run(clsRows({ element }), {
    tensors: { ...reads, examples, dx },
    uniforms: { rows, units, heads, first: packing.first },
    groups: unitGroups(rows, units),
  });
  return dx;
}

/** The gradients of the keys' weight, and of the values' weight and bias. */
function weightsGradient(
  backend: GpuBackend,
  reads: Record<"query" | "dy" | "sums" | "dSums" | "kepts", TensorInfo>,
  { constants, sizes }: ReturnType<typeof plan>,
): TensorInfo[] {
  const { examples, heads, depth, width } = sizes;
  const [keyWeight, valueWeight] = [0, 1]
    .map(() => backend.output([width, width]));
  const valueBias = backend.output([width]);
  backend.runProduct({
    name: "attention.cls.dW",
    kernelOf: (tile) => headWeights({ ...constants, ...tile }),
    tensors: { ...reads, keyWeight, valueWeight, valueBias },
    uniforms: sizes,
    size: {
      rows: depth,
      // The bias' gradient is a column more.
      columns: width + 1,
      inner: examples,
      batches: 2 * heads,
    },
  });
  return [keyWeight, valueWeight, valueBias];
}

registerGpuOp(clsAttentionDefinition, { forward, gradient });
