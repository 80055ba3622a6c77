/**
 * `predict`: classifies one pair, or the rows of a file or of standard input,
 * in order and in constant memory.
 *
 * @module
 */
import { UserError } from "../lib/base/errors.ts";
import { isHypothesis } from "../lib/data/read/columns/field_names.ts";
import { type PairRow, readPairs } from "../lib/data/read/pairs.ts";
import {
  checkSentences,
  openPairSource,
  type PairSource,
} from "../lib/data/sources/pair_source.ts";
import { isStandardInput, STANDARD_INPUT } from "../lib/data/sources/source.ts";
import { openDevice } from "../lib/device/mod.ts";
import { classify } from "../lib/evaluate/classify.ts";
import { UnknownWords } from "../lib/evaluate/unknown_words.ts";
import type { Log } from "../lib/events/log.ts";
import { loadClassifier } from "../lib/model/load.ts";
import { findRun } from "../lib/run/find_run.ts";
import { openTrained } from "../lib/run/open_trained.ts";
import type { Config } from "../lib/settings/config.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import { openTokenizer } from "../lib/text/open_tokenizer.ts";
import { type TextRecipe, tokenizerOptions } from "../lib/text/recipe.ts";

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
  const { opened, warnings } = await openTrained(config.model, {
    ...config,
    maxLength: config.maxLen,
  });
  const { text } = opened.config;
  if (file) checkKind(file, text, config);
  const words = new UnknownWords(
    await openTokenizer(opened.vocabularyFile, tokenizerOptions(text)),
  );
  const device = await openDevice(config.device, config);
  const model = loadClassifier(opened);
  start(device.description);
  warnings.forEach((warning) => log.emit(warning));
  const source = path === null
    ? null
    : file ?? opening.use(await open(path, config, context));
  let predictions = 0;
  let skipped = 0;
  let cut = 0;
  let warned = false;
  for await (const { pairs, bad } of batchesOf(source, config, text)) {
    signal.throwIfAborted();
    const answers = pairs.length === 0 ? [] : await classify(model, pairs, {
      tokenizer: words.tokenizer,
      onCut: () => cut++,
    });
    device.check();
    for (const [i, answer] of answers.entries()) {
      const { premise: _, hypothesis: __, ...beside } = pairs[i];
      log.emit({ event: "prediction", ...answer, ...beside });
    }
    predictions += pairs.length;
    if (!warned && text.sentences === "hypothesis-only") {
      warned = pairs.some(({ premise }) => premise !== "");
      if (warned) warnOfPremises(log);
    }
    tellWords(words, { log, ended: false });
    if (bad !== undefined) {
      if (config.onBadRow !== "skip") throw bad;
      skipped++;
      const { message, hint } = bad;
      log.emit({ event: "warning", code: "skipped-row", message, hint });
    }
    await log.flush(signal);
  }
  tellWords(words, { log, ended: true });
  if (cut > 0) warnOfCuts({ cut, predictions }, text, log);
  return { predictions, skipped };
}

function tellWords(
  words: UnknownWords,
  { log, ended }: { log: Log; ended: boolean },
): void {
  const warning = words.tell({ ended });
  if (warning) log.emit(warning);
}

/** An answer to the beginning of a text may be none to the whole. */
function warnOfCuts(
  { cut, predictions }: { cut: number; predictions: number },
  { maxLength }: TextRecipe,
  log: Log,
): void {
  log.emit({
    event: "warning",
    code: "cut-examples",
    message:
      `${cut} of ${predictions} texts were cut at ${maxLength} tokens, ` +
      "as those that the model learned from",
    hint: "what is beyond them has no part in the answer",
  });
}

function warnOfPremises(log: Log): void {
  log.emit({
    event: "warning",
    code: "premises-left-out",
    message: "The model was trained on hypotheses alone: it reads no premises",
    hint: "a premise may be left out",
  });
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
      // Whether the model reads it so is not known before it is open.
      hypothesisAlone: true,
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
  config: Config<"predict">,
  text: TextRecipe,
): AsyncGenerator<Batch> {
  const { premise, hypothesis, batchSize } = config;
  const alone = text.sentences === "hypothesis-only";
  if (source === null) {
    if (premise === undefined && !alone) {
      throw new UserError("Cannot predict: --hypothesis needs --premise", {
        code: "bad-usage",
        hint: "give both",
      });
    }
    checkNotBlank({ premise, hypothesis });
    yield {
      pairs: [{ premise: premise ?? "", hypothesis: hypothesis ?? null }],
    };
    return;
  }
  checkKind(source, text, config);
  for await (const batch of readPairs(source, batchSize)) {
    yield alone ? { ...batch, pairs: batch.pairs.map(asHypothesis) } : batch;
  }
}

/** A blank sentence is none, as in a file; often a variable was empty. */
function checkNotBlank(sentences: Record<string, string | undefined>): void {
  for (const [name, text] of Object.entries(sentences)) {
    if (text === undefined || text.trim() !== "") continue;
    throw new UserError(`Cannot predict: --${name} is blank`, {
      code: "bad-usage",
      hint: "write the sentence, or leave out the flag where it has none",
    });
  }
}

/** A model of hypotheses alone may be given pairs, or the hypotheses. */
function checkKind(
  source: PairSource,
  { sentences }: TextRecipe,
  { single, hypothesisField }: Config<"predict">,
): void {
  const alone = sentences === "hypothesis-only";
  const { premise, hypothesis } = source.format?.fields ?? {};
  const lacksPremise = premise !== undefined && hypothesis === null &&
    (isHypothesis(premise) || !single && hypothesisField !== undefined);
  if (lacksPremise && !alone) {
    throw new UserError(
      `Cannot read "${source.shown}" for this model: it has hypotheses ` +
        `(column "${premise}") without premises`,
      {
        code: "wrong-sentences",
        hint: "--premise-field NAME tells the first sentence",
      },
    );
  }
  checkSentences(source, alone ? undefined : sentences);
}

/** A sentence that stands alone is the hypothesis. */
function asHypothesis(pair: PairRow): PairRow {
  if (pair.hypothesis !== null) return pair;
  return { ...pair, premise: "", hypothesis: pair.premise };
}

if (import.meta.main) await runTask("predict", main);
