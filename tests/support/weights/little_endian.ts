/** Fields of a binary file, little-endian, to be laid end to end. */
export type Field = Uint8Array | number[] | string;

/** Lays fields end to end; text as UTF-8. */
export function lay(...fields: Field[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    fields.flatMap((field) =>
      typeof field === "string"
        ? [...new TextEncoder().encode(field)]
        : [...field]
    ),
  );
}

/** A 16-bit integer. */
export function u16(value: number): Uint8Array {
  return new Uint8Array(new Uint16Array([value]).buffer);
}

/** A 32-bit integer. */
export function u32(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer);
}

/** A 64-bit integer. */
export function u64(value: number | bigint): Uint8Array {
  return new Uint8Array(new BigInt64Array([BigInt(value)]).buffer);
}

/** 32-bit floats. */
export function f32(...values: number[]): Uint8Array {
  return new Uint8Array(new Float32Array(values).buffer);
}
