import * as tf from "@tensorflow/tfjs";
import {
  defineKernel,
  FLAT_INDEX,
  flatGroups,
} from "../../device/webgpu/kernel.ts";
import { registerGpuKernel } from "../../device/webgpu/register.ts";

const SIZE = 256;

/** Vectors of four; the last may reach past the tensors, in their buffers. */
const add = defineKernel({
  name: "accumulate",
  reads: { x: "vec4<f32>" },
  writes: { sum: "vec4<f32>" },
  uniforms: { vectors: "u32" },
  code: `
${FLAT_INDEX}
@compute @workgroup_size(${SIZE})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = flatIndex(group, groups, lane, ${SIZE}u);
  if (i < u.vectors) { sum[i] += x[i]; }
}`,
});

registerGpuKernel("Accumulate", (backend, { sum, x }) => {
  const vectors = Math.ceil(tf.util.sizeFromShape(sum.shape) / 4);
  backend.run(add, {
    tensors: { sum, x },
    uniforms: { vectors },
    groups: flatGroups(vectors, SIZE),
  });
  return [];
});
