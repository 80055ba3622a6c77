import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../../lib/device/mod.ts";
import type { GpuBackend } from "../../../../../lib/device/webgpu/backend.ts";
import { webgpuTest } from "../../../../support/require.ts";

/** Runs something on the GPU; tells its values and how many kernels were ours. */
async function values(run: () => tf.Tensor): Promise<[number[], number]> {
  await openDevice("webgpu");
  const backend = tf.backend() as unknown as GpuBackend;
  let own = 0;
  const original = backend.run;
  backend.run = (...args) => {
    own++;
    original.apply(backend, args as Parameters<typeof original>);
  };
  try {
    const result = tf.tidy(run);
    const found = [...await result.data()];
    result.dispose();
    return [found, own];
  } finally {
    backend.run = original;
  }
}

await webgpuTest("tensors of one shape are added by our kernel", async () => {
  const found = await values(() =>
    tf.add(tf.tensor2d([[1, 2, 3]]), tf.tensor2d([[10, 20, 30]]))
  );
  assertEquals(found, [[11, 22, 33], 1]);
});

await webgpuTest(
  "sums that our kernel doesn't compute are the stock one's",
  async () => {
    const row = () => tf.tensor1d([1, 2, 3]);
    assertEquals(await values(() => tf.add(row(), 1)), [[2, 3, 4], 0]);
    assertEquals(
      await values(() => {
        const x = row();
        return tf.add(x, x);
      }),
      [[2, 4, 6], 0],
    );
    assertEquals(
      await values(() => tf.add(row().toInt(), row().toInt())),
      [[2, 4, 6], 0],
    );
  },
);

for (const width of [3, 8]) {
  await webgpuTest(`rows of ${width} are gathered by our kernel`, async () => {
    const table = Array.from({ length: 5 * width }, (_, i) => i);
    const [found, own] = await values(() =>
      tf.gather(
        tf.tensor2d(table, [5, width]),
        tf.tensor1d([4, 0, 4], "int32"),
      )
    );
    const row = (i: number) => table.slice(i * width, (i + 1) * width);
    assertEquals(found, [...row(4), ...row(0), ...row(4)]);
    assertEquals(own, 1);
  });
}

await webgpuTest(
  "what is gathered otherwise is the stock kernel's",
  async () => {
    const [found, own] = await values(() =>
      tf.gather(
        tf.tensor2d([[1, 2], [3, 4]]),
        tf.tensor1d([1], "int32"),
        1,
      )
    );
    assertEquals([found, own], [[2, 4], 0]);
  },
);

for (const width of [3, 8]) {
  await webgpuTest(
    `rows of ${width} are multiplied by a factor each by our kernel`,
    async () => {
      const table = Array.from({ length: 3 * width }, (_, i) => i + 1);
      const [found, own] = await values(() =>
        tf.mul(tf.tensor2d(table, [3, width]), tf.tensor2d([[1], [0], [2]]))
      );
      const factors = [1, 0, 2];
      assertEquals(
        found,
        table.map((value, i) => value * factors[Math.floor(i / width)]),
      );
      assertEquals(own, 1);
    },
  );
}

await webgpuTest(
  "products that our kernel doesn't compute are the stock one's",
  async () => {
    const matrix = () => tf.tensor2d([[1, 2], [3, 4]]);
    assertEquals(
      await values(() => tf.mul(matrix(), matrix())),
      [[1, 4, 9, 16], 0],
    );
    assertEquals(
      await values(() => tf.mul(matrix(), tf.tensor2d([[1, 2]]))),
      [[1, 4, 3, 8], 0],
    );
  },
);
