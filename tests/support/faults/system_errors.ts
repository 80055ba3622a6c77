/** Errors as Deno throws them when the operating system refuses a call. */

/** Kinds of errors, by the system's names. */
export type Code = "ENOSPC" | "EIO" | "EACCES";

/** The error of a full disk. */
export const full: Code = "ENOSPC";

const TEXTS: Record<Code, string> = {
  ENOSPC: "No space left on device (os error 28)",
  EIO: "Input/output error (os error 5)",
  EACCES: "Permission denied (os error 13)",
};

/** Methods of open files, whose errors name no file. */
const NAMELESS = /^(sync|syncData|write|truncate)(Sync)?$/;

/**
 * The error of a call.
 *
 * @param code Which error.
 * @param call The function, and the file or folder that it was given.
 */
export function systemError(
  code: Code,
  { name, path }: { name: string; path: string },
): Error {
  const subject = NAMELESS.test(name)
    ? ""
    : name.startsWith("makeTemp")
    ? ": tmpdir"
    : `: ${name.replace("Sync", "")} '${path}'`;
  const Kind = code === "EACCES" ? Deno.errors.PermissionDenied : Error;
  return Object.assign(new Kind(TEXTS[code] + subject), { code });
}
