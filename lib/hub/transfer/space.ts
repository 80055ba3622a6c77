import { statfs } from "node:fs/promises";
import { UserError } from "../../base/errors.ts";

/**
 * Makes sure that a disk has room before it is written to.
 *
 * @param folder A folder on the disk; it must exist.
 * @param bytes What is to be written.
 * @throws {UserError} `disk-full`, telling what is needed and what is free.
 */
export async function checkSpace(folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free === null || bytes <= free) return;
  throw new UserError(
    `Cannot write to "${folder}": ${megabytes(bytes)} are needed and ` +
      `${megabytes(free)} are free`,
    {
      code: "disk-full",
      hint: "free some space, or name another place: --cache DIR",
      exitCode: 1,
    },
  );
}

/** What a disk has left; null where this program may not ask. */
async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    // Without --allow-sys=statfs the disk itself will tell when it is full.
    if (error instanceof Deno.errors.NotCapable) return null;
    throw error;
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString("en-US")} MB`;
}
