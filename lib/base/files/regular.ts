/**
 * Reading files, and nothing else: whoever opens a pipe waits for who writes
 * it, perhaps for ever, and a device may have no end.
 *
 * @module
 */
import { kindOf } from "./kind_of.ts";

/**
 * Refuses pipes, sockets and devices; the system refuses directories.
 *
 * @param path What is going to be opened.
 * @throws As the system does if there is no such path, or it is such a thing.
 */
export async function checkRegular(path: string): Promise<void> {
  refuse(path, await Deno.stat(path));
}

/** Does the same at once, without waiting. */
export function checkRegularSync(path: string): void {
  refuse(path, Deno.statSync(path));
}

/**
 * Reads a file's bytes.
 *
 * @param path The file.
 * @throws As the system does; also for pipes, sockets and devices.
 */
export async function readRegular(
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  await checkRegular(path);
  return await Deno.readFile(path);
}

/**
 * Reads a file's text.
 *
 * @param path The file.
 * @throws As the system does; also for pipes, sockets and devices.
 *
 * @example
 * ```ts
 * import { readRegularText } from "./regular.ts";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => readRegularText("/dev/null"));
 * ```
 */
export async function readRegularText(path: string): Promise<string> {
  await checkRegular(path);
  return await Deno.readTextFile(path);
}

function refuse(path: string, info: Deno.FileInfo): void {
  if (info.isFile || info.isDirectory) return;
  const what = `it is ${kindOf(info)}, expected a file: '${path}'`;
  // It is told as what the system refuses is.
  throw Object.assign(new Error(what), { code: "EINVAL" });
}
