/**
 * Checks a device's kernels: every operation room on the device, against its
 * reference on tfjs' own CPU backend, in plain JavaScript.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Device } from "../device/device.ts";
import { type Check, isBroken, works } from "./check.ts";
import type { RoomCase } from "./room_case.ts";
import { roomCases } from "./room_cases.ts";

/** As shares of an array's largest element; both sides are float32. */
const TOLERANCE = 1e-4;

/**
 * What is smaller than this share of a call's largest number is rounding:
 * the gradient of attention's key bias is 0, and sums to some 1e-9.
 */
const NEGLIGIBLE = 1e-3;

/** tfjs' backend that runs references only. */
const PLAIN = "cpu";

/**
 * Compares each room's kernels with the reference.
 *
 * @param device The open device, which tfjs computes on.
 * @return One check a room, in the order of {@link roomCases}.
 */
export async function checkRooms(device: Device): Promise<Check[]> {
  const backend = tf.getBackend();
  // Else the plain backend says at its first use that others are faster.
  tf.enableProdMode();
  const errors = new Map<string, number>();
  for (const roomCase of roomCases) {
    const { room } = roomCase;
    const [actual, expected] = [
      await compute(roomCase, backend),
      await compute(roomCase, PLAIN),
    ];
    const least = NEGLIGIBLE * Math.max(...expected.map(largest));
    const error = Math.max(
      ...expected.map((array, i) =>
        difference(actual[i], array) / Math.max(largest(array), least)
      ),
    );
    errors.set(room, Math.max(errors.get(room) ?? 0, error));
  }
  await tf.setBackend(backend);
  return [...errors].map(([room, error]) => {
    const name = `${device.kind} ${room}`;
    if (error <= TOLERANCE) {
      return works(name, `within ${error.toExponential(0)} of its reference`);
    }
    return isBroken(
      name,
      `off by ${error.toExponential(1)} of the largest element, ` +
        `at most ${TOLERANCE.toExponential(0)} is expected`,
      "do not train on this device; newer drivers may help",
    );
  });
}

async function compute(
  { compute }: RoomCase,
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
