/**
 * The CPU device: our own tfjs backend.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  NATIVE,
  type NativeBackend,
  registerNative,
} from "./native/backend.ts";
import "./native/tape.ts";

/**
 * Makes tfjs compute on the CPU.
 *
 * @return The device in words.
 */
export async function openCpu(): Promise<string> {
  registerNative();
  await tf.setBackend(NATIVE);
  const { threads } = tf.backend() as unknown as NativeBackend;
  return `cpu (${threads} ${threads === 1 ? "thread" : "threads"})`;
}
