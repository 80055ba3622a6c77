import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { lay, u16, u32, u64 } from "../../support/weights/little_endian.ts";
import type { Bytes } from "./bytes.ts";

/** A file in a zip archive. */
export interface Member {
  name: Uint8Array;
  bytes: Bytes;
}

/** How archives are packed. */
export interface PackOptions {
  /** Whether members are compressed. */
  deflate: boolean;
  /** Whether sizes follow the members instead of going before them. */
  dataDescriptor: boolean;
  /** Whether the end is also told in 64 bits. */
  zip64: boolean;
}

/** The members of a sound archive; throws for others. */
export function unpack(file: Bytes): Member[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const members: Member[] = [];
  let at = view.getUint32(file.length - 6, true);
  for (let count = view.getUint16(file.length - 12, true); count > 0; count--) {
    const [nameLength, extra, comment] = [28, 30, 32]
      .map((offset) => view.getUint16(at + offset, true));
    const [size, local] = [20, 42]
      .map((offset) => view.getUint32(at + offset, true));
    const start = local + 30 + view.getUint16(local + 26, true) +
      view.getUint16(local + 28, true);
    const raw = file.slice(start, start + size);
    const deflated = view.getUint16(at + 10, true) === 8;
    members.push({
      name: file.slice(at + 46, at + 46 + nameLength),
      bytes: deflated
        ? new Uint8Array(inflateRawSync(raw, { maxOutputLength: 2 ** 22 }))
        : raw,
    });
    at += 46 + nameLength + extra + comment;
  }
  return members;
}

/** Writes an archive; members' names are written as they are, fit or not. */
export function pack(members: readonly Member[], options: PackOptions): Bytes {
  const { deflate, dataDescriptor, zip64 } = options;
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of members) {
    const data = deflate ? new Uint8Array(deflateRawSync(bytes)) : bytes;
    const sums = lay(u32(crc32(bytes)), u32(data.length), u32(bytes.length));
    const flags = dataDescriptor ? 0x0808 : 0x0800;
    const start = lay(u16(20), u16(flags), u16(deflate ? 8 : 0), u32(0x210000));
    const lengths = lay(u16(name.length), u16(0));
    const early = dataDescriptor ? new Uint8Array(12) : sums;
    const late = dataDescriptor ? [lay("PK\x07\x08"), sums] : [];
    const local = [
      lay("PK\x03\x04"),
      start,
      early,
      lengths,
      name,
      data,
      ...late,
    ];
    parts.push(...local);
    directory.push(
      ...[lay("PK\x01\x02"), u16(20), start, sums, lengths],
      ...[new Uint8Array(10), u32(offset), name],
    );
    offset += sizeOf(local);
  }
  const count = members.length;
  const end = [sizeOf(directory), offset];
  const wide = zip64
    ? [
      ...[lay("PK\x06\x06"), u64(44), u16(45), u16(45), u32(0), u32(0)],
      ...[u64(count), u64(count), ...end.map(u64)],
      ...[lay("PK\x06\x07"), u32(0), u64(offset + end[0]), u32(1)],
    ]
    : [];
  return concat([
    ...[...parts, ...directory, ...wide, lay("PK\x05\x06"), u32(0)],
    ...[u16(count), u16(count), ...end.map(u32), u16(0)],
  ]);
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function concat(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
