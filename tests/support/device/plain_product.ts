/** Products of whole matrices, tile by tile and element by element. */
import * as tf from "@tensorflow/tfjs";
import type { GpuBackend } from "../../../lib/device/webgpu/backend.ts";
import {
  defineKernel,
  type Kernel,
} from "../../../lib/device/webgpu/kernels/kernel.ts";
import {
  productCode,
  productGroups,
} from "../../../lib/device/webgpu/product/product.ts";
import type {
  ProductForm,
  Tile,
} from "../../../lib/device/webgpu/product/tile.ts";

/** A is [M, K], or [K, M] if not along k; B is [N, K], or [K, N]. */
export interface PlainProduct {
  a: tf.Tensor2D;
  b: tf.Tensor2D;
  form: ProductForm;
}

const UNIFORMS = {
  rows: "u32",
  columns: "u32",
  inner: "u32",
  chunk: "u32",
} as const;

/** Reads of one element, 0 outside. */
function elements({ aAlongInner, bAlongInner }: ProductForm): string {
  return `
fn elementA(m: u32, k: u32) -> f32 {
  let at = ${aAlongInner ? "m * u.inner + k" : "k * u.rows + m"};
  return select(0.0, a[at], m < u.rows && k < u.inner);
}
fn elementB(n: u32, k: u32) -> f32 {
  let at = ${bAlongInner ? "n * u.inner + k" : "k * u.columns + n"};
  return select(0.0, b[at], n < u.columns && k < u.inner);
}`;
}

/** `a4` or `b4` by the reads of one element. */
function fours(name: "A" | "B", alongInner: boolean): string {
  const four = [0, 1, 2, 3].map((i) =>
    alongInner
      ? `element${name}(row, column + ${i}u)`
      : `element${name}(column + ${i}u, row)`
  );
  return `
fn ${name.toLowerCase()}4(row: u32, column: u32) -> vec4<f32> {
  return vec4<f32>(${four.join(", ")});
}`;
}

/** The product by a tile, and A's sums over k if the form has them. */
export function tiledProduct(
  product: PlainProduct,
  tile: Tile,
): tf.Tensor[] {
  const { form } = product;
  const store = [0, 1, 2, 3].map((i) =>
    `if (column + ${i}u < u.columns) { ` +
    `y[row * u.columns + column + ${i}u] = values[${i}]; }`
  );
  const storeSums = [0, 1, 2, 3].map((i) =>
    `if (row + ${i}u < u.rows) { sums[row + ${i}u] = values[${i}]; }`
  );
  const kernel: Kernel = {
    name: "test.tiled",
    reads: { a: "f32", b: "f32" },
    writes: { y: "f32", ...(form.sums ? { sums: "f32" } : {}) },
    uniforms: UNIFORMS,
    code: `${elements(form)}${fours("A", form.aAlongInner)}${
      fours("B", form.bAlongInner)
    }
fn store4(row: u32, column: u32, slice: u32, values: vec4<f32>) {
  if (row >= u.rows) { return; }
  ${store.join("\n  ")}
}
${
      form.sums
        ? `fn storeSums4(row: u32, slice: u32, values: vec4<f32>) {
  ${storeSums.join("\n  ")}
}`
        : ""
    }
${productCode(tile, form)}`,
  };
  const backend = tf.backend() as unknown as GpuBackend;
  const { a, b } = product;
  const sizes = sizesOf(product);
  const outputs = {
    y: tf.zeros([sizes.rows, sizes.columns]),
    sums: tf.zeros([sizes.rows]),
  };
  backend.run(kernel, {
    tensors: { a, b, ...outputs },
    uniforms: { ...sizes, chunk: sizes.inner },
    groups: productGroups(tile, sizes),
  });
  return form.sums ? [outputs.y, outputs.sums] : [outputs.y];
}

/** The product by one invocation an element, in the order of k. */
export function naiveProduct(product: PlainProduct): tf.Tensor {
  const kernel = defineKernel({
    name: "test.naive",
    reads: { a: "f32", b: "f32" },
    writes: { y: "f32" },
    uniforms: UNIFORMS,
    code: `${elements(product.form)}
@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= u.columns || id.y >= u.rows) { return; }
  var sum = 0.0;
  for (var k = 0u; k < u.inner; k++) {
    sum = fma(elementA(id.y, k), elementB(id.x, k), sum);
  }
  y[id.y * u.columns + id.x] = sum;
}`,
  });
  const backend = tf.backend() as unknown as GpuBackend;
  const { a, b } = product;
  const sizes = sizesOf(product);
  const y = tf.zeros([sizes.rows, sizes.columns]);
  backend.run(kernel, {
    tensors: { a, b, y },
    uniforms: { ...sizes, chunk: sizes.inner },
    groups: [Math.ceil(sizes.columns / 8), Math.ceil(sizes.rows / 8)],
  });
  return y;
}

function sizesOf({ a, b, form }: PlainProduct) {
  const [rows, inner] = form.aAlongInner ? a.shape : a.shape.toReversed();
  const columns = form.bAlongInner ? b.shape[0] : b.shape[1];
  return { rows, columns, inner };
}
