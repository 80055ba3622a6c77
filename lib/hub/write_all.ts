/**
 * Writes bytes where a file's cursor is. (A file's own `writable` stream may
 * still hold the last of them when it has reported them written.)
 *
 * @param file An open file.
 * @param bytes What to write.
 */
export async function writeAll(
  file: Deno.FsFile,
  bytes: Uint8Array,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += await file.write(bytes.subarray(done));
  }
}
