/**
 * Huge pages for the CPU device's memory, where the system gives them.
 *
 * @module
 */
import { MOST_BYTES } from "./memory.ts";

/** madvise's MADV_HUGEPAGE (asm-generic/mman-common.h). */
const HUGE_PAGE = 14;

/**
 * The address of a shared memory in the process. It never moves, however it
 * grows. It takes `--allow-ffi`.
 */
export function baseAddress(memory: WebAssembly.Memory): bigint {
  const view = new Uint8Array(memory.buffer as unknown as ArrayBuffer);
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(view));
}

/**
 * Asks Linux for pages of 2 MiB. Kernels that walk down the columns of a matrix
 * touch a page a row: with pages of 4 KiB they mostly wait for addresses. It is
 * a hint, so where it can't be given nothing happens.
 *
 * @param memory An arena's memory: all that it may grow to is reserved already.
 */
export function adviseHugePages(memory: WebAssembly.Memory): void {
  if (Deno.build.os !== "linux") return;
  const { state } = Deno.permissions.querySync({ name: "ffi" });
  if (state !== "granted") return;
  try {
    const libc = Deno.dlopen("libc.so.6", {
      madvise: { parameters: ["usize", "usize", "i32"], result: "i32" },
    });
    libc.symbols.madvise(baseAddress(memory), BigInt(MOST_BYTES), HUGE_PAGE);
    libc.close();
  } catch {
    // Another libc.
  }
}
