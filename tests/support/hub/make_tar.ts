import { pack } from "tar-stream";
import type { Header } from "tar-stream";

/** An entry for an archive. */
export interface TarEntry extends Partial<Header> {
  name: string;
  content?: string | Uint8Array;
}

/** Writes a tar archive in memory. */
export async function makeTar(
  entries: readonly TarEntry[],
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = pack();
  for (const { content, ...header } of entries) {
    writer.entry(header, content ?? "");
  }
  writer.finalize();
  const chunks = await Array.fromAsync(writer as AsyncIterable<Uint8Array>);
  return new Uint8Array(
    await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer(),
  );
}

/** Compresses some bytes. */
export async function gzip(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
