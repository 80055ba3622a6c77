/**
 * Which of its kernels OpenBLAS takes. It knows processors by a list, and of one
 * that is newer than itself it takes those of the oldest (`Prescott`, of 2004),
 * whatever that has: products then take six times as long. It can be told a
 * processor of its list, but only by a variable, before it is loaded.
 *
 * @see https://github.com/OpenMathLib/OpenBLAS/blob/develop/driver/others/dynamic.c
 * @module
 */

/** What OpenBLAS calls the processor of the kernels that it has taken. */
export const CORE_SYMBOLS = {
  openblas_get_corename: { parameters: [], result: "pointer", optional: true },
} as const satisfies Deno.ForeignLibraryInterface;

/** Of the GNU C library; its cpuid is that of version 2.33 or newer. */
const C_LIBRARY = {
  getenv: { parameters: ["buffer"], result: "pointer" },
  setenv: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
  __x86_get_cpuid_feature_leaf: { parameters: ["u32"], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

const VARIABLE = "OPENBLAS_CORETYPE";

/** The kernels for processors of which OpenBLAS knows nothing. */
const OLDEST = "Prescott";

/** What a processor can do, of `cpuid`: bits of two of its words. */
export interface Features {
  /** Leaf 1, register ECX. */
  leaf1: number;
  /** Leaf 7, register EBX. */
  leaf7: number;
}

/** FMA. */
const FMA = 1 << 12;
/** AVX2. */
const AVX2 = 1 << 5;
/** AVX-512 F, DQ, CD, BW and VL, as Skylake's servers have them. */
const AVX512 = [16, 17, 28, 30, 31].reduce((bits, bit) => bits | 1 << bit, 0);

/**
 * The kernels that a processor could run instead of the oldest.
 *
 * @param features What it can do, and the system lets it do.
 * @return What OpenBLAS calls them; undefined if there are none.
 *
 * @example
 * ```ts
 * import { newerCore } from "./openblas_core.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(newerCore({ leaf1: 1 << 12, leaf7: 1 << 5 }), "Haswell");
 * ```
 */
export function newerCore({ leaf1, leaf7 }: Features): string | undefined {
  if ((leaf7 & AVX512) === AVX512) return "SkylakeX";
  return leaf1 & FMA && leaf7 & AVX2 ? "Haswell" : undefined;
}

/**
 * Tells OpenBLAS which kernels to take the next time that it is loaded, if it
 * has taken the oldest without need and nobody asked for these.
 *
 * @param symbols The library as it is loaded now.
 * @return The kernels; undefined if it is to stay as it is.
 */
export function chooseCore(
  symbols: Deno.StaticForeignLibraryInterface<typeof CORE_SYMBOLS>,
): string | undefined {
  const name = symbols.openblas_get_corename?.();
  if (!name || Deno.UnsafePointerView.getCString(name) !== OLDEST) return;
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") return;
  let library;
  try {
    library = Deno.dlopen("libc.so.6", C_LIBRARY);
  } catch {
    // It is another C library, or an older one: products stay slow.
    return;
  }
  const { getenv, setenv, __x86_get_cpuid_feature_leaf } = library.symbols;
  try {
    // Somebody may want the oldest, to have another machine's bits.
    if (getenv(encode(VARIABLE)) !== null) return;
    // A leaf's four registers, EAX to EDX, then those of them in use.
    const inUse = (index: number, register: number) =>
      new Deno.UnsafePointerView(__x86_get_cpuid_feature_leaf(index)!)
        .getUint32(4 * (4 + register));
    const core = newerCore({ leaf1: inUse(0, 2), leaf7: inUse(1, 1) });
    if (core === undefined) return;
    return setenv(encode(VARIABLE), encode(core), 0) === 0 ? core : undefined;
  } finally {
    library.close();
  }
}

/** A text as C has it. */
function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
