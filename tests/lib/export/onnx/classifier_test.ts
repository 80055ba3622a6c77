import { assert, assertEquals } from "@std/assert";
import { encodeClassifier } from "../../../../lib/export/onnx/classifier.ts";
import type { NamedArrays } from "../../../../lib/weights/formats/arrays.ts";
import type { ModelConfig } from "../../../../lib/weights/model_config.ts";
import { openModelDir } from "../../../../lib/weights/model_dir.ts";
import { parameterShapes } from "../../../../lib/weights/shapes.ts";
import { type Model, readOnnx } from "../../../support/export/onnx_reader.ts";
import { familiesIn, openFamily } from "../../../support/model/families.ts";

const FAMILIES = "fixtures/golden/families";

/** Operators, and the set that each came with in the form that is used. */
const SINCE: Record<string, number> = {
  Add: 14,
  Cast: 13,
  CumSum: 14,
  Div: 14,
  Equal: 13,
  Erf: 13,
  Gather: 13,
  Identity: 16,
  LayerNormalization: 17,
  MatMul: 13,
  Mul: 14,
  Not: 1,
  Pow: 15,
  Relu: 14,
  Reshape: 14,
  Shape: 15,
  Slice: 13,
  Softmax: 13,
  Squeeze: 13,
  Sub: 14,
  Tanh: 13,
  Transpose: 13,
  Unsqueeze: 13,
};

interface Opened {
  config: ModelConfig;
  arrays: NamedArrays;
}

async function encode({ config, arrays }: Opened): Promise<Model> {
  const file = new Blob([...encodeClassifier(config, arrays)]);
  return readOnnx(await file.bytes());
}

const models: [string, () => Promise<Opened>][] = [
  ["the book's BERT", () =>
    openModelDir("fixtures/golden/torch", {
      heads: 4,
      weights: "classifier.params",
    })],
  ["BERT", () => openModelDir("fixtures/golden/hf")],
  ...familiesIn(FAMILIES).map((place): [string, () => Promise<Opened>] => [
    place.split("/").at(-1)!,
    () => openFamily(place),
  ]),
];

for (const [name, open] of models) {
  Deno.test(`the ONNX graph of ${name} computes each value once, before it is used`, async () => {
    const { nodes, tensors, inputs, outputs } = await encode(await open());
    const known = new Set([...tensors.keys(), ...inputs.map((i) => i.name)]);
    for (const node of nodes) {
      for (const input of node.inputs) {
        assert(known.has(input), `${node.name} needs ${input}`);
      }
      for (const output of node.outputs) {
        assert(!known.has(output), `${output} is there twice`);
        known.add(output);
      }
    }
    for (const output of outputs) assert(known.has(output.name), output.name);
    assertEquals(new Set(nodes.map((node) => node.name)).size, nodes.length);
    const used = new Set(nodes.flatMap((node) => node.inputs));
    const idle = [...tensors.keys(), ...inputs.map((input) => input.name)]
      .filter((name) => !used.has(name));
    assertEquals(idle, []);
  });

  Deno.test(`the ONNX graph of ${name} has no operator that is newer than its set`, async () => {
    const { nodes, opset, irVersion } = await encode(await open());
    const newer = nodes.filter(({ op }) => !(SINCE[op] <= opset));
    assertEquals(newer, []);
    assertEquals([irVersion, opset], [8, 17]);
  });

  Deno.test(`the ONNX graph of ${name} holds every parameter, linear weights transposed`, async () => {
    const { config, arrays } = await open();
    const { tensors } = await encode({ config, arrays });
    for (const [name, shape] of parameterShapes(config)) {
      const tensor = tensors.get(name)!;
      const table = name.startsWith("embeddings.") &&
        !name.startsWith("embeddings.projection");
      const turned = shape.length === 2 && !table;
      assertEquals(tensor.shape, turned ? shape.toReversed() : shape, name);
      const values = new Float32Array(tensor.bytes.slice().buffer);
      const { data } = arrays.get(name)!;
      assertEquals(values.length, data.length);
      const [rows, columns] = turned ? shape : [1, data.length];
      for (let i = 0; i < data.length; i++) {
        const [row, column] = [Math.floor(i / columns), i % columns];
        if (!Object.is(values[column * rows + row], data[i])) {
          throw new Error(`${name} differs at ${row}, ${column}`);
        }
      }
    }
  });
}

for (
  const [name, inputs] of [
    ["bert_cased", ["input_ids", "attention_mask", "token_type_ids"]],
    ["electra", ["input_ids", "attention_mask", "token_type_ids"]],
    ["distilbert", ["input_ids", "attention_mask"]],
    ["roberta", ["input_ids", "attention_mask"]],
  ] as const
) {
  Deno.test(`the ONNX graph of ${name} takes int64 of any batch and length, and answers a logit for each class`, async () => {
    const model = await encode(await openFamily(`${FAMILIES}/${name}`));
    assertEquals(
      model.inputs,
      inputs.map((name) => ({ name, type: 7, shape: ["batch", "sequence"] })),
    );
    assertEquals(
      model.outputs,
      [{ name: "logits", type: 1, shape: ["batch", 3] }],
    );
  });
}

Deno.test("only one row of an example leaves the last block of an ONNX graph", async () => {
  const { nodes } = await encode(await openModelDir("fixtures/golden/hf"));
  const query = nodes.find(({ op, name }) =>
    op === "MatMul" && name.startsWith("layers.1.attention.query")
  )!;
  assertEquals(query.inputs[0], "layers.1/Slice");
});
