/**
 * The matrix product of a BLAS library, where the machine has one: OpenBLAS,
 * Accelerate or MKL, called on the shared memory.
 *
 * @module
 */
import { UserError } from "../../../base/errors.ts";
import { baseAddress } from "../huge_pages.ts";
import type { Kernel } from "../kernel.ts";
import { chooseCore, CORE_SYMBOLS } from "./openblas_core.ts";
import { type BlasLibrary, openSgemm } from "./sgemm.ts";

/** A BLAS library that was opened. */
export interface Blas {
  /** Its name and version, as `OpenBLAS 0.3.21`. */
  readonly description: string;
  /** What threads open. */
  readonly library: BlasLibrary;
  /** Its product, for the calling thread. */
  readonly sgemm: Kernel;
}

/** What only some libraries have. */
const EXTRAS = {
  ...CORE_SYMBOLS,
  openblas_set_num_threads: {
    parameters: ["i32"],
    result: "void",
    optional: true,
  },
  blas_thread_shutdown_: { parameters: [], result: "i32", optional: true },
  openblas_get_config: { parameters: [], result: "pointer", optional: true },
  MKL_Set_Num_Threads: { parameters: ["i32"], result: "void", optional: true },
  MKL_Get_Version_String: {
    parameters: ["buffer", "i32"],
    result: "void",
    optional: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** Where libraries are looked for, by operating system. */
const CANDIDATES: Partial<Record<typeof Deno.build.os, string[]>> = {
  linux: [
    "libopenblas.so.0",
    "libopenblas.so",
    "libmkl_rt.so.3",
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
  const library = chosenLibrary(options.library);
  if (library === "none") return undefined;
  const variable = options.library === undefined;
  if (library === "") {
    throw cannotOpen(library, "expected a path, or none", { variable });
  }
  const { state } = Deno.permissions.querySync({ name: "ffi" });
  if (state !== "granted") {
    if (library === undefined) return undefined;
    const why = "the process may not load libraries";
    throw cannotOpen(library, why, { variable });
  }
  const candidates = library === undefined
    ? CANDIDATES[Deno.build.os] ?? []
    : [library];
  for (const candidate of candidates) {
    try {
      return open(candidate, options);
    } catch (cause) {
      if (library !== undefined) {
        const why = (cause as Error).message;
        throw cannotOpen(library, why, { variable, cause });
      }
    }
  }
  return undefined;
}

/**
 * The library that is asked for: a path, or `none`.
 *
 * @param given What is to win over PREMISE_BLAS, if anything.
 * @return Undefined if the first one found will do.
 */
export function chosenLibrary(given?: string): string | undefined {
  if (given !== undefined) return given;
  const variable = "PREMISE_BLAS";
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

function open(path: string, { memory }: BlasOptions): Blas {
  let library = Deno.dlopen(path, EXTRAS);
  const core = chooseCore(library.symbols);
  if (core !== undefined) {
    library.close();
    library = Deno.dlopen(path, EXTRAS);
  }
  const { symbols } = library;
  symbols.openblas_set_num_threads?.(1);
  // Else OpenBLAS ends its own, idle threads while the process exits and ours
  // are still ending: one exit in five aborted, its heap corrupted.
  symbols.blas_thread_shutdown_?.();
  symbols.MKL_Set_Num_Threads?.(1);
  const opened = { path, base: baseAddress(memory) };
  return {
    description: (describe(symbols) ?? path) + (core ? ` as ${core}` : ""),
    library: opened,
    sgemm: openSgemm(opened, memory),
  };
}

/** A library's name and version, if it tells them. */
function describe(
  symbols: Deno.StaticForeignLibraryInterface<typeof EXTRAS>,
): string | undefined {
  const config = symbols.openblas_get_config?.();
  if (config) {
    return Deno.UnsafePointerView.getCString(config).split(" ", 2).join(" ");
  }
  const text = new Uint8Array(MOST_VERSION_BYTES);
  symbols.MKL_Get_Version_String?.(text, text.length);
  // As `Intel(R) oneAPI Math Kernel Library Version 2024.0-Product Build ...`.
  const version = /Version ([\d.]+)/.exec(new TextDecoder().decode(text))?.[1];
  return version && `MKL ${version}`;
}

const MOST_VERSION_BYTES = 200;

function cannotOpen(
  library: string,
  why: string,
  { variable, cause }: { variable: boolean; cause?: unknown },
): UserError {
  const named = variable ? " that the variable PREMISE_BLAS names" : "";
  return new UserError(
    `Cannot use the BLAS library "${library}"${named}: ${why}`,
    {
      code: "no-blas",
      hint: variable
        ? "unset PREMISE_BLAS; the word none computes without one"
        : "the option blas as none computes without one (--blas none)",
      cause,
    },
  );
}
