/**
 * Writes all bytes: a single write may take fewer. (A file's own `writable`
 * stream may still hold the last of them when it reports them written.)
 *
 * @param file The file, open for writing.
 * @param bytes The bytes to write.
 */
export async function writeAll(
  file: Deno.FsFile,
  bytes: Uint8Array,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += await file.write(bytes.subarray(done));
  }
}
