import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../../../../lib/base/errors.ts";
import type { GpuBackend } from "../../../../../lib/device/webgpu/backend.ts";
import type { UniformValue } from "../../../../../lib/device/webgpu/kernels/kernel.ts";
import { globalNorm } from "../../../../../lib/ops/global_norm/mod.ts";
import { withFreshGpu } from "../../../../support/device/fresh_gpu.ts";
import { scale } from "../../../../support/device/scale.ts";
import { webgpuTest } from "../../../../support/require.ts";

/** What a test's work is asked for. */
interface Asked {
  x: tf.Scalar;
  numbers: { factor: number };
}

/** How often each work is done: it is played from the third time on. */
const TIMES = 6;

/** How {@link doOften} does work. */
interface Often {
  /** Gives one scalar. */
  run(asked: Asked): tf.Scalar;
  /** What it may use besides its input. */
  state(): tf.Tensor[];
  /** Called before each time. */
  before?(time: number): void;
}

/**
 * Has work done some times, with an input and a number of its own each time.
 *
 * @return What it gave, and how many recordings there are.
 */
async function doOften(
  backend: GpuBackend,
  { run, state, before }: Often,
): Promise<{ results: number[]; recordings: number }> {
  const results: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    before?.(time);
    const x = tf.scalar(10 + time);
    const [result] = backend.play(
      {
        key: "test",
        inputs: [x],
        state: state(),
        numbers: { factor: time },
      },
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
      const done = await doOften(backend, {
        run: ({ x, numbers }) => sumTimes(x, w, () => numbers.factor),
        state: () => [w],
        before: () => scale(w, 2),
      });
      const results = each((time) => (10 + time + 2 ** (time + 1)) * time);
      assertEquals(done, { results, recordings: 1 });
    }),
);

/** Work that can't be played, and what it gives. */
interface Fault {
  run(asked: Asked, w: tf.Scalar): tf.Scalar;
  result(time: number): number;
}

const faults: Record<string, Fault> = {
  "tells kernels numbers that nobody asks for again": {
    run: ({ x, numbers }, w) => sumTimes(x, w, numbers.factor),
    result: (time) => (11 + time) * time,
  },
  "has numbers asked for elsewhere": {
    run: ({ x, numbers }, w) => {
      const own = numbers.factor;
      return sumTimes(x, w, () => own);
    },
    result: (time) => (11 + time) * time,
  },
  "brings values from the host": {
    run: ({ x, numbers }, w) =>
      sumTimes(tf.add(x, tf.scalar(numbers.factor)), w, 1),
    result: (time) => 11 + 2 * time,
  },
  "uses a tensor that it doesn't name": {
    run: ({ x }, w) => sumTimes(tf.add(x, w), unnamed!, 1),
    result: (time) => 11 + time + 100,
  },
  "writes to its input": {
    run: ({ x, numbers }, w) => {
      scale(x, () => numbers.factor);
      return tf.add(x, w);
    },
    result: (time) => (10 + time) * time + 1,
  },
  "runs stock kernels": {
    run: ({ x, numbers }, w) => sumTimes(tf.sub(x, w), w, () => numbers.factor),
    result: (time) => (10 + time) * time,
  },
  "runs other kernels each time": {
    run: ({ x, numbers }, w) => {
      let y = tf.add(x, w) as tf.Scalar;
      for (let i = 0; i < numbers.factor; i++) y = tf.add(y, w);
      return y;
    },
    result: (time) => 11 + 2 * time,
  },
};
let unnamed: tf.Scalar | undefined;

for (const [fault, { run, result }] of Object.entries(faults)) {
  await webgpuTest(
    `work is done, not played, if it ${fault}`,
    () =>
      withFreshGpu(async (backend) => {
        const w = tf.scalar(1);
        unnamed = tf.scalar(100);
        const done = await doOften(backend, {
          run: (asked) => run(asked, w),
          state: () => [w],
        });
        assertEquals(done, { results: each(result), recordings: 0 });
      }),
  );
}

await webgpuTest(
  "work on a tensor in another's place is recorded anew",
  () =>
    withFreshGpu(async (backend) => {
      const both = [tf.scalar(1), tf.scalar(100)];
      let w = both[0];
      const { results } = await doOften(backend, {
        run: ({ x, numbers }) => sumTimes(x, w, () => numbers.factor),
        state: () => [w],
        before: (time) => {
          w = both[time < 4 ? 0 : 1];
        },
      });
      const sum = (time: number) => 10 + time + (time < 4 ? 1 : 100);
      assertEquals(results, each((time) => sum(time) * time));
    }),
);

await webgpuTest(
  "work on a variable with new values is recorded anew",
  () =>
    withFreshGpu(async (backend) => {
      const w = tf.variable(tf.scalar(1));
      const { results } = await doOften(backend, {
        run: ({ x, numbers }) => sumTimes(x, w, () => numbers.factor),
        state: () => [w],
        // What the variable had is still to be read by the sum.
        before: () => tf.tidy(() => w.assign(tf.add(w, tf.clone(w)))),
      });
      const sum = (time: number) => 10 + time + 2 ** (time + 1);
      assertEquals(results, each((time) => sum(time) * time));
      w.dispose();
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
          { key: "test", inputs: [x], state: [], numbers: {} },
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
      for (let round = 0; round < 3; round++) {
        await doOften(backend, {
          run: ({ x, numbers }) => {
            scale(w, () => 1 + numbers.factor);
            return tf.add(x, w);
          },
          state: () => [w],
        });
        read.push(...await w.data());
      }
      assertEquals(read, [720, 720 ** 2, 720 ** 3]);
    }),
);

/** Has the sum of an input and a tensor done often. */
async function sumOften(backend: GpuBackend, w: tf.Scalar) {
  return await doOften(backend, {
    run: ({ x, numbers }) => sumTimes(x, w, () => numbers.factor),
    state: () => [w],
  });
}

await webgpuTest(
  "work that fails while it is recorded leaves nothing behind",
  () =>
    withFreshGpu(async (backend) => {
      const w = tf.scalar(1);
      await sumOften(backend, w);
      const { buffers } = backend;
      const { numTensors } = tf.memory();
      for (let time = 0; time < 5; time++) {
        const x = tf.tensor1d([1, 2]);
        const work = { key: "bad", inputs: [x], state: [w], numbers: {} };
        assertThrows(
          () =>
            backend.play(work, () => {
              tf.add(x, x);
              globalNorm([x]);
              throw new Error("no more");
            }),
          Error,
          "no more",
        );
        x.dispose();
      }
      await backend.finish();
      assertEquals(tf.memory().numTensors, numTensors);
      backend.forget();
      await sumOften(backend, w);
      assertEquals(backend.buffers, buffers);
    }),
);

await webgpuTest(
  "nothing that is played after the device is destroyed is read",
  () =>
    withFreshGpu(async (backend) => {
      const w = tf.scalar(1);
      await sumOften(backend, w);
      assertEquals(backend.recordings, 1);
      backend.device.destroy();
      const error = await assertRejects(
        () => sumOften(backend, w),
        UserError,
        "was lost",
      );
      assertMatch(error.message, /the last kernels: .*scale/);
    }),
);

await webgpuTest(
  "what was recorded is freed when it is forgotten",
  () =>
    withFreshGpu(async (backend) => {
      const w = tf.scalar(1);
      await sumOften(backend, w);
      const { buffers } = backend;
      backend.forget();
      assertEquals(backend.recordings, 0);
      await sumOften(backend, w);
      assertEquals(backend.recordings, 1);
      assertEquals(backend.buffers, buffers);
    }),
);
