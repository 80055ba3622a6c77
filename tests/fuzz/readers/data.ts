import { join } from "@std/path";
import { gzipSync } from "node:zlib";
import { SkippedRows } from "../../../lib/data/table/skipped_rows.ts";
import {
  readTableDir,
  writeTableDir,
} from "../../../lib/data/table/table_dir.ts";
import { decodeTable, writeTable } from "../../../lib/data/table/table_file.ts";
import { loadCatalogue } from "../../../lib/hub/catalogue/catalogue.ts";
import {
  LABELS,
  readRows,
  SNLI_HEADER,
  snliRow,
} from "../../support/data/data_files.ts";
import { type Mutate, mutateBytes } from "../mutate/bytes.ts";
import { mutateGzip } from "../mutate/gzip.ts";
import { mutateJson } from "../mutate/json.ts";
import { mutateLine, mutateText } from "../mutate/text.ts";
import { mutateArrow } from "../mutate/weights.ts";
import { type Reader, texts } from "./reader.ts";

const mutateJsonLines: Mutate = (file, random) =>
  random.once(2)
    ? mutateText(file, random)
    : mutateLine(file, random, mutateJson);

const COLUMNS = {
  tokenIds: Int32Array.of(1, 10, 2, 11, 2, 1, 2, 1, 6, 2, 2),
  offsets: Int32Array.of(0, 5, 7, 11),
  second: Int32Array.of(3, 2, 3),
  labels: Int8Array.of(0, 2, 1),
  sourceLines: Int32Array.of(2, 3, 70000),
  premise: {
    bytes: new TextEncoder().encode("cafézebra"),
    offsets: Int32Array.of(0, 5, 5, 10),
    valid: Uint8Array.of(0b111),
  },
  hypothesis: {
    bytes: new TextEncoder().encode("x"),
    offsets: Int32Array.of(0, 1, 1, 1),
    valid: Uint8Array.of(0b101),
  },
};

/** The readers of data, and of what is downloaded. */
export const dataReaders: Reader[] = [
  lines("train.txt", mutateText, [
    SNLI_HEADER,
    snliRow("entailment", "( ( A man ) sits )", "( A ( man sits ) )"),
    snliRow("-", "( A -LRB- dog -RRB- )", "( x )"),
    snliRow("neutral", "A", ""),
  ]),
  lines("train.jsonl", mutateJsonLines, [
    '{"premise": "A man sits", "hypothesis": "He is", "label": "neutral"}',
    '{"sentence1": "é\\u0301", "sentence2": null, "gold_label": "-"}',
    '{"premise": "x", "label": 2, "other": [{"deep": 1}]}',
  ]),
  lines("train.json", mutateJsonLines, [
    '[{"premise": "A man sits", "hypothesis": "He is", "label": "neutral"},',
    ' {"premise": "x", "hypothesis": "]\\"", "label": 2, "o": [{"d": 1}]}]',
  ]),
  {
    ...lines("train.parquet", mutateBytes, []),
    seeds: () =>
      Promise.all(
        ["hub", "zstd", "brotli"].map((name) =>
          Deno.readFile(`fixtures/cases/parquet/${name}.parquet`)
        ),
      ),
  },
  lines("train.csv", mutateText, [
    "premise,hypothesis,label,other",
    '"A ""man"", he',
    'sits",He is,neutral,1',
    "x,,2,",
  ]),
  {
    ...lines("train.csv.gz", mutateGzip(mutateText), []),
    seeds: async () => {
      const [csv] = await texts('premise,label\n"A\n man",neutral\n')();
      return [new Uint8Array(gzipSync(csv))];
    },
  },
  lines("train.tsv", mutateText, [
    "index\tsentence1\tsentence2\tgold_label",
    '0\tA "man\tHe is\tentailment',
    "1\tx\t\t-1",
  ]),
  {
    name: "table.arrow",
    async seeds() {
      const folder = await Deno.makeTempDir();
      const path = join(folder, "train.arrow");
      await writeTable(path, COLUMNS);
      const seed = await Deno.readFile(path);
      await Deno.remove(folder, { recursive: true });
      return [seed];
    },
    mutate: mutateArrow,
    prepare: () => (file) => {
      const table = decodeTable("train.arrow", file);
      for (let i = 0; i < table.rows; i++) {
        table.premise(i), table.hypothesis(i);
        const length = table.offsets[i + 1] - table.offsets[i];
        if (
          !(length >= 0) || !(table.second[i] >= 0 && table.second[i] <= length)
        ) throw new Error(`row ${i} of ${length} tokens`);
      }
    },
  },
  {
    name: "table.json",
    async seeds() {
      const folder = await Deno.makeTempDir();
      await makeTableDir(join(folder, "data"));
      const seed = await Deno.readFile(join(folder, "data", "table.json"));
      await Deno.remove(folder, { recursive: true });
      return [seed];
    },
    mutate: mutateJson,
    async prepare(folder) {
      const directory = join(folder, "data");
      await makeTableDir(directory);
      return async (file) => {
        await Deno.writeFile(join(directory, "table.json"), file);
        const table = await readTableDir(directory);
        await table.open("train");
      };
    },
  },
  {
    name: "catalogue",
    seeds: texts(JSON.stringify({
      entries: [{
        name: "mine",
        kind: "model",
        url: "https://example.org/mine.zip",
        sha1: "0123456789012345678901234567890123456789",
        licence: "MIT",
        format: "hf",
        facts: { heads: 2, dropout: 0.1, labels: LABELS },
      }],
    })),
    mutate: mutateJson,
    prepare: (folder) => async (file) => {
      const path = join(folder, "catalogue.json");
      await Deno.writeFile(path, file);
      await loadCatalogue(path);
    },
  },
];

function lines(name: string, mutate: Mutate, seed: string[]): Reader {
  return {
    name,
    seeds: texts(seed.join("\n") + "\n"),
    mutate,
    prepare: () => async (file) => {
      const { examples } = await readRows(name, file);
      for (const { premise, hypothesis, label } of examples) {
        if (
          typeof premise !== "string" ||
          hypothesis !== null && typeof hypothesis !== "string" ||
          label !== null && LABELS[label] === undefined
        ) throw new Error(`${premise}, ${hypothesis}, ${label}`);
      }
    },
  };
}

async function makeTableDir(directory: string): Promise<void> {
  const splits = new Map([
    ["train", () => {
      const skipped = new SkippedRows();
      return Promise.resolve({ columns: COLUMNS, dropped: 0, skipped });
    }],
  ]);
  await writeTableDir(directory, splits, {
    text: {
      rules: 1,
      tokenizer: { kind: "words", lowerCase: true },
      maxLength: 5,
      truncation: "ratio",
    },
    vocabulary: { digest: "0", size: 12 },
    labels: LABELS,
    fingerprint: "0",
  });
}
