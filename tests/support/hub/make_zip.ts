import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";

/** A file for an archive. */
export interface ZipFile {
  name: string;
  content?: string | Uint8Array;
  /** The upper half of the attributes: 0o120777 is a link. */
  unixMode?: number;
  password?: string;
}

/** Where the name is in a local and a central header. */
const headers = [
  { signature: [0x50, 0x4b, 3, 4], name: 30 },
  { signature: [0x50, 0x4b, 1, 2], name: 46 },
];

/**
 * Writes a zip archive in memory. Names are written as they are, fit or not:
 * each file is first added under another of the same length.
 */
export async function makeZip(files: readonly ZipFile[]): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
    keepOrder: true,
  });
  const encoder = new TextEncoder();
  const names = files.map(({ name }) => encoder.encode(name));
  for (const [i, { name: _, content = "", ...options }] of files.entries()) {
    const data = typeof content === "string"
      ? encoder.encode(content)
      : content;
    const isFolder = names[i].at(-1) === 0x2f;
    const stem = String.fromCharCode(0x61 + i).repeat(
      names[i].length - Number(isFolder),
    );
    await writer.add(
      stem + (isFolder ? "/" : ""),
      new Uint8ArrayReader(data),
      options,
    );
  }
  const zip = await writer.close();
  for (const { signature, name } of headers) {
    findAll(zip, signature).forEach((at, i) => zip.set(names[i], at + name));
  }
  return zip;
}

/** Every place where some bytes are found. */
export function findAll(
  bytes: Uint8Array,
  wanted: readonly number[],
): number[] {
  const places: number[] = [];
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) places.push(at);
  }
  return places;
}
