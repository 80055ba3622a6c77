import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { GpuBackend } from "../../../../lib/device/webgpu/backend.ts";
import type { UniformValue } from "../../../../lib/device/webgpu/kernel.ts";
import { UserError } from "../../../../lib/errors.ts";
import { globalNorm } from "../../../../lib/ops/global_norm/mod.ts";
import { webgpuTest } from "../../../require.ts";
import { withFreshGpu } from "./fresh_gpu.ts";
import { scale } from "./scale.ts";

/** What a test's work is asked for. */
interface Asked {
  x: tf.Scalar;
  numbers: { factor: number };
}

/** How often each work is done: it is played from the third time on. */
const TIMES = 6;

/**
 * Has work done some times, with an input and a number of its own each time.
 *
 * @param run Gives one scalar.
 * @return What it gave, and how many recordings there are.
 */
async function doOften(
  backend: GpuBackend,
  run: (asked: Asked) => tf.Scalar,
  before: (time: number) => void = () => {},
): Promise<{ results: number[]; recordings: number }> {
  const results: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    before(time);
    const x = tf.scalar(10 + time);
    const [result] = backend.play(
      { key: "test", inputs: [x], numbers: { factor: time } },
      (numbers) => [run({ x, numbers })],
    );
    results.push(...await result.data());
    tf.dispose([x, result]);
  }
  return { results, recordings: backend.recordings };
}

/** (x + w) factor. */
function sumTimes(x: tf.Scalar, w: tf.Scalar, factor: UniformValue) {
  const y = tf.add(x, w) as tf.Scalar;
  scale(y, factor);
  return y;
}

const each = (result: (time: number) => number) =>
  Array.from({ length: TIMES }, (_, time) => result(time));

await webgpuTest(
  "work is played with the values, the numbers and the tensors of the time",
  () =>
    withFreshGpu(async (backend) => {
      const w = tf.scalar(1);
      const done = await doOften(
        backend,
        ({ x, numbers }) => sumTimes(x, w, () => numbers.factor),
        () => scale(w, 2),
      );
      const results = each((time) => (10 + time + 2 ** (time + 1)) * time);
      assertEquals(done, { results, recordings: 1 });
    }),
);

const faults: Record<string, (asked: Asked, w: tf.Scalar) => tf.Scalar> = {
  "tells kernels numbers that nobody asks for again": ({ x, numbers }, w) =>
    sumTimes(x, w, numbers.factor),
  "brings values from the host": ({ x, numbers }, w) =>
    sumTimes(tf.add(x, tf.scalar(numbers.factor)), w, 1),
  "runs stock kernels": ({ x, numbers }, w) =>
    sumTimes(tf.sub(x, w), w, () => numbers.factor),
  "runs other kernels each time": ({ x, numbers }, w) => {
    let y = tf.add(x, w) as tf.Scalar;
    for (let i = 0; i < numbers.factor; i++) y = tf.add(y, w);
    return y;
  },
};
const expected: Record<string, (time: number) => number> = {
  "tells kernels numbers that nobody asks for again": (time) =>
    (11 + time) * time,
  "brings values from the host": (time) => 11 + 2 * time,
  "runs stock kernels": (time) => (10 + time) * time,
  "runs other kernels each time": (time) => 11 + 2 * time,
};

for (const [fault, run] of Object.entries(faults)) {
  await webgpuTest(
    `work is done, not played, if it ${fault}`,
    () =>
      withFreshGpu(async (backend) => {
        const w = tf.scalar(1);
        scale(w, 1);
        const done = await doOften(backend, (asked) => run(asked, w));
        const results = each(expected[fault]);
        assertEquals(done, { results, recordings: 0 });
      }),
  );
}

await webgpuTest(
  "work on a tensor in another's place is recorded anew",
  () =>
    withFreshGpu(async (backend) => {
      let w = tf.scalar(1);
      const { results } = await doOften(
        backend,
        ({ x, numbers }) => sumTimes(x, w, () => numbers.factor),
        (time) => {
          if (time !== 4) return;
          w.dispose();
          w = tf.scalar(100);
        },
      );
      const sum = (time: number) => 10 + time + (time < 4 ? 1 : 100);
      assertEquals(results, each((time) => sum(time) * time));
    }),
);

await webgpuTest(
  "work of other shapes is other work",
  () =>
    withFreshGpu(async (backend) => {
      const results: number[] = [];
      for (let time = 0; time < 2 * TIMES; time++) {
        const x = tf.tensor1d(time % 2 === 0 ? [time] : [3 * time, 4 * time]);
        const [result] = backend.play(
          { key: "test", inputs: [x], numbers: {} },
          () => [globalNorm([x])],
        );
        results.push(...await result.data());
        tf.dispose([x, result]);
      }
      assertEquals(backend.recordings, 2);
      const norms = Array.from(
        { length: 2 * TIMES },
        (_, time) => time % 2 === 0 ? time : 5 * time,
      );
      assertEquals(results, norms);
    }),
);

await webgpuTest(
  "a tensor that was read is read anew after work on it was played",
  () =>
    withFreshGpu(async (backend) => {
      const w = tf.scalar(1);
      const read: number[] = [];
      await doOften(backend, ({ x, numbers }) => {
        scale(w, () => 1 + numbers.factor);
        return tf.add(x, w);
      });
      read.push(...await w.data());
      assertEquals(read, [1 * 1 * 2 * 3 * 4 * 5 * 6]);
      for (let more = 0; more < 2; more++) {
        await doOften(backend, ({ x, numbers }) => {
          scale(w, () => 1 + numbers.factor);
          return tf.add(x, w);
        });
        read.push(...await w.data());
      }
      assertEquals(read.slice(1), [720 ** 2, 720 ** 3]);
    }),
);

await webgpuTest(
  "nothing that is played after the device is destroyed is read",
  () =>
    withFreshGpu(async (backend) => {
      const w = tf.scalar(1);
      await doOften(backend, ({ x }) => tf.add(x, w));
      assertEquals(backend.recordings, 1);
      backend.device.destroy();
      const error = await assertRejects(
        () => doOften(backend, ({ x }) => tf.add(x, w)),
        UserError,
        "was lost",
      );
      assertMatch(error.message, /the last kernels: .*add/);
    }),
);

await webgpuTest(
  "what was recorded is freed when it is forgotten",
  () =>
    withFreshGpu(async (backend) => {
      const w = tf.scalar(1);
      scale(w, 1);
      const doAll = async () =>
        await doOften(
          backend,
          ({ x, numbers }) => sumTimes(x, w, () => numbers.factor),
        );
      await doAll();
      const { buffers } = backend;
      backend.forget();
      assertEquals(backend.recordings, 0);
      await doAll();
      assertEquals(backend.recordings, 1);
      assertEquals(backend.buffers, buffers);
    }),
);
