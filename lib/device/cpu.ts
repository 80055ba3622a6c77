/**
 * The CPU device: our own tfjs backend.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  NATIVE,
  type NativeBackend,
  type NativeOptions,
  registerNative,
} from "./native/backend.ts";
import "./native/tape.ts";

/**
 * Makes tfjs compute on the CPU.
 *
 * @param options Threads and BLAS library.
 * @return The device in words.
 * @throws {UserError} If a thread or a library that is asked for fails.
 */
export async function openCpu(options: NativeOptions): Promise<string> {
  registerNative();
  await tf.setBackend(NATIVE);
  const backend = tf.backend() as unknown as NativeBackend;
  await backend.configure(options);
  const { threads, blas } = backend;
  return `cpu (${threads} ${threads === 1 ? "thread" : "threads"}, ${
    blas?.description ?? "no BLAS"
  })`;
}
