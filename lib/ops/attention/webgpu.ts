import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import { registerGpuOp } from "../../device/webgpu/kernels/register.ts";
import { dropoutUniforms } from "../dropout/webgpu.ts";
import { attentionDefinition, type AttentionOptions } from "./reference.ts";
import { attentionGradient } from "./wgsl/gradient.ts";
import { TILE } from "./wgsl/tiles.ts";
import { attentionForward } from "./wgsl/value.ts";

/**
 * The uniforms of all attention kernels.
 *
 * @param options Where the examples are, heads, dropout.
 * @param depth Features of a head.
 */
export function attentionUniforms(
  { packing, heads, dropout }: AttentionOptions,
  depth: number,
) {
  return {
    heads,
    first: packing.first,
    scale: 1 / Math.sqrt(depth),
    ...dropoutUniforms(dropout),
  };
}

function forward(
  backend: GpuBackend,
  { projected }: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const { heads, packing: { starts, examples, longest } } = options;
  const rows = projected.shape[0];
  const width = projected.shape[1] / 3;
  const depth = width / heads;
  const y = backend.output([rows, width]);
  const logSums = backend.output([rows, heads]);
  backend.run(attentionForward({ depth }), {
    tensors: { projected, starts, y, logSums },
    uniforms: attentionUniforms(options, depth),
    groups: [examples, heads, Math.ceil(longest / TILE)],
  });
  return [y, backend.alias(y, y.shape), logSums];
}

function gradient(
  backend: GpuBackend,
  { dy, projected, residual0: y, residual1: logSums }: Record<
    string,
    TensorInfo
  >,
  options: AttentionOptions,
): TensorInfo[] {
  const { heads, packing: { starts, examples } } = options;
  const depth = dy.shape[1] / heads;
  const dProjected = backend.output(projected.shape);
  backend.run(attentionGradient({ depth }), {
    tensors: { projected, starts, y, logSums, dy, dProjected },
    uniforms: attentionUniforms(options, depth),
    groups: [examples, heads],
  });
  return [dProjected];
}

registerGpuOp(attentionDefinition, { forward, gradient });
