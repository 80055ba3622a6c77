/**
 * What `predict` is given, in batches that suit the model.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { isHypothesis } from "../data/read/columns/usual_names.ts";
import { type PairBatch, type PairRow, readPairs } from "../data/read/pairs.ts";
import {
  checkSentences,
  type PairSource,
} from "../data/sources/pair_source.ts";
import type { Config } from "../settings/config.ts";
import type { TextRecipe } from "../text/recipe.ts";

/** What says which sentences are given. */
type Given = Pick<
  Config<"predict">,
  "premise" | "hypothesis" | "single" | "hypothesisField" | "batchSize"
>;

/**
 * Reads what is to be classified.
 *
 * @param source The rows; null if one text is given by flags.
 * @param given The flags.
 * @param text How the model's text is made.
 * @throws {UserError} `wrong-sentences` or `bad-usage` if the model doesn't read
 * such text.
 */
export async function* pairBatches(
  source: PairSource | null,
  given: Given,
  text: TextRecipe,
): AsyncGenerator<PairBatch> {
  const alone = text.sentences === "hypothesis-only";
  if (source === null) {
    yield { pairs: [pairOf(given, { alone })] };
    return;
  }
  checkRows(source, given, text);
  for await (const batch of readPairs(source, given.batchSize)) {
    yield alone ? { ...batch, pairs: batch.pairs.map(asHypothesis) } : batch;
  }
}

/** The text that flags give. */
function pairOf(
  { premise, hypothesis }: Given,
  { alone }: { alone: boolean },
): PairRow {
  if (premise === undefined && !alone) {
    throw new UserError("Cannot predict: --hypothesis needs --premise", {
      code: "bad-usage",
      hint: "give both",
    });
  }
  checkNotBlank({ premise, hypothesis });
  return { premise: premise ?? "", hypothesis: hypothesis ?? null };
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

/**
 * Checks that rows are of what a model reads; one of hypotheses alone may be
 * given pairs, or the hypotheses.
 *
 * @param source The rows.
 * @param given The flags.
 * @param text How the model's text is made.
 * @throws {UserError} `wrong-sentences` if they are not.
 */
export function checkRows(
  source: PairSource,
  { single, hypothesisField }: Given,
  { sentences }: TextRecipe,
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
