/**
 * How fast a device multiplies matrices and moves memory.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../device/define_op.ts";
import type { Device } from "../device/device.ts";
import { GpuBackend } from "../device/webgpu/backend.ts";
import { hasTimestamps } from "../device/webgpu/clock.ts";
import { measure } from "../device/webgpu/measure.ts";
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
  const products = await bestRate((n) => {
    const [x, weight] = [
      tf.ones<tf.Rank.R2>([n, n]),
      tf.ones<tf.Rank.R2>([n, n]),
    ];
    const bias = tf.ones<tf.Rank.R1>([n]);
    return {
      amount: 2 * n ** 3,
      inputs: [x, weight, bias],
      run: () => linear(x, { weight, bias }),
    };
  }, { from: 256, to: 8192 });
  const sums = await bestRate((n) => {
    const [sum, x] = [tf.ones([n]), tf.ones([n])];
    return {
      amount: 3 * 4 * n,
      inputs: [sum, x],
      run: () => {
        runKernel("Accumulate", { sum, x });
        return undefined;
      },
    };
  }, { from: 2 ** 20, to: 2 ** 25 });
  return [
    works(`${kind} matrix products`, "measured", { gigaflops: products / 1e9 }),
    works(`${kind} memory`, "measured", { gigabytesPerSecond: sums / 1e9 }),
  ];
}

/** Work of some size. */
interface Work {
  /** How much there is to do. */
  amount: number;
  /** Disposed in the end. */
  inputs: tf.Tensor[];
  /** Does it; gives what is to be disposed, if anything. */
  run(): tf.Tensor | undefined;
}

/** The rate at the size that takes long enough. */
async function bestRate(
  make: (size: number) => Work,
  { from, to }: { from: number; to: number },
): Promise<number> {
  for (let size = from;; size *= 2) {
    const { amount, inputs, run } = make(size);
    const seconds = await timed(run);
    const enough = seconds >= LONG_ENOUGH || size >= to;
    const exact = enough ? await deviceSeconds(run) ?? seconds : seconds;
    tf.dispose(inputs);
    if (enough) return amount / exact;
  }
}

/**
 * What a GPU takes by its own clock, where it has one: reading from it takes
 * the host longer than most work.
 */
async function deviceSeconds(
  run: () => tf.Tensor | undefined,
): Promise<number | undefined> {
  const backend: unknown = tf.backend();
  if (!(backend instanceof GpuBackend)) return undefined;
  if (!hasTimestamps(backend.device)) return undefined;
  const work = () => {
    run()?.dispose();
  };
  return (await measure(backend, new Map([["work", work]]))).get("work");
}

/** Seconds of the fastest run, the device's work included. */
async function timed(run: () => tf.Tensor | undefined): Promise<number> {
  let best = Infinity;
  const marker = tf.ones([1]);
  for (let i = 0; i <= RUNS; i++) {
    const begun = performance.now();
    const result = run();
    // A device works in order: what is read last waits for all before it.
    const last = globalNorm([marker]);
    await last.data();
    result?.dispose();
    last.dispose();
    const seconds = (performance.now() - begun) / 1000;
    // The first run compiles and allocates.
    if (i > 0) best = Math.min(best, seconds);
  }
  marker.dispose();
  return best;
}
