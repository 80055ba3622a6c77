import {
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../../../lib/base/errors.ts";
import type { CpuBackend } from "../../../../lib/device/cpu/backend.ts";
import { openDevice } from "../../../../lib/device/mod.ts";

/** The CPU's backend, current from now on. */
async function openCpuBackend(): Promise<CpuBackend> {
  await openDevice("cpu", { threads: 1, blas: "none" });
  return tf.backend() as unknown as CpuBackend;
}

Deno.test("a tensor reads back what was written", async () => {
  await openCpuBackend();
  const tensors = [
    tf.tensor1d([1.5, -0, NaN, Infinity, 1e-45]),
    tf.tensor1d([1, -(2 ** 31), 2 ** 31 - 1], "int32"),
    tf.tensor1d([true, false, true], "bool"),
    tf.scalar(7),
    tf.zeros([0, 3]),
  ];
  assertEquals(tensors.map((tensor) => tensor.dataSync()), [
    Float32Array.of(1.5, -0, NaN, Infinity, 1e-45),
    Int32Array.of(1, -(2 ** 31), 2 ** 31 - 1),
    Uint8Array.of(1, 0, 1),
    Float32Array.of(7),
    Float32Array.of(),
  ]);
  tf.dispose(tensors);
});

Deno.test("what was read keeps its values when the memory is used again", async () => {
  await openCpuBackend();
  const first = tf.tensor1d([1, 2, 3, 4]);
  const read = await first.data();
  first.dispose();
  const second = tf.tensor1d([5, 6, 7, 8]);
  assertEquals([...read], [1, 2, 3, 4]);
  second.dispose();
});

Deno.test("writing into what was read leaves the tensor as it is", async () => {
  await openCpuBackend();
  const tensor = tf.tensor1d([1, 2, 3, 4]);
  (await tensor.data()).fill(9);
  assertEquals([...await tensor.data()], [1, 2, 3, 4]);
  tensor.dispose();
});

Deno.test("a clone and a reshaped tensor share their values' memory", async () => {
  const backend = await openCpuBackend();
  const x = tf.tensor2d([[1, 2, 3], [4, 5, 6]]);
  const others = [x.clone(), tf.reshape(x, [3, 2]), tf.reshape(x, [-1])];
  for (const other of others) {
    assertEquals(backend.address(other), backend.address(x));
  }
  assertEquals(others[1].shape, [3, 2]);
  tf.dispose([x, ...others]);
});

Deno.test("shared memory is freed once, with the last tensor on it", async () => {
  const backend = await openCpuBackend();
  const before = backend.numDataIds();
  const x = tf.tensor1d([1, 2, 3]);
  const clone = x.clone();
  const reshaped = tf.reshape(x, [3, 1]);
  assertEquals(backend.numDataIds(), before + 1);
  x.dispose();
  clone.dispose();
  assertEquals([...reshaped.dataSync()], [1, 2, 3]);
  reshaped.dispose();
  assertEquals(backend.numDataIds(), before);
  // Freed twice, the block would be given to both.
  const [a, b] = [tf.tensor1d([4, 4, 4]), tf.tensor1d([5, 5, 5])];
  assertNotEquals(backend.address(a), backend.address(b));
  tf.dispose([a, b]);
});

Deno.test("a variable that is assigned frees what it held", async () => {
  const backend = await openCpuBackend();
  const before = backend.numDataIds();
  const variable = tf.tidy(() => tf.variable(tf.zeros([100])));
  for (let i = 0; i < 5; i++) {
    tf.tidy(() => variable.assign(tf.ones([100])));
  }
  assertEquals(backend.numDataIds(), before + 1);
  variable.dispose();
  assertEquals(backend.numDataIds(), before);
});

Deno.test("an operation that the device lacks gives tfjs' error", async () => {
  await openCpuBackend();
  const x = tf.tensor1d([1]);
  assertThrows(
    () => tf.sin(x),
    Error,
    "Kernel 'Sin' not registered for backend 'native'",
  );
  x.dispose();
});

Deno.test("a tensor that was disposed can't be read", async () => {
  await openCpuBackend();
  const x = tf.tensor1d([1]);
  x.dispose();
  assertThrows(() => x.dataSync(), Error, "disposed");
});

Deno.test("the sum of two tensors is the tape's alone: their shapes are equal", async () => {
  await openCpuBackend();
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 2, 3]]);
    assertEquals([...tf.add(x, x).dataSync()], [2, 4, 6]);
    assertThrows(
      () => tf.add(x, tf.scalar(1)),
      Error,
      "cannot add shapes [1,3] and []",
    );
  });
});

Deno.test("the rows of a matrix are multiplied by a factor each", async () => {
  await openDevice("cpu");
  tf.tidy(() => {
    const matrix = tf.tensor2d([[1, 2], [3, 4], [5, 6]]);
    const product = tf.mul(matrix, tf.tensor2d([[1], [0], [2]]));
    assertEquals([...product.dataSync()], [1, 2, 0, 0, 10, 12]);
  });
});

Deno.test("a matrix is multiplied by nothing but a factor a row", async () => {
  await openDevice("cpu");
  tf.tidy(() => {
    const matrix = tf.tensor2d([[1, 2], [3, 4]]);
    for (const factor of [tf.scalar(2), tf.tensor2d([[1, 2]]), matrix]) {
      assertThrows(() => tf.mul(matrix, factor), Error, "by a factor each");
    }
  });
});

Deno.test("zerosLike and onesLike keep the type", async () => {
  await openCpuBackend();
  tf.tidy(() => {
    const x = tf.tensor1d([7, 8], "int32");
    assertEquals(tf.zerosLike(x).dataSync(), Int32Array.of(0, 0));
    assertEquals(tf.onesLike(x).dataSync(), Int32Array.of(1, 1));
    assertEquals(tf.onesLike(tf.zeros([2])).dataSync(), Float32Array.of(1, 1));
  });
});

Deno.test("integers and booleans are cast to floats", async () => {
  await openCpuBackend();
  tf.tidy(() => {
    const x = tf.tensor1d([7, -8], "int32");
    assertEquals(tf.cast(x, "float32").dataSync(), Float32Array.of(7, -8));
    const flags = tf.tensor1d([true, false], "bool");
    assertEquals(tf.cast(flags, "float32").dataSync(), Float32Array.of(1, 0));
    assertThrows(() => tf.cast(tf.ones([1]), "int32"), Error, "not cast to");
  });
});

Deno.test("argMax takes the first of the largest of each row", async () => {
  await openCpuBackend();
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 3, 3], [5, 4, 5], [-3, -2, -1]]);
    const best = tf.argMax(x, -1);
    assertEquals(best.dtype, "int32");
    assertEquals([...best.dataSync()], [1, 0, 2]);
    assertEquals([...tf.argMax(x, 1).dataSync()], [1, 0, 2]);
  });
});

Deno.test("argMax over another axis is refused, not computed over the last", async () => {
  await openCpuBackend();
  tf.tidy(() => {
    const x = tf.zeros([2, 3]);
    assertThrows(() => tf.argMax(x, 0), Error, "the last axis");
  });
});

Deno.test("the gradient of a tensor that is read twice is the sum of both", async () => {
  await openCpuBackend();
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 2, 3, 4, 5]]);
    const slope = tf.tensor2d([[1, 10, 100, 1000, 10_000]]);
    const [gradient] = tf.valueAndGrads((x) =>
      tf.add(x, tf.reshape(x.clone(), x.shape)) as unknown as tf.Scalar
    )([x], slope as unknown as tf.Scalar).grads;
    assertEquals([...gradient.dataSync()], [2, 20, 200, 2000, 20_000]);
  });
});

Deno.test("a tensor of another backend is refused", async () => {
  await tf.setBackend("cpu");
  const x = tf.tensor1d([1, 2, 3]);
  await openCpuBackend();
  assertThrows(() => tf.add(x, x), Error, "not on the CPU device");
  x.dispose();
});

Deno.test("a tensor leaves for another backend", async () => {
  await openCpuBackend();
  const x = tf.tensor1d([1, 2, 3]);
  await tf.setBackend("cpu");
  const y = tf.square(x);
  assertEquals([...y.dataSync()], [1, 4, 9]);
  tf.dispose([x, y]);
});

Deno.test("a BLAS library that can't be used is named", async () => {
  const error = await assertRejects(
    () => openDevice("cpu", { threads: 1, blas: "/nowhere/libblas.so" }),
    UserError,
    'Cannot use the BLAS library "/nowhere/libblas.so"',
  );
  assertEquals(error.code, "no-blas");
});
