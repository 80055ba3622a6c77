/**
 * Writes files that are never seen half written.
 *
 * @module
 */

/**
 * Writes a file under a temporary name beside it, makes it durable, and only
 * then gives it its name, so that a crash leaves the old file or the new one.
 *
 * @param path The file's path; its directory exists.
 * @param pieces The content, in pieces so that it need not be in memory twice.
 */
export async function writeFileAtomically(
  path: string,
  pieces: Iterable<Uint8Array>,
): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    {
      using file = await Deno.open(temporary, { write: true, createNew: true });
      for (const piece of pieces) {
        for (let at = 0; at < piece.length;) {
          at += await file.write(piece.subarray(at));
        }
      }
      await file.sync();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}
