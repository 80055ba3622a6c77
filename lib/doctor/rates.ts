/**
 * How fast a device multiplies matrices and moves memory.
 *
 * Memory is measured as STREAM does it (McCalpin, 1995), by sums in place of
 * arrays that caches don't hold: x += y reads two numbers and writes one. The
 * arrays have been written and read before, so that no page is new, all threads
 * take part, and the fastest of several passes counts. A processor fetches what
 * it is going to write: in place that is read anyway, so that what is counted
 * is what is moved.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../device/define_op.ts";
import type { Device } from "../device/device.ts";
import { GpuBackend } from "../device/webgpu/backend.ts";
import { hasTimestamps } from "../device/webgpu/clock.ts";
import { measure } from "../device/webgpu/measure.ts";
import { type Check, type Examination, works } from "../events/check.ts";
import "../ops/accumulate/mod.ts";
import { linear } from "../ops/linear/mod.ts";

/** Rows and columns of the matrices: the fewest that take long enough. */
const [FEWEST_ROWS, MOST_ROWS] = [256, 4096];
/** Seconds that a product is to take, so that starting it doesn't count. */
const LONG_ENOUGH = 0.05;
/** Numbers of an array: 64 MiB, and 128 for the caches of large GPUs. */
const [LENGTH, GPU_LENGTH] = [2 ** 24, 2 ** 25];
/** Seconds of measuring, if that is enough for so many passes. */
const MEASURING = 0.3;
const FEWEST_PASSES = 3;
/**
 * Seconds of a GPU's pass by the host's clock: Deno looks only now and then
 * whether the GPU is done.
 */
const GPU_PASS = 0.2;

/**
 * Measures a device.
 *
 * @param device The open device, which tfjs computes on.
 * @param examination Where to tell how far it is, and what stops it.
 * @return Two checks: `gigaflops` of matrix products, `gigabytesPerSecond` of
 *   memory, the bytes read and the bytes written.
 */
export async function measureRates(
  { kind }: Device,
  { onProgress, signal }: Examination = {},
): Promise<Check[]> {
  const phase = `measure ${kind}`;
  const tell = (done: number) => {
    onProgress?.({ phase, done, total: 2, unit: "steps" });
    signal?.throwIfAborted();
  };
  const backend: unknown = tf.backend();
  const gpu = backend instanceof GpuBackend ? backend : undefined;
  const isHardware = gpu !== undefined && !gpu.isSoftware;
  const finish = async () => await gpu?.finish();
  tell(0);
  const products = await productsThatTakeLong(finish);
  tell(1);
  const sums = sumsOf(isHardware ? GPU_LENGTH : LENGTH);
  const both = [products, sums];
  const seconds: number[] = [];
  if (gpu && isHardware && hasTimestamps(gpu.device)) {
    const runs = both.map(({ name, run }) => [name, run] as const);
    const found = await measure(gpu, new Map(runs));
    seconds.push(...both.map(({ name }) => found.get(name)!));
  } else {
    const pass = gpu ? GPU_PASS : 0;
    for (const work of both) {
      seconds.push(await fastestPass(work, { finish, pass }));
    }
  }
  tf.dispose(both.map(({ inputs }) => inputs));
  tell(2);
  return both.map(({ name, found, unit, amount }, i) =>
    works(`${kind} ${name}`, found, { [unit]: amount / seconds[i] / 1e9 })
  );
}

/** Something that is measured. */
interface Work {
  name: string;
  /** In words. */
  found: string;
  /** How the check calls a billion of its amount in a second. */
  unit: string;
  /** Floating-point operations, or bytes read and written. */
  amount: number;
  /** To be disposed in the end. */
  inputs: tf.Tensor[];
  /** Has the device do it. */
  run(): void;
}

/** Waits until the device has done all that it was told. */
type Finish = () => Promise<void>;

function productsOf(n: number): Work {
  const x: tf.Tensor2D = tf.ones([n, n]);
  const weight: tf.Tensor2D = tf.ones([n, n]);
  const bias: tf.Tensor1D = tf.ones([n]);
  return {
    name: "matrix products",
    found: `${n} x ${n} numbers of 32 bits`,
    unit: "gigaflops",
    amount: 2 * n ** 3,
    inputs: [x, weight, bias],
    run: () => linear(x, { weight, bias }).dispose(),
  };
}

async function productsThatTakeLong(finish: Finish): Promise<Work> {
  for (let n = FEWEST_ROWS;; n *= 2) {
    const work = productsOf(n);
    // The first run compiles.
    await timed(work, finish);
    if (await timed(work, finish) >= LONG_ENOUGH || n >= MOST_ROWS) return work;
    tf.dispose(work.inputs);
  }
}

/** Sums in place; the result is the first input again, if nobody else has it. */
function sumsOf(length: number): Work {
  const [sum, x] = [tf.ones([length]), tf.ones([length])];
  return {
    name: "memory",
    found: `sums in place of two arrays of ${4 * length / 2 ** 20} MiB`,
    unit: "gigabytesPerSecond",
    amount: 3 * 4 * length,
    inputs: [sum, x],
    run: () => tf.dispose(runKernel("Accumulate", { sum, x })),
  };
}

/** Seconds that some runs take one after the other, by the host's clock. */
async function timed(
  { run }: Work,
  finish: Finish,
  runs = 1,
): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < runs; i++) run();
  await finish();
  return (performance.now() - begun) / 1000;
}

/** Seconds of a run, in the fastest pass of as many runs as take `pass`. */
async function fastestPass(
  work: Work,
  { finish, pass }: { finish: Finish; pass: number },
): Promise<number> {
  // The first run compiles.
  await timed(work, finish);
  const once = await timed(work, finish);
  const runs = Math.max(1, Math.ceil(pass / once));
  let best = once;
  const end = performance.now() + 1000 * MEASURING;
  for (let n = 0; n < FEWEST_PASSES || performance.now() < end; n++) {
    best = Math.min(best, await timed(work, finish, runs) / runs);
  }
  return best;
}
