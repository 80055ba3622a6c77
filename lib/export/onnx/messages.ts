/**
 * The messages of ONNX that a model is made of. Their fields' numbers are those
 * of `onnx.proto` (github.com/onnx/onnx).
 *
 * @module
 */
import {
  type Encoded,
  floatField,
  integerField,
  messageField,
  textField,
} from "./protobuf.ts";

/** The set of operators that a model is written in, and what describes it. */
export const OPSET = 17;
/** The version of the file's own form that came with it. */
const IR_VERSION = 8;

/** Types of elements, by ONNX's numbers. */
export const ELEMENTS = { float: 1, int64: 7 } as const;

/** A type of elements. */
export type Element = keyof typeof ELEMENTS;

/** What an operator is told besides its inputs: numbers alone are needed. */
export type Attributes = Readonly<
  Record<string, { float: number } | { int: number } | { ints: number[] }>
>;

/** An array that is part of the model. */
export interface TensorFields {
  /** What it is called. */
  name: string;
  /** The extent of each dimension. */
  shape: readonly number[];
  /** What its elements are. */
  type: Element;
  /** Its elements, little-endian. */
  bytes: Uint8Array<ArrayBuffer>;
}

/** `TensorProto`. */
export function encodeTensor(
  { name, shape, type, bytes }: TensorFields,
): Encoded {
  return [
    ...shape.flatMap((extent) => integerField(1, extent)),
    ...integerField(2, ELEMENTS[type]),
    ...textField(8, name),
    ...messageField(9, [bytes]),
  ];
}

/** An operator's use. */
export interface NodeFields {
  /** The operator. */
  op: string;
  /** What this use of it is called. */
  name: string;
  /** The names of what it computes from. */
  inputs: readonly string[];
  /** The name of what it computes. */
  output: string;
  /** What else it is told. */
  attributes: Attributes;
}

/** `NodeProto`. */
export function encodeNode(
  { op, name, inputs, output, attributes }: NodeFields,
): Encoded {
  return [
    ...inputs.flatMap((input) => textField(1, input)),
    ...textField(2, output),
    ...textField(3, name),
    ...textField(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      messageField(5, encodeAttribute(name, value))
    ),
  ];
}

/** `AttributeProto`. */
function encodeAttribute(name: string, value: Attributes[string]): Encoded {
  const [type, content]: [number, Encoded] = "float" in value
    ? [1, floatField(2, value.float)]
    : "int" in value
    ? [2, integerField(3, value.int)]
    : [7, value.ints.flatMap((int) => integerField(8, int))];
  return [...textField(1, name), ...content, ...integerField(20, type)];
}

/** An input or an output of a model. */
export interface ValueFields {
  /** What it is called. */
  name: string;
  /** What its elements are. */
  type: Element;
  /** The extent of each dimension; a name stands for any. */
  shape: readonly (number | string)[];
}

/** `ValueInfoProto`. */
function encodeValue({ name, type, shape }: ValueFields): Encoded {
  const dimensions = shape.flatMap((extent) =>
    messageField(
      1,
      typeof extent === "number"
        ? integerField(1, extent)
        : textField(2, extent),
    )
  );
  const tensor = [
    ...integerField(1, ELEMENTS[type]),
    ...messageField(2, dimensions),
  ];
  return [...textField(1, name), ...messageField(2, messageField(1, tensor))];
}

/** A model. */
export interface ModelFields {
  /** What computes, in an order in which each comes after what it needs. */
  nodes: readonly Encoded[];
  /** The arrays. */
  tensors: readonly Encoded[];
  /** What is given to it. */
  inputs: readonly ValueFields[];
  /** What it answers. */
  outputs: readonly ValueFields[];
  /** The program that made it, and its version. */
  producer: readonly [name: string, version: string];
  /** Remarks by name. */
  remarks: Readonly<Record<string, string>>;
}

/** `ModelProto`, which is the content of a file. */
export function encodeModel(fields: ModelFields): Encoded {
  const graph = [
    ...fields.nodes.flatMap((node) => messageField(1, node)),
    ...textField(2, "classifier"),
    ...fields.tensors.flatMap((tensor) => messageField(5, tensor)),
    ...fields.inputs.flatMap((input) => messageField(11, encodeValue(input))),
    ...fields.outputs.flatMap((output) =>
      messageField(12, encodeValue(output))
    ),
  ];
  const [name, version] = fields.producer;
  return [
    ...integerField(1, IR_VERSION),
    ...textField(2, name),
    ...textField(3, version),
    ...messageField(7, graph),
    ...messageField(8, [...textField(1, ""), ...integerField(2, OPSET)]),
    ...Object.entries(fields.remarks).flatMap(([key, value]) =>
      messageField(14, [...textField(1, key), ...textField(2, value)])
    ),
  ];
}
