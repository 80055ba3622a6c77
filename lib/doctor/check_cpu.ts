/**
 * What the CPU device found on this machine.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { NativeBackend } from "../device/cpu/backend.ts";
import { type Check, isMissing, works } from "./check.ts";

/**
 * Describes the open CPU device.
 *
 * @return Checks of its threads and of its BLAS library.
 */
export function checkCpu(): Check[] {
  const { threads, blas } = tf.backend() as unknown as NativeBackend;
  const cores = navigator.hardwareConcurrency;
  return [
    works("cpu threads", `${threads}, on ${cores} cores`),
    blas
      ? works("cpu BLAS", `${blas.description} (${blas.place.path})`)
      : isMissing(
        "cpu BLAS",
        "no library, so products are made by this program's own kernels",
        "install OpenBLAS (Debian: libopenblas0-pthread), or name a library " +
          "by --blas",
      ),
  ];
}
