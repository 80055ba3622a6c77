/**
 * What the CPU device found on this machine.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { CpuBackend } from "../device/cpu/backend.ts";
import { type Blas, chosenLibrary } from "../device/cpu/blas/blas.ts";
import { type Check, isMissing, works } from "../events/check.ts";

/**
 * Describes the open CPU device.
 *
 * @param options The library that was asked for, if any.
 * @return Checks of its threads and of its BLAS library.
 */
export function checkCpu(options: { blas?: string | undefined } = {}): Check[] {
  const { threads, blas } = tf.backend() as unknown as CpuBackend;
  const cores = navigator.hardwareConcurrency;
  return [
    works("cpu threads", `${threads}, on ${cores} cores`),
    checkBlas(blas, chosenLibrary(options.blas)),
  ];
}

/**
 * Describes the library that matrix products are made by.
 *
 * @param blas The library in use, if any.
 * @param chosen What was asked for: a path, `none`, or nothing.
 */
export function checkBlas(
  blas: Omit<Blas, "sgemm"> | undefined,
  chosen: string | undefined,
): Check {
  const name = "cpu BLAS";
  if (blas) return works(name, `${blas.description} (${blas.library.path})`);
  return chosen === "none"
    ? isMissing(
      name,
      "not looked for, as was asked: products are made by this program's own " +
        "kernels",
      "leave --blas and PREMISE_BLAS out to have a library looked for",
    )
    : isMissing(
      name,
      "no library, so products are made by this program's own kernels",
      "install OpenBLAS (Debian: libopenblas0-pthread), or name a library " +
        "by --blas",
    );
}
