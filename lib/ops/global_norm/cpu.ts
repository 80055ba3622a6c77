import * as tf from "@tensorflow/tfjs";
import { registerCpuKernel } from "../../device/cpu/register.ts";
import {
  CLIP_EPSILON,
  CLIP_FACTOR,
  type ClipAttributes,
  GLOBAL_NORM,
  type NormAttributes,
} from "./reference.ts";

registerCpuKernel<NormAttributes>(
  GLOBAL_NORM,
  (backend, _, { tensors }) => {
    const norm = backend.output([]);
    let total = 0;
    const blocks = backend.constant("SQUARE_BLOCKS");
    backend.withScratch(8 * blocks, (sums) => {
      for (const tensor of tensors) {
        const elements = tf.util.sizeFromShape(tensor.shape);
        backend.run("sumSquares", elements, [
          backend.address(tensor),
          sums,
          elements,
        ]);
        total += backend.doublesAt(sums, blocks).reduce((a, b) => a + b);
      }
    });
    backend.floats(norm)[0] = Math.sqrt(total);
    return [norm];
  },
);

registerCpuKernel<ClipAttributes>(
  CLIP_FACTOR,
  (backend, { norm }, { most }) => {
    const factor = backend.output([]);
    const [length] = backend.floats(norm);
    backend.floats(factor)[0] = Math.min(1, most / (length + CLIP_EPSILON));
    return [factor];
  },
);
