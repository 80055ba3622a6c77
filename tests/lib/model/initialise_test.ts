import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertStrictEquals,
} from "@std/assert";
import { fillMissing, type InitStyle } from "../../../lib/model/initialise.ts";
import type { NamedArrays } from "../../../lib/weights/formats/arrays.ts";
import type { ModelConfig } from "../../../lib/weights/model_config.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import { parameterShapes } from "../../../lib/weights/shapes.ts";

const { config: golden } = await openModelDir("fixtures/golden/mxnet", {
  heads: 4,
});
/** Large enough for the samples' moments to tell a distribution. */
const CONFIG: ModelConfig = {
  ...golden,
  embedding: 128,
  hidden: 128,
  feedForward: 256,
};

function fill(style: InitStyle, seed = 0): NamedArrays {
  return fillMissing(CONFIG, new Map(), { style, seed });
}

interface Moments {
  mean: number;
  deviation: number;
  largest: number;
}

function momentsOf(arrays: NamedArrays, name: string): Moments {
  const values = [...arrays.get(name)!.data];
  const mean = values.reduce((a, b) => a + b) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return {
    mean,
    deviation: Math.sqrt(squares / values.length),
    largest: Math.max(...values.map(Math.abs)),
  };
}

function assertUniform(moments: Moments, limit: number): void {
  assertAlmostEquals(moments.mean / limit, 0, 0.05);
  assertAlmostEquals(moments.deviation / limit, 1 / Math.sqrt(3), 0.02);
  assertLess(moments.largest, limit);
}

function assertNormal(moments: Moments, deviation: number): void {
  assertAlmostEquals(moments.mean / deviation, 0, 0.05);
  assertAlmostEquals(moments.deviation / deviation, 1, 0.02);
  // Of thousands of uniform samples none would lie this far out.
  assert(moments.largest > 3 * deviation);
}

const WEIGHT = "layers.0.ffn.down.weight";
const BIAS = "layers.0.ffn.up.bias";

Deno.test("every parameter of the model is filled in, in its order", () => {
  const shapes = [...fill("torch")].map((
    [name, { shape }],
  ) => [name, [...shape]]);
  assertEquals(shapes, [...parameterShapes(CONFIG)]);
});

Deno.test("MXNet's weights are uniform in 0.07 to either side", () => {
  assertUniform(momentsOf(fill("mxnet"), WEIGHT), 0.07);
});

Deno.test("PyTorch's weights are uniform, by the root of the inputs", () => {
  assertUniform(momentsOf(fill("torch"), WEIGHT), 1 / Math.sqrt(256));
});

Deno.test("PyTorch's biases are drawn as the weights they belong to", () => {
  const { largest, deviation } = momentsOf(fill("torch"), BIAS);
  const limit = 1 / Math.sqrt(128);
  assertLess(largest, limit);
  assertAlmostEquals(deviation / limit, 1 / Math.sqrt(3), 0.1);
});

Deno.test("PyTorch's tables are of a standard normal", () => {
  const arrays = fill("torch");
  assertNormal(momentsOf(arrays, "embeddings.token.weight"), 1);
});

Deno.test("Hugging Face's weights are of a normal of deviation 0.02", () => {
  assertNormal(momentsOf(fill("hf"), WEIGHT), 0.02);
});

Deno.test("Hugging Face's weights are of the deviation that the model tells", () => {
  const config = { ...CONFIG, initializerRange: 0.5 };
  const arrays = fillMissing(config, new Map(), { style: "hf", seed: 0 });
  assertNormal(momentsOf(arrays, "pooler.weight"), 0.5);
});

Deno.test("PyTorch's layer after narrow tables is drawn as any other", () => {
  const config = { ...CONFIG, embedding: 64, embeddingNorm: true };
  const arrays = fillMissing(config, new Map(), { style: "torch", seed: 0 });
  const moments = momentsOf(arrays, "embeddings.projection.weight");
  assertUniform(moments, 1 / Math.sqrt(64));
});

for (const style of ["mxnet", "hf"] as const) {
  Deno.test(`biases start at 0 with ${style}`, () => {
    assertEquals(new Set(fill(style).get(BIAS)!.data), new Set([0]));
  });
}

for (const style of ["mxnet", "torch", "hf"] as const) {
  Deno.test(`layer norms start by doing nothing with ${style}`, () => {
    const arrays = fill(style);
    const values = ["weight", "bias"].map((part) =>
      new Set(arrays.get(`layers.0.attentionNorm.${part}`)!.data)
    );
    assertEquals(values, [new Set([1]), new Set([0])]);
  });
}

Deno.test("the same seed gives the same arrays", () => {
  assertEquals(fill("torch", 7), fill("torch", 7));
});

Deno.test("another seed gives other arrays", () => {
  const [a, b] = [fill("torch", 7), fill("torch", 8)].map((arrays) =>
    arrays.get(WEIGHT)!.data
  );
  assert(a.every((value, i) => value !== b[i]));
});

Deno.test("no two parameters are drawn alike", () => {
  const arrays = fill("mxnet");
  const starts = [...arrays].filter(([, { shape }]) => shape.length === 2)
    .map(([, { data }]) => data[0]);
  assertEquals(new Set(starts).size, starts.length);
});

Deno.test("an array that is there stays as it is", () => {
  const given = fill("torch").get(WEIGHT)!;
  const filled = fillMissing(CONFIG, new Map([[WEIGHT, given]]), {
    style: "mxnet",
    seed: 0,
  });
  assertStrictEquals(filled.get(WEIGHT), given);
});

Deno.test("what is there changes nothing of what is not", () => {
  const all = fill("mxnet");
  const some = fillMissing(CONFIG, new Map([[WEIGHT, all.get(BIAS)!]]), {
    style: "mxnet",
    seed: 0,
  });
  assertEquals(some.get("classifier.weight"), all.get("classifier.weight"));
});
