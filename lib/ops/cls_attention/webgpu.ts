import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import { registerGpuRoom } from "../../device/webgpu/register.ts";
import type { AttentionOptions } from "../attention/mod.ts";
import { attentionUniforms } from "../attention/webgpu.ts";
import { forwardLayers, layersGradient } from "../linear/webgpu.ts";
import { clsAttentionForward, clsAttentionGradient } from "./wgsl.ts";

// Here keys and values are made: one product of all heads is a GPU's measure,
// many small ones are not.

function forward(
  backend: GpuBackend,
  inputs: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const { query, x, keyWeight, keyBias, valueWeight, valueBias } = inputs;
  const { heads, packing: { starts, examples } } = options;
  const width = query.shape[1];
  const depth = width / heads;
  const [projected] = forwardLayers(backend, {
    x,
    weights: [keyWeight, valueWeight],
    biases: [keyBias, valueBias],
    activation: "none",
  });
  const y = backend.output([examples, width]);
  const logSums = backend.output([examples, heads]);
  backend.run(clsAttentionForward({ depth }), {
    tensors: { query, projected, starts, y, logSums },
    uniforms: attentionUniforms(options, depth),
    groups: [examples, heads],
  });
  return [y, backend.alias(y, y.shape), logSums, projected];
}

function gradient(
  backend: GpuBackend,
  inputs: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const { dy, query, x, keyWeight, valueWeight } = inputs;
  const { residual0: y, residual1: logSums, residual2: projected } = inputs;
  const { heads, packing: { starts, examples } } = options;
  const width = dy.shape[1];
  const depth = width / heads;
  const dQuery = backend.output(query.shape);
  const dProjected = backend.output(projected.shape);
  backend.run(clsAttentionGradient({ depth }), {
    tensors: { query, projected, starts, y, logSums, dy, dQuery, dProjected },
    uniforms: attentionUniforms(options, depth),
    groups: [examples, heads],
  });
  const [dx, dKeyWeight, dValueWeight, dKeyBias, dValueBias] = layersGradient(
    backend,
    {
      x,
      weights: [keyWeight, valueWeight],
      dy: dProjected,
      activation: "none",
    },
  );
  // The sum is 0 but for rounding, which Adam would blow up.
  for (const { dataId } of [dProjected, dKeyBias]) backend.disposeData(dataId);
  const zero = backend.zeros(width);
  return [dQuery, dx, dKeyWeight, zero, dValueWeight, dValueBias];
}

registerGpuRoom<AttentionOptions>("ClsAttention", { forward, gradient });
