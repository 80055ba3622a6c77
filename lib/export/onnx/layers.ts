/**
 * The layers of BERT and its relatives as ONNX's operators, each the formula of
 * the operation of that name here.
 *
 * @module
 */
import { bytesOf, type NamedArrays } from "../../weights/formats/arrays.ts";
import type { ModelConfig } from "../../weights/model_config.ts";
import { Graph, type Value } from "./graph.ts";

/** A graph, and the model that it is made of. */
export class Layers extends Graph {
  /**
   * @param config The model.
   * @param arrays Its parameters by neutral name.
   */
  constructor(readonly config: ModelConfig, readonly arrays: NamedArrays) {
    super();
  }

  /**
   * A parameter as it is.
   *
   * @param name Its neutral name.
   */
  parameter(name: string): Value {
    const array = this.#array(name);
    return this.floats(name, array.shape, bytesOf(name, array));
  }

  /**
   * `x W^T + b`. The weight is stored transposed, as `MatMul` takes it.
   *
   * @param x [..., in].
   * @param name The layer's.
   * @return [..., out].
   */
  linear(x: Value, name: string): Value {
    const weight = this.#array(`${name}.weight`);
    const [outputs, inputs] = weight.shape;
    const transposed = new Float32Array(outputs * inputs);
    for (let i = 0; i < outputs; i++) {
      for (let j = 0; j < inputs; j++) {
        transposed[j * outputs + i] = weight.data[i * inputs + j];
      }
    }
    const stored = this.floats(
      `${name}.weight`,
      [inputs, outputs],
      new Uint8Array(transposed.buffer),
    );
    const product = this.node("MatMul", name, [x, stored]);
    return this.node("Add", name, [product, this.parameter(`${name}.bias`)]);
  }

  /**
   * A layer norm of the last dimension.
   *
   * @param x [..., n].
   * @param name The norm's.
   */
  norm(x: Value, name: string): Value {
    const inputs = [
      x,
      this.parameter(`${name}.weight`),
      this.parameter(`${name}.bias`),
    ];
    return this.node("LayerNormalization", name, inputs, {
      attributes: {
        axis: { int: -1 },
        epsilon: { float: this.config.normEpsilon },
      },
    });
  }

  /**
   * An activation.
   *
   * @param x Any shape.
   * @param kind Which.
   * @param place What it is a part of.
   */
  activate(
    x: Value,
    kind: ModelConfig["activation"] | ModelConfig["poolerActivation"],
    place: string,
  ): Value {
    switch (kind) {
      case "relu":
        return this.node("Relu", place, [x]);
      case "tanh":
        return this.node("Tanh", place, [x]);
      case "gelu": {
        const scaled = this.node("Div", place, [x, this.float(Math.SQRT2)]);
        return this.#gated(x, this.node("Erf", place, [scaled]), place);
      }
      case "gelu-tanh": {
        const cube = this.node("Pow", place, [x, this.float(3)]);
        const bent = this.node("Mul", place, [cube, this.float(0.044715)]);
        const sum = this.node("Add", place, [x, bent]);
        const root = this.float(Math.sqrt(2 / Math.PI));
        const scaled = this.node("Mul", place, [sum, root]);
        return this.#gated(x, this.node("Tanh", place, [scaled]), place);
      }
    }
  }

  /** x (1 + gate) / 2, which both forms of GELU are. */
  #gated(x: Value, gate: Value, place: string): Value {
    const raised = this.node("Add", place, [gate, this.float(1)]);
    const product = this.node("Mul", place, [x, raised]);
    return this.node("Mul", place, [product, this.float(0.5)]);
  }

  #array(name: string) {
    const array = this.arrays.get(name);
    if (!array) throw new Error(`there is no parameter "${name}"`);
    return array;
  }
}
