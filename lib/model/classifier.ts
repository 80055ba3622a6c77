/**
 * BERT or a relative of it with an output layer on the pooled `<cls>` vector:
 * the book's BERTClassifier (section 15.7), and what transformers calls
 * BertForSequenceClassification, DistilBertForSequenceClassification, and so on.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  embeddingTables,
  type Parameters,
  type PlacedBatch,
  SEGMENT_TABLE,
} from "../ops/batch/place_batch.ts";
import { dropFeatures } from "../ops/dropout/mod.ts";
import type { EmbeddingTables } from "../ops/embedding/mod.ts";
import { linear } from "../ops/linear/mod.ts";
import type { NamedArrays } from "../weights/formats/arrays.ts";
import type { ModelConfig } from "../weights/model_config.ts";
import { parameterShapes } from "../weights/shapes.ts";
import { type DropoutDraw, encodeCls, ForwardPass } from "./bert.ts";

/** How logits are computed. */
export interface LogitsOptions {
  /** Dropout's source while training; none while evaluating. */
  draw?: DropoutDraw | undefined;
  /** What takes the place of the model's own parameters. */
  parameters?: Parameters;
}

/** A classifier of packed examples, with its parameters on the device. */
export class BertClassifier {
  /** What the model is. */
  readonly config: ModelConfig;
  /**
   * Every parameter by its neutral name; a training step assigns to them.
   *
   * @ignore tfjs, whose type this is, has no documentation to refer to.
   */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
  /**
   * What is looked up but is no parameter: of a model without segments, a
   * segment table of zeros.
   *
   * @ignore tfjs, whose type this is, has no documentation to refer to.
   */
  readonly constants: ReadonlyMap<string, tf.Tensor>;

  /**
   * Puts the parameters on the device.
   *
   * @param config The model.
   * @param arrays A value for every parameter, by its neutral name.
   * @throws {Error} If a parameter has no array, or one of another shape.
   */
  constructor(config: ModelConfig, arrays: NamedArrays) {
    this.config = config;
    const parameters = new Map<string, tf.Variable>();
    for (const [name, shape] of parameterShapes(config)) {
      const array = arrays.get(name);
      if (array?.shape.join() !== shape.join()) {
        throw new Error(`parameter "${name}" has no array of shape [${shape}]`);
      }
      parameters.set(
        name,
        tf.tidy(() => tf.variable(tf.tensor(array.data, shape))),
      );
    }
    this.parameters = parameters;
    this.constants = new Map(
      config.segments > 0
        ? []
        : [[SEGMENT_TABLE, tf.keep(tf.zeros([1, config.embedding]))]],
    );
  }

  /**
   * The tables that it looks up: token, segment, position.
   *
   * @ignore tfjs, whose type this is, has no documentation to refer to.
   */
  get tables(): EmbeddingTables {
    return embeddingTables(new Map([...this.constants, ...this.parameters]));
  }

  /**
   * The logits of packed examples. Call it inside `tf.tidy`.
   *
   * @param batch B examples, from {@link placeBatch}.
   * @param options Dropout, other parameters.
   * @return [B, C].
   * @ignore tfjs, whose type this is, has no documentation to refer to.
   */
  logits(batch: PlacedBatch, options: LogitsOptions = {}): tf.Tensor2D {
    const { config } = this;
    const { draw, parameters = this.parameters } = options;
    const all = new Map([...this.constants, ...parameters]);
    const pass = new ForwardPass(config, all, batch, draw);
    const vectors = dropCls(pass, encodeCls(pass), config.clsDropout);
    const pooled = linear(
      vectors,
      pass.layer("pooler"),
      config.poolerActivation,
    );
    const dropped = dropCls(pass, pooled, config.classifierDropout);
    return linear(dropped, pass.layer("classifier"));
  }

  /** A copy of every parameter, on the host. */
  async copyParameters(): Promise<NamedArrays> {
    const arrays: NamedArrays = new Map();
    for (const [name, parameter] of this.parameters) {
      const data = await parameter.data<"float32">();
      arrays.set(name, { shape: parameter.shape, data });
    }
    return arrays;
  }

  /** Frees the parameters. */
  dispose(): void {
    tf.dispose([...this.parameters.values(), ...this.constants.values()]);
  }
}

/** Dropout on a vector an example; without a rate it is no site at all. */
function dropCls(
  pass: ForwardPass,
  x: tf.Tensor2D,
  rate: number,
): tf.Tensor2D {
  if (rate === 0) return x;
  const dropout = pass.dropout(rate);
  return dropFeatures(x, { packing: pass.packing, rows: "cls", dropout });
}
