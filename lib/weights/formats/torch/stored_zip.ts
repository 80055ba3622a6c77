/**
 * Writes a zip archive of files that are stored as they are, each beginning at a
 * multiple of 64 bytes, as PyTorch has them so that they can be mapped into
 * memory.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { joinBytes } from "../../../base/join_bytes.ts";

/** Where the content of a file may begin, in bytes. */
const ALIGNMENT = 64;
/** The extra field that PyTorch pads with. */
const PADDING_ID = 0x4246;
/** What 32 bits tell; larger archives are of another version of the format. */
const MOST_BYTES = 0xffff_ffff;
/** 1 January 1980, the first day of the format, so that equal files are equal. */
const DATE = 0x21;
/** The version of the format that stored files need. */
const NEEDED = 20;
const UTF8_NAMES = 0x0800;

/**
 * Writes a zip archive.
 *
 * @param files The files' contents by name.
 * @return The archive in sections, which view the contents.
 * @throws {RangeError} If it has 4 GiB or more.
 */
export function storeZip(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Uint8Array<ArrayBuffer>[] {
  const sections: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  const add = (section: Uint8Array<ArrayBuffer>) => {
    sections.push(section);
    offset += section.length;
  };
  for (const [path, content] of files) {
    const name = new TextEncoder().encode(path);
    const facts = joinBytes([
      words16(UTF8_NAMES, 0, 0, DATE),
      words32(crc32(content), content.length, content.length),
      words16(name.length),
    ]);
    const at = offset;
    const padding = paddingAfter(at + 30 + name.length);
    directory.push(joinBytes([
      words32(0x02014b50),
      words16(NEEDED, NEEDED),
      facts,
      words16(0, 0, 0, 0),
      words32(0, at),
      name,
    ]));
    add(joinBytes([
      words32(0x04034b50),
      words16(NEEDED),
      facts,
      words16(padding.length),
      name,
      padding,
    ]));
    add(content);
  }
  const start = offset;
  directory.forEach(add);
  const size = offset - start;
  add(joinBytes([
    words32(0x06054b50),
    words16(0, 0, files.size, files.size),
    words32(size, start),
    words16(0),
  ]));
  if (offset > MOST_BYTES) {
    throw new RangeError(`an archive of ${offset} bytes has 4 GiB or more`);
  }
  return sections;
}

/** An extra field after which a content begins at the right place. */
function paddingAfter(end: number): Uint8Array<ArrayBuffer> {
  const fill = (ALIGNMENT - (end + 4) % ALIGNMENT) % ALIGNMENT;
  return joinBytes([words16(PADDING_ID, fill), new Uint8Array(fill)]);
}

function words16(...values: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint16Array.from(values).buffer);
}

function words32(...values: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.from(values).buffer);
}
