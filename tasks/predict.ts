/**
 * `predict`: classifies one pair, or the rows of a file or of standard input,
 * in order and in constant memory.
 *
 * @module
 */
import { UserError } from "../lib/base/errors.ts";
import { type PairRow, readPairs } from "../lib/data/read/pairs.ts";
import {
  checkSentences,
  openPairSource,
  type PairSource,
} from "../lib/data/sources/pair_source.ts";
import { STANDARD_INPUT } from "../lib/data/sources/source.ts";
import { openDevice } from "../lib/device/mod.ts";
import { classify } from "../lib/evaluate/classify.ts";
import { loadClassifier } from "../lib/model/load.ts";
import { findRun } from "../lib/run/find_run.ts";
import type { Config } from "../lib/settings/config.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import { openTokenizer } from "../lib/text/open_tokenizer.ts";
import type { Sentences } from "../lib/text/pair.ts";
import { tokenizerOptions } from "../lib/text/recipe.ts";
import { openModel } from "../lib/weights/open_model.ts";

async function main(
  config: Config<"predict">,
  context: TaskContext,
): Promise<Summary> {
  const { log, signal, start } = context;
  await using opening = new AsyncDisposableStack();
  const path = pathOf(config);
  // What is wrong with a file is told before a model is loaded; nobody may have
  // written to standard input yet.
  const early = path !== null && path !== STANDARD_INPUT;
  const file = early ? opening.use(await open(path, config, context)) : null;
  await findRun(config.model);
  const opened = await openModel(config.model, {
    ...config,
    maxLength: config.maxLen,
  });
  const { text } = opened.config;
  text.truncation = config.truncation ?? text.truncation;
  if (file) checkSentences(file, text.sentences);
  const tokenizer = await openTokenizer(
    opened.vocabularyFile,
    tokenizerOptions(text),
  );
  const device = await openDevice(config.device, config);
  const model = loadClassifier(opened);
  start(device.description);
  opened.warnings.forEach((warning) => log.emit(warning));
  const source = path === null
    ? null
    : file ?? opening.use(await open(path, config, context));
  let predictions = 0;
  let skipped = 0;
  for await (const { pairs, bad } of batchesOf(source, config, text)) {
    signal.throwIfAborted();
    const answers = pairs.length === 0
      ? []
      : await classify(model, pairs, { tokenizer });
    device.check();
    for (const [i, answer] of answers.entries()) {
      const { premise: _, hypothesis: __, ...beside } = pairs[i];
      log.emit({ event: "prediction", ...answer, ...beside });
    }
    predictions += pairs.length;
    if (bad !== undefined) {
      if (config.onBadRow !== "skip") throw bad;
      skipped++;
      const { message, hint } = bad;
      log.emit({ event: "warning", code: "skipped-row", message, hint });
    }
    await log.flush(signal);
  }
  return { predictions, skipped };
}

/** Where the rows are; null if a pair is given by flags. */
function pathOf({ premise, data }: Config<"predict">): string | null {
  if (premise !== undefined) return null;
  if (data !== undefined && data !== STANDARD_INPUT) return data;
  if (!Deno.stdin.isTerminal() || data === STANDARD_INPUT) {
    return STANDARD_INPUT;
  }
  throw new UserError("Cannot predict: there is nothing to classify", {
    code: "bad-usage",
    hint: "give --premise and --hypothesis, --data FILE, or rows on standard " +
      "input",
  });
}

function open(
  path: string,
  config: Config<"predict">,
  { log, signal }: TaskContext,
): Promise<PairSource> {
  return openPairSource(path, {
    fields: {
      premise: config.premiseField,
      hypothesis: config.hypothesisField,
    },
    single: config.single,
    delimiter: config.delimiter?.replace("\\t", "\t"),
    quoting: config.quoting,
    skipBad: config.onBadRow === "skip",
    onWarning: (warning) => log.emit(warning),
    signal,
  });
}

/** Pairs to classify, and what is wrong with the row after them. */
interface Batch {
  pairs: PairRow[];
  bad?: UserError;
}

async function* batchesOf(
  source: PairSource | null,
  { premise, hypothesis, batchSize }: Config<"predict">,
  { sentences }: { sentences?: Sentences | undefined },
): AsyncGenerator<Batch> {
  if (source === null) {
    yield { pairs: [{ premise: premise!, hypothesis: hypothesis ?? null }] };
  } else {
    checkSentences(source, sentences);
    yield* readPairs(source, batchSize);
  }
}

if (import.meta.main) await runTask("predict", main);
