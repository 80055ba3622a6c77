/** Reads a model of ONNX as far as its graph's shape; it computes nothing. */

/** A field of a message: a number, or bytes. */
interface Field {
  number: number;
  value: bigint | Uint8Array<ArrayBuffer>;
}

/** The fields of a message. */
export function readFields(bytes: Uint8Array<ArrayBuffer>): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number) => {
    if (at + length > bytes.length) throw new Error("a field ends too late");
    return bytes.subarray(at, at += length);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const [number, kind] = [tag >> 3, tag & 7];
    if (kind === 0) fields.push({ number, value: varint() });
    else if (kind === 2) fields.push({ number, value: take(Number(varint())) });
    else if (kind === 5) fields.push({ number, value: take(4) });
    else throw new Error(`field ${number} is of the kind ${kind}`);
  }
  return fields;
}

function messages(fields: Field[], number: number): Field[][] {
  return all(fields, number).map((bytes) => readFields(bytes));
}

function all(fields: Field[], number: number): Uint8Array<ArrayBuffer>[] {
  return fields.filter((field) => field.number === number)
    .map(({ value }) => value as Uint8Array<ArrayBuffer>);
}

function texts(fields: Field[], number: number): string[] {
  return all(fields, number).map((bytes) => new TextDecoder().decode(bytes));
}

function integers(fields: Field[], number: number): number[] {
  return fields.filter((field) => field.number === number)
    .map(({ value }) => Number(BigInt.asIntN(64, value as bigint)));
}

/** An operator's use. */
export interface Node {
  op: string;
  name: string;
  inputs: string[];
  outputs: string[];
}

/** An array of the model. */
export interface Tensor {
  name: string;
  shape: number[];
  /** 1: 32-bit floats; 7: 64-bit integers. */
  type: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** An input or an output. */
export interface Value {
  name: string;
  type: number;
  shape: (number | string)[];
}

/** A model. */
export interface Model {
  irVersion: number;
  opset: number;
  nodes: Node[];
  tensors: Map<string, Tensor>;
  inputs: Value[];
  outputs: Value[];
}

/** Reads a model. */
export function readOnnx(bytes: Uint8Array<ArrayBuffer>): Model {
  const model = readFields(bytes);
  const [graph] = messages(model, 7);
  const [opset] = messages(model, 8);
  return {
    irVersion: integers(model, 1)[0],
    opset: integers(opset, 2)[0],
    nodes: messages(graph, 1).map((node) => ({
      op: texts(node, 4)[0],
      name: texts(node, 3)[0],
      inputs: texts(node, 1),
      outputs: texts(node, 2),
    })),
    tensors: new Map(
      messages(graph, 5).map((tensor) => [texts(tensor, 8)[0], {
        name: texts(tensor, 8)[0],
        shape: integers(tensor, 1),
        type: integers(tensor, 2)[0],
        bytes: all(tensor, 9)[0],
      }]),
    ),
    inputs: messages(graph, 11).map(readValue),
    outputs: messages(graph, 12).map(readValue),
  };
}

function readValue(fields: Field[]): Value {
  const [tensor] = messages(messages(fields, 2)[0], 1);
  const [shape] = messages(tensor, 2);
  return {
    name: texts(fields, 1)[0],
    type: integers(tensor, 1)[0],
    shape: messages(shape, 1).map((dimension) =>
      texts(dimension, 2)[0] ?? integers(dimension, 1)[0]
    ),
  };
}
