/**
 * Tokens of many sentences, word pieces and bytes put together: our tokenizers
 * beside those in Rust, each on one thread, without reading files. The same sentences come in every turn, as
 * the same words come in a corpus, and ours starts each turn without a memory
 * of words.
 *
 * @module
 */
import { join } from "@std/path";
import { versions } from "../../lib/base/versions.ts";
import { createTokenizer } from "../../lib/text/open_tokenizer.ts";
import { type Case, pythonSide, type RunOptions } from "../case.ts";
import { summarise } from "../compare.ts";
import type { Comparison } from "../result.ts";
import { Side } from "../side.ts";
import { sampleDirectory } from "../work/work.ts";

/** A kind of tokenizers, and one of it. */
interface Tokenized {
  kind: "wordpiece" | "bpe";
  file: string;
}

const PIECES: Tokenized = {
  kind: "wordpiece",
  file: "fixtures/golden/hf/tokenizer.json",
};
const BYTES: Tokenized = {
  kind: "bpe",
  file: "fixtures/golden/families/roberta/tokenizer.json",
};

/** How often the sample's sentences come. */
const TIMES = 4;

/** The case of word pieces. */
export const tokenize: Case = {
  name: "tokenize",
  title: "word pieces of sentences",
  against: "transformers",
  run: (options) => run(options, PIECES),
};

/** The case of byte-level BPE. */
export const tokenizeBytes: Case = {
  name: "tokenize-bytes",
  title: "byte-level BPE of sentences",
  against: "transformers",
  run: (options) => run(options, BYTES),
};

async function run(
  options: RunOptions,
  { kind, file: tokenizerFile }: Tokenized,
): Promise<Comparison> {
  const texts = await sentences(options.scratch);
  const file = join(options.scratch, "texts.json");
  await Deno.writeTextFile(file, JSON.stringify(texts));
  using theirs = new Side(
    pythonSide(options, "transformers", "tokenize_rust.py"),
    { tokenizer: tokenizerFile, texts: file },
  );
  const they = await theirs.facts();
  const vocabulary = await Deno.readTextFile(tokenizerFile);
  const rates: [number, number][] = [];
  for (let i = 0; i < options.pairs; i++) {
    const tokenizer = createTokenizer(vocabulary, {
      kind,
      lowerCase: true,
      rules: 3,
    });
    const begun = performance.now();
    let tokens = 0;
    for (const text of texts) tokens += tokenizer.encode(text).length;
    const ours = texts.length / (performance.now() - begun) * 1000;
    const { seconds, rows } = await theirs.step();
    if (rows !== tokens) {
      throw new Error(`theirs are ${rows} tokens, ours ${tokens}`);
    }
    rates.push([ours, texts.length / seconds]);
  }
  return summarise(rates, {
    peer: "Hugging Face's tokenizers in Rust, 1 thread",
    facts: [{ versions: versions() }, they],
    unit: "sentences",
    memory: null,
    tokensPerSecond: null,
    productPeak: null,
    productShare: null,
    target: { floor: 1, target: 1, stretch: 2 },
    memoryTarget: null,
  });
}

/** The sentences of the sample of SNLI. */
async function sentences(scratch: string): Promise<string[]> {
  const file = join(await sampleDirectory(scratch), "snli_1.0_train.txt");
  const [header, ...rows] = (await Deno.readTextFile(file)).trim().split("\n");
  const names = header.split("\t");
  const columns = ["sentence1", "sentence2"].map((it) => names.indexOf(it));
  const found = rows.flatMap((row) => {
    const cells = row.split("\t");
    return columns.map((column) => cells[column]);
  });
  return Array.from({ length: TIMES }, () => found).flat();
}
