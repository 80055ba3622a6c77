/**
 * Classifies pairs of sentences.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { showValue } from "../base/show_value.ts";
import { packTokens } from "../data/batch/pack.ts";
import type { Pair } from "../data/read/pairs.ts";
import type { BertClassifier } from "../model/classifier.ts";
import { placeBatch } from "../ops/batch/place_batch.ts";
import { countedTokenizer, noTokens } from "../text/counted_tokenizer.ts";
import { encodePair, specialTokens } from "../text/pair.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { softmax } from "./metrics/softmax.ts";
import { notFinite } from "./not_finite.ts";

/** What the model says of a pair. */
export interface Prediction extends Pair {
  /** The label with the largest logit. */
  label: string;
  /** Probability of each label; they sum to 1. */
  probabilities: Record<string, number>;
  /** Logit of each label, in the model's order. */
  logits: number[];
}

/** How pairs are classified. */
export interface ClassifyOptions {
  /**
   * The model's tokenizer. How text is read and cut, the model's `config.text`
   * says.
   */
  tokenizer: Tokenizer;
  /** Is told each pair of which the model doesn't read all. */
  onCut?: ((pair: Pair) => void) | undefined;
}

/**
 * Classifies pairs in one batch.
 *
 * @param model The classifier.
 * @param pairs The pairs; at least one.
 * @param options The model's tokenizer, and who is told of cut text.
 * @return One prediction a pair, in order.
 * @throws {UserError} `wrong-sentences` if the model reads pairs and is given a
 * single sentence, or the reverse; `not-finite` if the model says nothing.
 */
export async function classify(
  model: BertClassifier,
  pairs: readonly Pair[],
  { tokenizer, onCut }: ClassifyOptions,
): Promise<Prediction[]> {
  const { labels, text } = model.config;
  const encoded = pairs.map((pair) => {
    const { premise, hypothesis } = pair;
    const counts = noTokens();
    const counted = countedTokenizer(tokenizer, counts);
    const encodedPair = encodePair(counted, premise, hypothesis, text);
    const special = hypothesis === null ? 2 : specialTokens(tokenizer);
    if (counts.words + special > encodedPair.tokenIds.length) onCut?.(pair);
    return encodedPair;
  });
  const packed = packTokens(encoded, model.config);
  const logits = tf.tidy(() =>
    model.logits(placeBatch(packed, model.tables, false))
  );
  const values = await logits.data<"float32">();
  logits.dispose();
  checkFinite(values, pairs);
  return pairs.map((pair, i) => {
    const row = [...values.subarray(i * labels.length).slice(0, labels.length)];
    const probabilities = softmax(row);
    return {
      premise: pair.premise,
      hypothesis: pair.hypothesis,
      label: labels[row.indexOf(Math.max(...row))],
      probabilities: Object.fromEntries(
        labels.map((label, c) => [label, probabilities[c]]),
      ),
      logits: row,
    };
  });
}

function checkFinite(logits: Float32Array, pairs: readonly Pair[]): void {
  const at = logits.findIndex((logit) => !Number.isFinite(logit));
  if (at === -1) return;
  const { premise } = pairs[Math.floor(at * pairs.length / logits.length)];
  throw notFinite(logits[at], `the text ${showValue(premise)}`);
}
