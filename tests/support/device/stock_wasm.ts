/** The oracle of the ops: tfjs' own WebAssembly backend. */
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

/** Where the backend's binary is. */
const BINARY = import.meta.resolve(
  "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
);

/** Makes tfjs compute on its own WebAssembly backend, on one thread. */
export async function openStockWasm(): Promise<void> {
  if (!tf.findBackend("wasm")) {
    // The backend looks for its binary beside its own file.
    (globalThis as { __dirname?: string }).__dirname ??= "/";
    const binary = await Deno.readFile(new URL(BINARY));
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
  await tf.setBackend("wasm");
}
