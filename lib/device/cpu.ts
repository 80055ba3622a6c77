/**
 * The CPU device: tfjs' WebAssembly backend with SIMD, on one thread.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import binary from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm" with {
  type: "bytes",
};

/**
 * Makes tfjs compute on the CPU.
 *
 * @return The device in words.
 */
export async function registerCpu(): Promise<string> {
  if (tf.getBackend() !== "wasm") {
    // The backend loads its binary by a path beside its own file, which a
    // bundle doesn't have; it takes a URL for each name, and needs one name.
    (globalThis as { __dirname?: string }).__dirname ??= "/";
    const url = URL.createObjectURL(
      new Blob([binary], { type: "application/wasm" }),
    );
    setWasmPaths({
      "tfjs-backend-wasm.wasm": url,
      "tfjs-backend-wasm-simd.wasm": url,
      "tfjs-backend-wasm-threaded-simd.wasm": url,
    }, true);
    await tf.setBackend("wasm");
    URL.revokeObjectURL(url);
  }
  return "cpu (wasm, 1 thread)";
}
