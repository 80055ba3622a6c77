/** A small kernel for tests of what surrounds kernels: x *= factor. */
import * as tf from "@tensorflow/tfjs";
import type { GpuBackend } from "../../../lib/device/webgpu/backend.ts";
import {
  defineKernel,
  FLAT_INDEX,
  flatGroups,
  type UniformValue,
} from "../../../lib/device/webgpu/kernels/kernel.ts";

const kernel = defineKernel({
  name: "test.scale",
  reads: {},
  writes: { x: "f32" },
  uniforms: { count: "u32", factor: "f32" },
  code: `
${FLAT_INDEX}
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = flatIndex(group, groups, lane, 64u);
  if (i < u.count) { x[i] *= u.factor; }
}`,
});

/** Multiplies a tensor by a number, in place. */
export function scale(x: tf.Tensor, factor: UniformValue): void {
  const backend = tf.backend() as unknown as GpuBackend;
  const count = tf.util.sizeFromShape(x.shape);
  backend.run(kernel, {
    tensors: { x },
    uniforms: { count, factor },
    groups: flatGroups(count, 64),
  });
}
