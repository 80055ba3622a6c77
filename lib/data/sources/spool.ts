import { naming } from "../../base/files/system_error.ts";
import { writeAll } from "../../base/files/write_all.ts";

/**
 * Copies data that can be read only once into a file.
 *
 * @param source The data.
 * @param path The file, which must not exist.
 * @param options A signal that ends the copying.
 */
export async function spool(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  path: string,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  const blocks = source.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>(),
    signal === undefined ? {} : { signal },
  );
  for await (const block of blocks) {
    await naming(path, () => writeAll(file, block));
  }
}
