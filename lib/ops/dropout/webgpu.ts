import * as tf from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import {
  defineKernel,
  eachElement,
  flatGroups,
  type UniformValue,
} from "../../device/webgpu/kernels/kernel.ts";
import { registerGpuOp } from "../../device/webgpu/kernels/register.ts";
import { type Dropout, dropoutNumbers, drops } from "./mask.ts";
import { type DropAttributes, dropDefinition } from "./reference.ts";

/** Uniforms that {@link KEEP_SCALE} reads. */
export const DROPOUT_UNIFORMS = {
  dropoutKey: "u32",
  threshold: "u32",
  keptScale: "f32",
} as const;

/** The values of these; without dropout, all is kept as it is. */
export function dropoutUniforms(
  dropout: Dropout | undefined,
): Record<keyof typeof DROPOUT_UNIFORMS, UniformValue> {
  const { threshold, scale } = dropoutNumbers(dropout);
  // A step that is played again has another key.
  const dropoutKey = drops(dropout) ? () => dropout.key : 0;
  return { dropoutKey, threshold, keptScale: scale };
}

/**
 * WGSL of the masks of mask.ts: `maskRow(example, row)` is a row's key,
 * `keepScale(row, index)` what the row's element is multiplied by.
 */
export const KEEP_SCALE = `
fn mix32(word: u32) -> u32 {
  var x = word;
  x = (x ^ (x >> 16u)) * 0x85ebca6bu;
  x = (x ^ (x >> 13u)) * 0xc2b2ae35u;
  return x ^ (x >> 16u);
}
fn maskRow(example: u32, row: u32) -> u32 {
  if (u.threshold == 0u) { return 0u; }
  return mix32(mix32(u.dropoutKey ^ example) ^ row);
}
fn keepScale(row: u32, index: u32) -> f32 {
  if (u.threshold == 0u) { return 1.0; }
  let word = mix32(row ^ ((index + 1u) * 0x9e3779b9u));
  return select(0.0, u.keptScale, word >= u.threshold);
}
`;

const SIZE = 256;

const drop = defineKernel({
  name: "dropout",
  reads: { x: "f32", examples: "i32", positions: "i32" },
  writes: { y: "f32" },
  uniforms: { elements: "u32", width: "u32", ...DROPOUT_UNIFORMS },
  code: KEEP_SCALE + eachElement(
    SIZE,
    `if (i >= u.elements) { return; }
  let t = i / u.width;
  let row = maskRow(u32(examples[t]), u32(positions[t]));
  y[i] = x[i] * keepScale(row, i % u.width);`,
  ),
});

function dropRows(
  backend: GpuBackend,
  x: tf.TensorInfo,
  { packing, rows, dropout }: DropAttributes,
): tf.TensorInfo[] {
  const y = backend.output(x.shape);
  const elements = tf.util.sizeFromShape(x.shape);
  backend.run(drop, {
    tensors: { x, ...packing.rowIndices(rows), y },
    uniforms: { elements, width: x.shape[1], ...dropoutUniforms(dropout) },
    groups: flatGroups(elements, SIZE),
  });
  return [y];
}

registerGpuOp(dropDefinition, {
  forward: (backend, { x }, attributes) => dropRows(backend, x, attributes),
  gradient: (backend, { dy }, attributes) => dropRows(backend, dy, attributes),
});
