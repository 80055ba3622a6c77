import * as tf from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import {
  defineKernel,
  flatGroups,
  sumOverGroup,
} from "../../device/webgpu/kernels/kernel.ts";
import {
  registerGpuKernel,
  registerGpuOp,
} from "../../device/webgpu/kernels/register.ts";
import {
  CORRECT_COUNT,
  type CrossEntropyAttributes,
  crossEntropyDefinition,
} from "./reference.ts";

const SIZE = 256;

/** WGSL for one workgroup that has all rows. */
const ROWS = `
${sumOverGroup(SIZE)}
// The first of the largest logits of a row.
fn best(start: u32) -> u32 {
  var at = 0u;
  for (var c = 1u; c < u.classes; c++) {
    if (logits[start + c] > logits[start + at]) { at = c; }
  }
  return at;
}`;

const loss = defineKernel({
  name: "cross_entropy",
  reads: { logits: "f32", targets: "f32" },
  writes: { loss: "f32", slope: "f32" },
  uniforms: { examples: "u32", classes: "u32", total: "f32" },
  code: `${ROWS}
@compute @workgroup_size(${SIZE})
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var b = lane; b < u.examples; b += ${SIZE}u) {
    let start = b * u.classes;
    let top = logits[start + best(start)];
    var powers = 0.0;
    for (var c = 0u; c < u.classes; c++) {
      powers += exp(logits[start + c] - top);
    }
    var whole = 0.0;
    for (var c = 0u; c < u.classes; c++) { whole += targets[start + c]; }
    for (var c = 0u; c < u.classes; c++) {
      let goal = targets[start + c];
      let own = logits[start + c] - top;
      // What counts nothing may be infinite.
      if (goal != 0.0) { sum += goal * (log(powers) - own); }
      slope[start + c] = (exp(own) / powers * whole - goal) / u.total;
    }
  }
  let all = sumOverGroup(lane, sum);
  if (lane == 0u) { loss[0] = all / u.total; }
}`,
});

const scale = defineKernel({
  name: "cross_entropy.gradient",
  reads: { dy: "f32", slope: "f32" },
  writes: { dz: "f32" },
  uniforms: { elements: "u32" },
  code: `
@compute @workgroup_size(${SIZE})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < u.elements) { dz[id.x] = dy[0] * slope[id.x]; }
}`,
});

const count = defineKernel({
  name: "cross_entropy.correct",
  reads: { logits: "f32", labels: "i32" },
  writes: { correct: "f32" },
  uniforms: { examples: "u32", classes: "u32" },
  code: `${ROWS}
@compute @workgroup_size(${SIZE})
fn main(@builtin(local_invocation_index) lane: u32) {
  var right = 0.0;
  for (var b = lane; b < u.examples; b += ${SIZE}u) {
    right += f32(best(b * u.classes) == u32(labels[b]));
  }
  let all = sumOverGroup(lane, right);
  if (lane == 0u) { correct[0] = all; }
}`,
});

function forward(
  backend: GpuBackend,
  { logits }: Record<string, tf.TensorInfo>,
  batch: CrossEntropyAttributes,
): tf.TensorInfo[] {
  const [examples, classes] = logits.shape;
  const value = backend.output([]);
  const slope = backend.output(logits.shape);
  backend.run(loss, {
    tensors: { logits, targets: batch.targets, loss: value, slope },
    uniforms: { examples, classes, total: () => batch.total },
    groups: [1],
  });
  return [value, slope];
}

function gradient(
  backend: GpuBackend,
  { dy, residual0: slope }: Record<string, tf.TensorInfo>,
): tf.TensorInfo[] {
  const dz = backend.output(slope.shape);
  const elements = tf.util.sizeFromShape(slope.shape);
  backend.run(scale, {
    tensors: { dy, slope, dz },
    uniforms: { elements },
    groups: flatGroups(elements, SIZE),
  });
  return [dz];
}

registerGpuOp(crossEntropyDefinition, { forward, gradient });

registerGpuKernel(CORRECT_COUNT, (backend, { logits, labels }) => {
  const [examples, classes] = logits.shape;
  const correct = backend.output([]);
  backend.run(count, {
    tensors: { logits, labels, correct },
    uniforms: { examples, classes },
    groups: [1],
  });
  return [correct];
});
