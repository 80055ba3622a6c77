import * as tf from "@tensorflow/tfjs";
import {
  defineKernel,
  kernelVariants,
  numbered,
  sumOverGroup,
} from "../../device/webgpu/kernels/kernel.ts";
import { registerGpuKernel } from "../../device/webgpu/kernels/register.ts";
import {
  CLIP_EPSILON,
  CLIP_FACTOR,
  type ClipAttributes,
  GLOBAL_NORM,
  type NormAttributes,
} from "./reference.ts";

const SIZE = 256;
/** Elements that a workgroup sums, in tensors of not too many. */
const BLOCK = 16 * SIZE;
/** Workgroups of a tensor. */
const MOST_BLOCKS = 256;
/** Tensors of a dispatch: each takes two of 64 uniforms. */
const MOST_TENSORS = 30;

/** The sum of squares of each block of some tensors, one after the other. */
const squareSums = kernelVariants(({ count }: { count: number }) => {
  const each = Array.from({ length: count }, (_, i) => i);
  return defineKernel<string, "blocks", string>({
    name: "global_norm.squares",
    reads: numbered("x", each.map(() => "f32" as const)),
    writes: { blocks: "f32" },
    uniforms: {
      ...numbered("size", each.map(() => "u32" as const)),
      ...numbered("end", each.map(() => "u32" as const)),
      first: "u32",
    },
    code: `${sumOverGroup(SIZE)}
@compute @workgroup_size(${SIZE})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  var sum = 0.0;
  var start = 0u;
  ${
      each.map((i) => `
  if (group.x >= start && group.x < u.end${i}) {
    let step = (u.end${i} - start) * ${SIZE}u;
    for (
      var i = (group.x - start) * ${SIZE}u + lane;
      i < u.size${i};
      i += step
    ) {
      sum += x${i}[i] * x${i}[i];
    }
  }
  start = u.end${i};`).join("")
    }
  let all = sumOverGroup(lane, sum);
  if (lane == 0u) { blocks[u.first + group.x] = all; }
}`,
  });
});

const root = defineKernel({
  name: "global_norm",
  reads: { blocks: "f32" },
  writes: { norm: "f32" },
  uniforms: { count: "u32" },
  code: `${sumOverGroup(SIZE)}
@compute @workgroup_size(${SIZE})
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = lane; i < u.count; i += ${SIZE}u) { sum += blocks[i]; }
  let all = sumOverGroup(lane, sum);
  if (lane == 0u) { norm[0] = sqrt(all); }
}`,
});

registerGpuKernel<NormAttributes>(GLOBAL_NORM, (backend, _, { tensors }) => {
  const sized = tensors.map((tensor) => {
    const size = tf.util.sizeFromShape(tensor.shape);
    return {
      tensor,
      size,
      blocks: Math.min(MOST_BLOCKS, Math.ceil(size / BLOCK)),
    };
  });
  const count = sized.reduce((sum, { blocks }) => sum + blocks, 0);
  const blocks = backend.output([count]);
  const most = Math.min(MOST_TENSORS, backend.mostBindings - 1);
  let first = 0;
  for (let i = 0; i < sized.length; i += most) {
    const together = sized.slice(i, i + most);
    let end = 0;
    const ends = together.map((own) => end += own.blocks);
    backend.run(squareSums({ count: together.length }), {
      tensors: [...together.map(({ tensor }) => tensor), blocks],
      uniforms: [...together.map(({ size }) => size), ...ends, first],
      groups: [end],
    });
    first += end;
  }
  const norm = backend.output([]);
  backend.run(root, {
    tensors: { blocks, norm },
    uniforms: { count },
    groups: [1],
  });
  backend.disposeData(blocks.dataId);
  return [norm];
});

const clip = defineKernel({
  name: "global_norm.clip",
  reads: { norm: "f32" },
  writes: { factor: "f32" },
  uniforms: { most: "f32" },
  code: `
@compute @workgroup_size(1)
fn main() {
  let share = u.most / (norm[0] + ${CLIP_EPSILON});
  // Not min(), which may hide a norm that is none.
  factor[0] = select(share, 1.0, share >= 1.0);
}`,
});

registerGpuKernel<ClipAttributes>(
  CLIP_FACTOR,
  (backend, { norm }, { most }) => {
    const factor = backend.output([]);
    backend.run(clip, {
      tensors: { norm, factor },
      uniforms: { most },
      groups: [1],
    });
    return [factor];
  },
);
