/**
 * A program of another project, which uses every entry of the library.
 * `library_test.ts` copies it into a project of its own.
 *
 * @module
 */
import {
  classify,
  createClassifier,
  download,
  findEntry,
  loadCatalogue,
  openDevice,
  openModel,
} from "@premise/premise";
import { prepareTables } from "@premise/premise/data";
import { classificationMetrics } from "@premise/premise/metrics";
import {
  encodePair,
  openTokenizer,
  tokenizerOptions,
} from "@premise/premise/text";
import {
  fineTune,
  openTableFor,
  scoreTable,
  trainingDefaults,
} from "@premise/premise/train";
import { readWeightFile } from "@premise/premise/weights";

const pair = { premise: "A man sleeps.", hypothesis: "A man is awake." };

/** What came out of each entry. */
export interface Report {
  device: string;
  arrays: number;
  tokenIds: number[];
  rows: number;
  losses: number[];
  examples: number;
  labels: string[];
}

/**
 * Goes the whole way on what the package holds.
 *
 * @param folder Where to write; all that is read lies there.
 */
export async function work(folder: string): Promise<Report> {
  const device = await openDevice("cpu", { threads: 2 });
  const cache = `${folder}/cache`;
  const catalogue = await loadCatalogue();
  const directory = await download(
    findEntry(catalogue, "bert.tiny", { kind: "model" }),
    { cache },
  );
  const data = await download(
    findEntry(catalogue, "snli.sample", { kind: "dataset" }),
    { cache },
  );
  const weights = await readWeightFile(`${directory}/pretrained.params`);

  const pretrained = await openModel("bert.tiny", { cache });
  const { vocabularyFile, config } = pretrained;
  const { text, labels } = config;
  const tokenizer = await openTokenizer(
    vocabularyFile,
    tokenizerOptions(text),
  );
  const { tokenIds } = encodePair(
    tokenizer,
    pair.premise,
    pair.hypothesis,
    text,
  );

  const { manifest } = await prepareTables(`${folder}/table`, {
    data: [data],
    vocabularyFile,
    ...text,
    labels,
    limit: 32,
    workers: 2,
  });
  const tables = await openTableFor(`${folder}/table`, pretrained);

  const model = createClassifier(pretrained, {
    seed: 0,
    text: manifest.text,
  });
  const losses: number[] = [];
  await fineTune(model, {
    training: {
      ...trainingDefaults,
      epochs: 1,
      batchSize: 32,
      learningRate: 1e-3,
      logEvery: 1,
    },
    train: await tables.open("train"),
    readEvery: 1,
    onStep: ({ loss }) => losses.push(loss),
  });

  const scores = await scoreTable(model, await tables.open("test"), {
    batchSize: 32,
  });
  const { examples } = classificationMetrics(scores);
  const predictions = await classify(model, [pair], { tokenizer });
  return {
    device: device.kind,
    arrays: weights.size,
    tokenIds,
    rows: manifest.splits.train.rows,
    losses,
    examples,
    labels: Object.keys(predictions[0].probabilities),
  };
}

// deno-lint-ignore no-console
if (import.meta.main) console.log(JSON.stringify(await work("work")));
