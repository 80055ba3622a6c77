/**
 * Checks a device's kernels: every op on the device, against its reference
 * on tfjs' own CPU backend, in plain JavaScript.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { nextTurn } from "../base/clock.ts";
import type { CpuBackend } from "../device/cpu/backend.ts";
import type { Device } from "../device/device.ts";
import {
  type Check,
  type Examination,
  isBroken,
  works,
} from "../events/check.ts";
import type { OpCase } from "./op_case.ts";
import { opCases } from "./op_cases.ts";

/** As shares of an array's largest element; both sides are float32. */
const TOLERANCE = 1e-4;

/**
 * What is smaller than this share of a call's largest number is rounding:
 * the gradient of attention's key bias is 0, and sums to some 1e-9.
 */
const NEGLIGIBLE = 1e-3;

/** tfjs' backend that runs references only. */
const PLAIN = "cpu";

/** What the references gave: the same for every device. */
const references = new WeakMap<OpCase, Float32Array[]>();

/**
 * Compares each op's kernels with the reference.
 *
 * @param device The open device, which tfjs computes on.
 * @param examination Where to tell how far it is, and what stops it.
 * @return One check an op, in the order of {@link opCases}.
 */
export async function checkOps(
  device: Device,
  { onProgress, signal }: Examination = {},
): Promise<Check[]> {
  const backend = tf.getBackend();
  const advice = adviceFor(device);
  // Else the plain backend says at its first use that others are faster.
  tf.enableProdMode();
  const errors = new Map<string, number>();
  const tell = (done: number) =>
    onProgress?.({
      phase: `check ${device.kind} kernels`,
      done,
      total: opCases.length,
      unit: "steps",
    });
  tell(0);
  for (const [i, opCase] of opCases.entries()) {
    const { op } = opCase;
    const actual = await compute(opCase, backend);
    let expected = references.get(opCase);
    if (!expected) {
      expected = await compute(opCase, PLAIN);
      references.set(opCase, expected);
      await tf.setBackend(backend);
    }
    const least = NEGLIGIBLE * Math.max(...expected.map(largest));
    const error = Math.max(
      ...expected.map((array, i) =>
        difference(actual[i], array) / Math.max(largest(array), least)
      ),
    );
    errors.set(op, Math.max(errors.get(op) ?? 0, error));
    tell(i + 1);
    await nextTurn();
    signal?.throwIfAborted();
  }
  return [...errors].map(([op, error]) => {
    const name = `${device.kind} ${op}`;
    if (error <= TOLERANCE) {
      return works(name, `within ${error.toExponential(0)} of its reference`);
    }
    return isBroken(
      name,
      `off by ${error.toExponential(1)} of the largest element, ` +
        `at most ${TOLERANCE.toExponential(0)} is expected`,
      advice,
    );
  });
}

/** What to do if the open device computes something else. */
function adviceFor({ kind }: Device): string {
  if (kind === "webgpu") {
    return "take --device cpu; another driver of the GPU may help";
  }
  const { blas } = tf.backend() as unknown as CpuBackend;
  return blas
    ? "take --blas none, or name another library by --blas"
    : "take --device webgpu, if the GPU's kernels work";
}

async function compute(
  { compute }: OpCase,
  backend: string,
): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const tensors = tf.tidy(compute);
  const arrays = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  return arrays as Float32Array[];
}

function largest(array: Float32Array): number {
  return array.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/** The largest difference; infinite if something is not a number. */
function difference(actual: Float32Array, expected: Float32Array): number {
  const differences = actual.map((x, i) => Math.abs(x - expected[i]));
  return differences.some(Number.isNaN) ? Infinity : largest(differences);
}
