/**
 * A graph of ONNX's operators while it is put together.
 *
 * @module
 */
import {
  type Attributes,
  type Element,
  encodeNode,
  encodeTensor,
} from "./messages.ts";
import type { Encoded } from "./protobuf.ts";

/** What an operator computes, or an array of the model, by its name. */
export type Value = string;

/** What may be said of an operator's use. */
export interface NodeOptions {
  /** What the operator is told besides its inputs. */
  attributes?: Attributes;
  /** What its result is called; otherwise as the use of the operator. */
  output?: string;
}

/** Operators and arrays. */
export class Graph {
  /** The uses of operators, in order. */
  readonly nodes: Encoded[] = [];
  /** The arrays. */
  readonly tensors: Encoded[] = [];
  readonly #names = new Set<string>();

  /**
   * Adds a use of an operator.
   *
   * @param op The operator.
   * @param place What it is a part of; its name begins so.
   * @param inputs What it computes from.
   * @param options What else there is to say.
   * @return Its result.
   */
  node(
    op: string,
    place: string,
    inputs: readonly Value[],
    { attributes = {}, output }: NodeOptions = {},
  ): Value {
    const name = this.#freeName(`${place}/${op}`);
    const result = output ?? name;
    this.nodes.push(
      encodeNode({ op, name, inputs, output: result, attributes }),
    );
    return result;
  }

  /**
   * Adds an array of floats.
   *
   * @param name What it is called.
   * @param shape The extent of each dimension.
   * @param bytes Its elements.
   */
  floats(
    name: string,
    shape: readonly number[],
    bytes: Uint8Array<ArrayBuffer>,
  ): Value {
    return this.#tensor(name, "float", shape, bytes);
  }

  /**
   * Adds a number; the same again is the same array.
   *
   * @param value The number, which is rounded to a 32-bit float.
   */
  float(value: number): Value {
    const bytes = new Uint8Array(Float32Array.of(value).buffer);
    return this.#tensor(`float ${value}`, "float", [], bytes);
  }

  /**
   * Adds whole numbers, as shapes and axes; the same again are the same array.
   *
   * @param values A list of them, or one without a dimension.
   */
  integers(values: readonly number[] | number): Value {
    const list = [values].flat();
    const shape = typeof values === "number" ? [] : [list.length];
    const bytes = BigInt64Array.from(list, BigInt).buffer;
    return this.#tensor(
      `int64 ${JSON.stringify(values)}`,
      "int64",
      shape,
      new Uint8Array(bytes),
    );
  }

  #tensor(
    name: string,
    type: Element,
    shape: readonly number[],
    bytes: Uint8Array<ArrayBuffer>,
  ): Value {
    if (!this.#names.has(name)) {
      this.#names.add(name);
      this.tensors.push(encodeTensor({ name, shape, type, bytes }));
    }
    return name;
  }

  #freeName(name: string): string {
    let free = name;
    for (let i = 1; this.#names.has(free); i++) free = `${name}_${i}`;
    this.#names.add(free);
    return free;
  }
}
