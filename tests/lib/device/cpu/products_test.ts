import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { CpuBackend } from "../../../../lib/device/cpu/backend.ts";
import { multiply, tileGrid } from "../../../../lib/device/cpu/products.ts";
import { openDevice } from "../../../../lib/device/mod.ts";
import { assertClose, randomArray } from "../../../support/ops/arrays.ts";
import { placeArray } from "../../../support/ops/op.ts";
import { registerTest } from "../../../support/require.ts";

/** Large enough to be split, and in no way even. */
const [M, N, K] = [97, 83, 70];

async function open(threads: number, blas?: string): Promise<CpuBackend> {
  await openDevice("cpu", { threads, blas });
  return tf.backend() as unknown as CpuBackend;
}

/** c += a b in the middle columns of a wider c, and what c should be. */
function addProduct(
  backend: CpuBackend,
  { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean },
) {
  const a = randomArray(transposeA ? [K, M] : [M, K], 1);
  const b = randomArray(transposeB ? [N, K] : [K, N], 2);
  const c = randomArray([M, N + 5], 3);
  const expected = Float64Array.from(c.data);
  for (let i = 0; i < M; i++) {
    for (let j = 0; j < N; j++) {
      for (let k = 0; k < K; k++) {
        expected[i * (N + 5) + 2 + j] +=
          a.data[transposeA ? k * M + i : i * K + k] *
          b.data[transposeB ? j * K + k : k * N + j];
      }
    }
  }
  const actual = tf.tidy(() => {
    const [placedA, placedB, placedC] = [a, b, c].map(placeArray);
    multiply(backend, {
      a: placedA,
      transposeA,
      b: placedB,
      transposeB,
      c: { of: placedC, firstColumn: 2, columns: N },
      accumulate: true,
    });
    return placedC.dataSync<"float32">();
  });
  return { actual, expected };
}

const FORMS = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB }))
);

const { blas } = await open(1);
for (const threads of [1, 2, 3]) {
  registerTest({
    part: "blas",
    lack: blas ? undefined : "there is no BLAS library",
    name: `a BLAS product split among ${threads} threads is that of float64`,
    fn: async () => {
      const backend = await open(threads);
      for (const form of FORMS) {
        const { actual, expected } = addProduct(backend, form);
        assertClose(actual, expected, 1e-6);
      }
    },
  });
}

Deno.test("a product into some columns leaves the others alone", async () => {
  const backend = await open(2, "none");
  for (const form of FORMS) {
    const { actual, expected } = addProduct(backend, form);
    assertClose(actual, expected, 1e-6);
  }
});

Deno.test("a change of the BLAS library reaches every thread", async () => {
  const [form] = FORMS;
  const without = addProduct(await open(2, "none"), form).actual;
  addProduct(await open(2), form);
  assertEquals(addProduct(await open(2, "none"), form).actual, without);
});

Deno.test("a high product is split into rows, so that B is packed a few times", () => {
  assertEquals(tileGrid(13_500, 512, { threads: 2, slices: 8 }), [8, 1]);
});

Deno.test("a small product is split into as many tiles as there are threads", () => {
  for (const threads of [1, 2, 3, 4, 8]) {
    const options = { threads, slices: 4 * threads };
    const [rows, columns] = tileGrid(512, 256, options);
    assertEquals(rows * columns, threads);
  }
});

Deno.test("on many threads a square product is split both ways", () => {
  assertEquals(tileGrid(768, 768, { threads: 16, slices: 64 }), [4, 4]);
});
