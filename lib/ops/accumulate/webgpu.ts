import * as tf from "@tensorflow/tfjs";
import {
  defineKernel,
  eachVector,
  VECTOR_UNIFORMS,
  vectorGroups,
} from "../../device/webgpu/kernel.ts";
import { registerGpuKernel } from "../../device/webgpu/register.ts";

const addInPlace = defineKernel({
  name: "accumulate",
  reads: { x: "vec4<f32>" },
  writes: { sum: "vec4<f32>" },
  uniforms: VECTOR_UNIFORMS,
  code: eachVector("sum[i] += x[i];"),
});

const add = defineKernel({
  name: "accumulate.shared",
  reads: { sum: "vec4<f32>", x: "vec4<f32>" },
  writes: { total: "vec4<f32>" },
  uniforms: VECTOR_UNIFORMS,
  code: eachVector("total[i] = sum[i] + x[i];"),
});

registerGpuKernel("Accumulate", (backend, { sum, x }) => {
  const vectors = Math.ceil(tf.util.sizeFromShape(sum.shape) / 4);
  const how = { uniforms: { vectors }, groups: vectorGroups(vectors) };
  // What others have, too, must stay as it is.
  if (backend.refCount(sum.dataId) > 1) {
    const total = backend.output(sum.shape);
    backend.run(add, { tensors: { sum, x, total }, ...how });
    return [total];
  }
  backend.run(addInPlace, { tensors: { sum, x }, ...how });
  return [backend.alias(sum, sum.shape)];
});
