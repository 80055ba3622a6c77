/**
 * The CPU device: our own tfjs backend.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Device } from "../device.ts";
import {
  CPU,
  type CpuBackend,
  type CpuOptions,
  registerCpuBackend,
} from "./backend.ts";
import { bytes as kernels } from "./kernels/kernels.embedded.ts";
import "./tape_kernels.ts";

/**
 * Makes tfjs compute on the CPU.
 *
 * @param options Threads and BLAS library.
 * @throws {UserError} If a thread or a library that is asked for fails.
 */
export async function openCpu(options: CpuOptions): Promise<Device> {
  registerCpuBackend();
  await tf.setBackend(CPU);
  const backend = tf.backend() as unknown as CpuBackend;
  await backend.configure(options);
  const { threads, blas } = backend;
  const library = blas?.description;
  return {
    kind: "cpu",
    description: `cpu (${threads} ${threads === 1 ? "thread" : "threads"}, ${
      library ?? "no BLAS"
    })`,
    arithmetic: {
      device: "cpu",
      threads,
      blas: library ?? "none",
      kernels: await digestOf(kernels()),
    },
    check: () => {},
    tune: () => Promise.resolve(),
    tuned: () => ({}),
    adopt: () => {},
  };
}

/** The first digits of a SHA-256, enough to tell two builds apart. */
async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex().slice(0, 16);
}
