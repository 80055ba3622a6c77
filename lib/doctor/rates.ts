/**
 * How fast a device multiplies matrices and moves memory.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../device/define_op.ts";
import type { Device } from "../device/mod.ts";
import { globalNorm } from "../ops/global_norm/mod.ts";
import { linear } from "../ops/linear/mod.ts";
import { type Check, works } from "./check.ts";

/** Seconds that a measurement is to take at least. */
const LONG_ENOUGH = 0.05;
/** Repetitions; the fastest counts. */
const RUNS = 3;

/**
 * Measures a device.
 *
 * @param device The open device, which tfjs computes on.
 * @return Two checks: `gigaflops` of matrix products, `gigabytesPerSecond` of
 *   memory that is read and written.
 */
export async function measureRates({ kind }: Device): Promise<Check[]> {
  const products = await fastest(async (n) => {
    const [x, weight] = [
      tf.ones<tf.Rank.R2>([n, n]),
      tf.ones<tf.Rank.R2>([n, n]),
    ];
    const bias = tf.ones<tf.Rank.R1>([n]);
    const seconds = await timed(() => linear(x, { weight, bias }));
    tf.dispose([x, weight, bias]);
    return { seconds, amount: 2 * n ** 3 };
  }, { from: 256, to: 8192 });
  const sums = await fastest(async (n) => {
    const [sum, x] = [tf.ones([n]), tf.ones([n])];
    const seconds = await timed(() => {
      runKernel("Accumulate", { sum, x });
      return tf.clone(sum);
    });
    tf.dispose([sum, x]);
    return { seconds, amount: 3 * 4 * n };
  }, { from: 2 ** 20, to: 2 ** 25 });
  return [
    works(`${kind} matrix products`, "measured", { gigaflops: products / 1e9 }),
    works(`${kind} memory`, "measured", { gigabytesPerSecond: sums / 1e9 }),
  ];
}

/** How much there was to do, and how long it took. */
interface Measured {
  seconds: number;
  amount: number;
}

/** The best rate at the size that takes long enough. */
async function fastest(
  measure: (size: number) => Promise<Measured>,
  { from, to }: { from: number; to: number },
): Promise<number> {
  let size = from;
  let measured = await measure(size);
  while (measured.seconds < LONG_ENOUGH && size < to) {
    size *= 2;
    measured = await measure(size);
  }
  return measured.amount / measured.seconds;
}

/** Seconds of the fastest run, the device's work included. */
async function timed(run: () => tf.Tensor): Promise<number> {
  let best = Infinity;
  const marker = tf.ones([1]);
  for (let i = 0; i <= RUNS; i++) {
    const begun = performance.now();
    const result = run();
    // A device works in order: what is read last waits for all before it.
    const last = globalNorm([marker]);
    await last.data();
    tf.dispose([result, last]);
    const seconds = (performance.now() - begun) / 1000;
    // The first run compiles and allocates.
    if (i > 0) best = Math.min(best, seconds);
  }
  marker.dispose();
  return best;
}
