import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type BertClassifier,
  classify,
  createClassifier,
  evaluate,
  fineTune,
  loadClassifier,
  openDevice,
  type OpenedModel,
  openModel,
  openTableFor,
  openTokenizer,
  prepareTables,
  resolveSource,
  type TableDir,
  tokenizerOptions,
  trainingDefaults,
  writeModelDir,
} from "../mod.ts";

const pairs = [
  { premise: "A man sleeps.", hypothesis: "A man is awake." },
  { premise: "Two dogs run.", hypothesis: null },
];

let folder: string;
let pretrained: OpenedModel;
let tables: TableDir;
let model: BertClassifier;
const losses: number[] = [];
const accuracies: (number | undefined)[] = [];

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  const cache = `${folder}/cache`;
  await openDevice("cpu");
  pretrained = await openModel("fixtures/bert.tiny.zip", { cache });
  const { config, vocabularyFile } = pretrained;
  const sample = await resolveSource("fixtures/snli_1.0.zip", {
    cache,
    kind: "dataset",
  });
  await prepareTables(`${folder}/data`, {
    data: [sample.directory],
    limit: 96,
    labels: config.labels,
    vocabularyFile,
    ...config.text,
  });
  tables = await openTableFor(`${folder}/data`, pretrained);
  model = createClassifier(pretrained, { seed: 0 });
  await fineTune(model, {
    training: {
      ...trainingDefaults,
      epochs: 4,
      batchSize: 32,
      learningRate: 1e-3,
      logEvery: 1,
    },
    train: await tables.open("train"),
    test: await tables.open("test"),
    readEvery: 1,
    onStep: ({ loss }) => {
      losses.push(loss);
    },
    onEpoch: ({ testAccuracy }) => {
      accuracies.push(testAccuracy);
    },
  });
});

Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

/** Classifies with a model of this vocabulary. */
async function classifyWith(model: BertClassifier) {
  const tokenizer = await openTokenizer(
    pretrained.vocabularyFile,
    tokenizerOptions(model.config.text),
  );
  return await classify(model, pairs, { tokenizer });
}

Deno.test("the callbacks are told every step and every epoch", () => {
  assertEquals([losses.length, accuracies.length], [12, 4]);
});

Deno.test("the loss of the last epoch is below that of the first", () => {
  const sum = (values: number[]) => values.reduce((a, b) => a + b);
  assert(sum(losses.slice(-3)) < sum(losses.slice(0, 3)));
});

Deno.test("the last epoch's accuracy is what evaluate measures", async () => {
  const test = await tables.open("test");
  const { accuracy } = await evaluate(model, test, { batchSize: 32 });
  assertEquals(accuracy, accuracies.at(-1));
});

Deno.test("a pair and a single sentence are classified", async () => {
  const predictions = await classifyWith(model);
  for (const [i, { label, probabilities }] of predictions.entries()) {
    assertEquals(predictions[i].hypothesis, pairs[i].hypothesis);
    const values = Object.values(probabilities);
    assertAlmostEquals(values.reduce((a, b) => a + b), 1, 1e-6);
    assertEquals(probabilities[label], Math.max(...values));
  }
});

Deno.test("a model that was written says the same when opened", async () => {
  const directory = `${folder}/model`;
  await writeModelDir(directory, {
    ...pretrained,
    arrays: await model.copyParameters(),
  });
  const opened = loadClassifier(await openModel(directory));
  assertEquals(await classifyWith(opened), await classifyWith(model));
});
