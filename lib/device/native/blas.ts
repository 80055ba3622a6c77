/**
 * The matrix product of a BLAS library, where the machine has one: OpenBLAS,
 * Accelerate or MKL, called on the shared memory.
 *
 * @module
 */
import { UserError } from "../../errors.ts";

/** A product in BLAS' words: strides in floats, addresses in the memory. */
export interface BlasProduct {
  transposeA: boolean;
  transposeB: boolean;
  M: number;
  N: number;
  K: number;
  a: number;
  strideA: number;
  b: number;
  strideB: number;
  c: number;
  strideC: number;
  /** Whether C gets the product added, not replaced by it. */
  accumulate: boolean;
}

/** A BLAS library that was opened. */
export interface Blas {
  /** Its name and version, as `OpenBLAS 0.3.21`. */
  readonly description: string;
  /** C = A B, or C += A B. */
  multiply(product: BlasProduct): void;
}

/** CBLAS' numbers (cblas.h). */
const ROW_MAJOR = 101;
const PLAIN = 111;
const TRANSPOSED = 112;

const SGEMM = {
  cblas_sgemm: {
    parameters: [
      ...["i32", "i32", "i32", "i32", "i32", "i32"] as const,
      ...[
        "f32",
        "usize",
        "i32",
        "usize",
        "i32",
        "f32",
        "usize",
        "i32",
      ] as const,
    ],
    result: "void",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** What only some libraries have. */
const EXTRAS = {
  openblas_set_num_threads: {
    parameters: ["i32"],
    result: "void",
    optional: true,
  },
  openblas_get_config: { parameters: [], result: "pointer", optional: true },
  MKL_Set_Num_Threads: { parameters: ["i32"], result: "void", optional: true },
} as const satisfies Deno.ForeignLibraryInterface;

/** Where libraries are looked for, by operating system. */
const CANDIDATES: Partial<Record<typeof Deno.build.os, string[]>> = {
  linux: [
    "libopenblas.so.0",
    "libopenblas.so",
    "libmkl_rt.so.2",
    "libmkl_rt.so",
  ],
  darwin: [
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
    "libopenblas.dylib",
  ],
  windows: ["libopenblas.dll", "openblas.dll", "mkl_rt.2.dll"],
};

/** Which library, and how. */
export interface BlasOptions {
  /**
   * A library's path; `none` for none; if not given, what PREMISE_BLAS says,
   * else the first one found.
   */
  library?: string | undefined;
  threads: number;
  /** What the products' addresses are in. */
  memory: WebAssembly.Memory;
}

/**
 * Opens a BLAS library.
 *
 * @param options Which one, and on what memory.
 * @return The library; undefined if there is none, or none is wanted, or the
 *   process may not load libraries (`--allow-ffi`).
 * @throws {UserError} If a library is asked for by its path and can't be used.
 */
export function openBlas(options: BlasOptions): Blas | undefined {
  const library = options.library ?? fromEnvironment();
  if (library === "none") return undefined;
  const { state } = Deno.permissions.querySync({ name: "ffi" });
  if (state !== "granted") {
    if (library === undefined) return undefined;
    throw cannotOpen(library, "the process may not load libraries");
  }
  const candidates = library === undefined
    ? CANDIDATES[Deno.build.os] ?? []
    : [library];
  for (const candidate of candidates) {
    try {
      return open(candidate, options);
    } catch (cause) {
      if (library !== undefined) {
        throw cannotOpen(library, (cause as Error).message, cause);
      }
    }
  }
  return undefined;
}

function fromEnvironment(): string | undefined {
  const variable = "PREMISE_BLAS";
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

function open(path: string, { threads, memory }: BlasOptions): Blas {
  const { symbols } = Deno.dlopen(path, { ...SGEMM, ...EXTRAS });
  symbols.openblas_set_num_threads?.(threads);
  symbols.MKL_Set_Num_Threads?.(threads);
  // The base of a shared memory never moves, however it grows.
  const view = new Uint8Array(memory.buffer as unknown as ArrayBuffer);
  const base = Deno.UnsafePointer.value(Deno.UnsafePointer.of(view));
  const config = symbols.openblas_get_config?.();
  return {
    description: config
      ? Deno.UnsafePointerView.getCString(config).split(" ", 2).join(" ")
      : path,
    multiply(p) {
      symbols.cblas_sgemm(
        ROW_MAJOR,
        p.transposeA ? TRANSPOSED : PLAIN,
        p.transposeB ? TRANSPOSED : PLAIN,
        p.M,
        p.N,
        p.K,
        1,
        base + BigInt(p.a),
        p.strideA,
        base + BigInt(p.b),
        p.strideB,
        p.accumulate ? 1 : 0,
        base + BigInt(p.c),
        p.strideC,
      );
    },
  };
}

function cannotOpen(library: string, why: string, cause?: unknown): UserError {
  return new UserError(`Cannot use the BLAS library "${library}": ${why}`, {
    code: "no-blas",
    hint: "--blas none computes without one",
    cause,
  });
}
