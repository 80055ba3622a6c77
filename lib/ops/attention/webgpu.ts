import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import { registerGpuRoom } from "../../device/webgpu/register.ts";
import { dropoutUniforms } from "../dropout/webgpu.ts";
import type { AttentionOptions } from "./mod.ts";
import { attentionBackward, attentionForward } from "./wgsl.ts";
import { ROWS } from "./wgsl_parts.ts";

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

/** Workgroups that it takes for the rows of the longest example. */
export function attentionTiles({ packing }: AttentionOptions): number {
  return Math.ceil(packing.longest / ROWS);
}

function forward(
  backend: GpuBackend,
  { projected }: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const { heads, packing: { starts, examples } } = options;
  const rows = projected.shape[0];
  const width = projected.shape[1] / 3;
  const depth = width / heads;
  const y = backend.output([rows, width]);
  const logSums = backend.output([rows, heads]);
  backend.run(attentionForward({ depth }), {
    tensors: { projected, starts, y, logSums },
    uniforms: attentionUniforms(options, depth),
    groups: [examples, heads, attentionTiles(options)],
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
  const tiles = attentionTiles(options);
  const dProjected = backend.output(projected.shape);
  backend.run(attentionBackward({ depth }), {
    tensors: { projected, starts, y, logSums, dy, dProjected },
    uniforms: { ...attentionUniforms(options, depth), tiles },
    groups: [examples, heads, 3 * tiles],
  });
  return [dProjected];
}

registerGpuRoom<AttentionOptions>("Attention", { forward, gradient });
