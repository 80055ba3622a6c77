/**
 * `predict`: classifies one pair, or JSON lines from standard input, in order
 * and in constant memory.
 *
 * @module
 */
import { UserError } from "../lib/base/errors.ts";
import { untilAborted } from "../lib/base/unless_aborted.ts";
import { type Pair, readPairs } from "../lib/data/read/pairs.ts";
import { openDevice } from "../lib/device/mod.ts";
import { classify } from "../lib/evaluate/classify.ts";
import { loadClassifier } from "../lib/model/load.ts";
import type { Config } from "../lib/settings/config.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import { openTokenizer } from "../lib/text/open_tokenizer.ts";
import { openModel } from "../lib/weights/open_model.ts";

async function main(
  config: Config<"predict">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  const input = pairsOf(config, signal);
  const opened = await openModel(config.model, {
    ...config,
    maxLength: config.maxLen,
  });
  const { text } = opened.config;
  text.truncation = config.truncation ?? text.truncation;
  const tokenizer = await openTokenizer(opened.vocabularyFile, text.tokenizer);
  const device = await openDevice(config.device, config);
  const model = loadClassifier(opened);
  start(device.description);
  opened.warnings.forEach((warning) => log.emit(warning));
  let count = 0;
  for await (const pairs of input) {
    signal.throwIfAborted();
    const predictions = await classify(model, pairs, { tokenizer });
    device.check();
    for (const prediction of predictions) {
      log.emit({ event: "prediction", ...prediction });
    }
    await log.flush(signal);
    count += pairs.length;
  }
  return { predictions: count };
}

/** The one pair of the flags, or standard input's. */
function pairsOf(
  { premise, hypothesis, batchSize }: Config<"predict">,
  signal: AbortSignal,
): Iterable<Pair[]> | AsyncIterable<Pair[]> {
  if (premise !== undefined) {
    return [[{ premise, hypothesis: hypothesis ?? null }]];
  }
  if (Deno.stdin.isTerminal()) {
    throw new UserError("Cannot predict: there is nothing to classify", {
      code: "bad-usage",
      hint: "give --premise and --hypothesis, or JSON lines on standard input",
    });
  }
  const input = untilAborted(Deno.stdin.readable, signal);
  return readPairs(ReadableStream.from(input), batchSize);
}

if (import.meta.main) await runTask("predict", main);
