/**
 * `predict`: classifies one pair, or the rows of a file or of standard input,
 * in order and in constant memory.
 *
 * @module
 */
import { UserError } from "../lib/base/errors.ts";
import {
  isStandardInput,
  STANDARD_INPUT,
} from "../lib/data/sources/data_spec.ts";
import {
  openPairSource,
  type PairSource,
} from "../lib/data/sources/pair_source.ts";
import { openDevice } from "../lib/device/mod.ts";
import { classify } from "../lib/evaluate/classify.ts";
import { checkRows, pairBatches } from "../lib/evaluate/pair_batches.ts";
import { ReadingWatch } from "../lib/evaluate/reading_watch.ts";
import { loadClassifier } from "../lib/model/load.ts";
import { openTrained } from "../lib/run/trained/open_trained.ts";
import type { Config } from "../lib/settings/config.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import { tokenizerOf } from "../lib/text/open_tokenizer.ts";
import { tokenizerOptions } from "../lib/text/recipe.ts";

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
  const { opened, warnings } = await openTrained(config.model, {
    ...config,
    maxLength: config.maxLen,
  });
  const { text } = opened.config;
  if (file) checkRows(file, config, text);
  const watch = new ReadingWatch({
    tokenizer: tokenizerOf(opened.vocabulary, tokenizerOptions(text)),
    config: opened.config,
    // Of a model that was not trained here, nobody says what it learned from.
    asTrained: text.sentences !== undefined &&
      !warnings.some(({ code }) => code === "other-recipe"),
    onWarning: log.emit,
  });
  const device = await openDevice(config.device, config);
  const model = loadClassifier(opened);
  start(device.description);
  warnings.forEach((warning) => log.emit(warning));
  const source = path === null
    ? null
    : file ?? opening.use(await open(path, config, context));
  let predictions = 0;
  let skipped = 0;
  for await (const { pairs, bad } of pairBatches(source, config, text)) {
    signal.throwIfAborted();
    const answers = pairs.length === 0
      ? []
      : await classify(model, pairs, watch.classifying);
    device.check();
    for (const [i, answer] of answers.entries()) {
      const { premise: _, hypothesis: __, ...beside } = pairs[i];
      log.emit({ event: "prediction", ...answer, ...beside });
    }
    predictions += pairs.length;
    watch.add(pairs);
    if (bad !== undefined) {
      if (config.onBadRow !== "skip") throw bad;
      skipped++;
      const { message, hint } = bad;
      log.emit({ event: "warning", code: "skipped-row", message, hint });
    }
    await log.flush(signal);
  }
  watch.end();
  return { predictions, skipped };
}

/** Where the rows are; null if a pair is given by flags. */
function pathOf(
  { premise, hypothesis, data }: Config<"predict">,
): string | null {
  if (premise !== undefined || hypothesis !== undefined) return null;
  const given = data !== undefined && isStandardInput(data);
  if (data !== undefined && !given) return data;
  if (!Deno.stdin.isTerminal() || given) return STANDARD_INPUT;
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
    // Whether the model reads it so is not known before it is open.
    hypothesisAlone: true,
    single: config.single,
    delimiter: config.delimiter?.replace("\\t", "\t"),
    quoting: config.quoting,
    skipBad: config.onBadRow === "skip",
    onWarning: (warning) => log.emit(warning),
    signal,
  });
}

if (import.meta.main) await runTask("predict", main);
