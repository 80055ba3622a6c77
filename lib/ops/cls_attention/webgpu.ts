import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import { registerGpuRoom } from "../../device/webgpu/register.ts";
import { rowUnits, unitGroups } from "../../device/webgpu/row_units.ts";
import type { AttentionOptions } from "../attention/mod.ts";
import { attentionUniforms } from "../attention/webgpu.ts";
import { clsForward } from "./wgsl.ts";
import { clsGradient, clsRows } from "./wgsl_gradient.ts";
import { headFeatures, headWeights } from "./wgsl_products.ts";

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
  const { heads, packing } = options;
  const { starts, examples, first } = packing;
  const planned = plan(query.shape, options);
  const { shape, constants, sizes, sumsShape } = planned;
  const { depth, width } = shape;
  const rows = x.shape[0];
  const dSums = backend.output(sumsShape);
  const slopes = backend.output([rows, heads, 2]);
  backend.run(clsGradient(shape), {
    tensors: {
      ...{ dy, x, valueWeight, valueBias, starts, probabilities },
      dSums,
      slopes,
    },
    uniforms: attentionUniforms(options, depth),
    groups: [examples, heads],
  });
  const dx = backend.output(x.shape);
  const { element, units } = rowUnits(width);
  backend.run(clsRows({ element }), {
    tensors: {
      ...{ sums, dSums, slopes },
      examples: packing.places("all").examples,
      dx,
    },
    uniforms: { rows, units, heads, first },
    groups: unitGroups(rows, units),
  });
  const dQuery = features(
    backend,
    { sums: dSums, weight: keyWeight },
    { ...planned, kind: FOR_KEYS },
  );
  const dKeyWeight = backend.output(keyWeight.shape);
  const dValueWeight = backend.output(valueWeight.shape);
  const dValueBias = backend.output([width]);
  backend.runProduct({
    name: "attention.cls.dW",
    kernelOf: (tile) => headWeights({ ...constants, ...tile }),
    tensors: {
      ...{ query, dy, sums, dSums, kepts },
      keyWeight: dKeyWeight,
      valueWeight: dValueWeight,
      valueBias: dValueBias,
    },
    uniforms: sizes,
    size: {
      rows: depth,
      // The bias' gradient is a column more.
      columns: width + 1,
      inner: examples,
      batches: 2 * heads,
    },
  });
  for (const { dataId } of [dSums, slopes]) backend.disposeData(dataId);
  const dKeyBias = backend.zeros(width);
  return [dQuery, dx, dKeyWeight, dKeyBias, dValueWeight, dValueBias];
}

registerGpuRoom<AttentionOptions>("ClsAttention", { forward, gradient });
