/**
 * Looks for an MPI library, which training on several machines would use.
 *
 * @module
 */
import { type Check, isMissing, works } from "./check.ts";

/** Names of MPI's libraries: Open MPI, MPICH, and the standard ABI's. */
const CANDIDATES: Partial<Record<typeof Deno.build.os, string[]>> = {
  linux: ["libmpi.so.40", "libmpi.so", "libmpich.so.12", "libmpi_abi.so.0"],
  darwin: ["libmpi.dylib", "libmpich.dylib", "libmpi_abi.dylib"],
};

/** `MPI_MAX_LIBRARY_VERSION_STRING`, with room to spare. */
const LONGEST_VERSION = 8192;

/** Finds MPI by loading it; it isn't started. */
export function checkMpi(): Check {
  for (const library of CANDIDATES[Deno.build.os] ?? []) {
    const version = versionOf(library);
    if (version !== undefined) return works("MPI", `${version} (${library})`);
  }
  return isMissing(
    "MPI",
    "no library",
    "install Open MPI or MPICH to have several processes train one model; " +
      "one process needs none",
  );
}

/** The library's own words, up to the first comma or line break. */
function versionOf(library: string): string | undefined {
  try {
    const { symbols, close } = Deno.dlopen(library, {
      MPI_Get_library_version: {
        parameters: ["buffer", "buffer"],
        result: "i32",
      },
    });
    const text = new Uint8Array(LONGEST_VERSION);
    symbols.MPI_Get_library_version(text, new Int32Array(1));
    close();
    const end = text.indexOf(0);
    return new TextDecoder().decode(text.subarray(0, end)).split(/[,\n]/)[0];
  } catch {
    // Not there, or no MPI: the next name may be.
    return undefined;
  }
}
