/**
 * Writes Protocol Buffers, as far as ONNX needs them: numbers, texts, messages
 * in messages (protobuf.dev, "Encoding").
 *
 * @module
 */

/** Encoded fields in sections, so that large ones need not be copied together. */
export type Encoded = readonly Uint8Array<ArrayBuffer>[];

/** How the bytes of a field tell where they end. */
const [VARINT, LENGTH, FIXED32] = [0, 2, 5];

/**
 * A field that is a whole number.
 *
 * @param field Its number.
 * @param value At least 0, or of 64 bits with a sign.
 */
export function integerField(field: number, value: number | bigint): Encoded {
  return [tag(field, VARINT), varint(BigInt.asUintN(64, BigInt(value)))];
}

/**
 * A field that is a 32-bit float.
 *
 * @param field Its number.
 * @param value Its value.
 */
export function floatField(field: number, value: number): Encoded {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [tag(field, FIXED32), bytes];
}

/**
 * A field that is a text.
 *
 * @param field Its number.
 * @param value Its value.
 */
export function textField(field: number, value: string): Encoded {
  return messageField(field, [new TextEncoder().encode(value)]);
}

/**
 * A field that is a message, or bytes.
 *
 * @param field Its number.
 * @param content The message's fields behind one another, or the bytes.
 */
export function messageField(field: number, content: Encoded): Encoded {
  return [
    tag(field, LENGTH),
    varint(BigInt(encodedLength(content))),
    ...content,
  ];
}

/** The bytes of encoded fields. */
export function encodedLength(content: Encoded): number {
  return content.reduce((sum, { length }) => sum + length, 0);
}

function tag(field: number, kind: number): Uint8Array<ArrayBuffer> {
  return varint(BigInt(field << 3 | kind));
}

/** Seven bits a byte, the lowest first; all but the last have the eighth set. */
function varint(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  while (value > 0x7fn) {
    bytes.push(Number(value & 0x7fn) | 0x80);
    value >>= 7n;
  }
  bytes.push(Number(value));
  return Uint8Array.from(bytes);
}
