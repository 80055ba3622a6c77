/**
 * Whether this process was started with a signal ignored, as `nohup` does.
 *
 * @module
 */

/** Numbers of the signals, the same on all systems (POSIX). */
const NUMBERS = { SIGHUP: 1 } as const;

/** What a handler is that ignores its signal (signal.h: SIG_IGN). */
const IGNORE = 1n;

/** Larger than any system's struct sigaction, whose first field is the handler. */
const SIGACTION_BYTES = 512;

/**
 * Whether a signal was ignored when this process began. To listen for it would
 * undo that.
 *
 * The system tells it to a program that may call it (`--allow-ffi`); another
 * takes it that it was not.
 *
 * @param signal The signal. No other may have been listened for so far: with
 *   the first one the runtime begins to handle them all.
 */
export function isIgnored(signal: keyof typeof NUMBERS): boolean {
  return askSystem(NUMBERS[signal]) ?? false;
}

/** What the system says; nothing if it can't be asked. */
function askSystem(number: number): boolean | undefined {
  const { state } = Deno.permissions.querySync({ name: "ffi" });
  if (state !== "granted") return undefined;
  const isMac = Deno.build.os === "darwin";
  try {
    const libc = Deno.dlopen(isMac ? "libSystem.B.dylib" : "libc.so.6", {
      sigaction: { parameters: ["i32", "pointer", "buffer"], result: "i32" },
    });
    const old = new BigUint64Array(SIGACTION_BYTES / 8);
    const failed = libc.symbols.sigaction(number, null, old);
    libc.close();
    return failed === 0 ? old[0] === IGNORE : undefined;
  } catch {
    return undefined; // Another libc.
  }
}
