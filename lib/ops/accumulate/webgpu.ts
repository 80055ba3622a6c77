import * as tf from "@tensorflow/tfjs";
import {
  defineKernel,
  eachVector,
  VECTOR_UNIFORMS,
  vectorGroups,
} from "../../device/webgpu/kernels/kernel.ts";
import { registerGpuKernel } from "../../device/webgpu/kernels/register.ts";
import { sumOf } from "../../device/webgpu/kernels/sum.ts";
import { ACCUMULATE } from "./reference.ts";

const add = defineKernel({
  name: "accumulate",
  reads: { x: "vec4<f32>" },
  writes: { sum: "vec4<f32>" },
  uniforms: VECTOR_UNIFORMS,
  code: eachVector("sum[i] += x[i];"),
});

registerGpuKernel(ACCUMULATE, (backend, { sum, x }) => {
  // What others have, too, must stay as it is.
  if (backend.refCount(sum.dataId) > 1) return [sumOf(backend, sum, x)];
  const vectors = Math.ceil(tf.util.sizeFromShape(sum.shape) / 4);
  backend.run(add, {
    tensors: { sum, x },
    uniforms: { vectors },
    groups: vectorGroups(vectors),
  });
  return [backend.alias(sum, sum.shape)];
});
