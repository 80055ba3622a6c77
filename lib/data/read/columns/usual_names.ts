/**
 * The names that public data sets give to their sentences and labels.
 *
 * @module
 */

/** Names of a first and a second sentence that belong together. */
export interface NamePair {
  /** Name of the first sentence. */
  first: string;
  /** Name of the second sentence. */
  second: string;
  /** Whether they are a pair whatever other text stands beside them. */
  sure: boolean;
}

/** Pairs that mean nothing else, the first one that is there is taken. */
const SURE: readonly (readonly [first: string, second: string])[] = [
  // Hugging Face's SNLI, MultiNLI and ANLI have these.
  ["premise", "hypothesis"],
  // The files of SNLI and MultiNLI have these, and so have most of GLUE's.
  ["sentence1", "sentence2"],
  // ANLI's own files have these.
  ["context", "hypothesis"],
  // GLUE's QNLI has these.
  ["question", "sentence"],
  // GLUE's QQP and MRPC have these.
  ["question1", "question2"],
  ["#1 String", "#2 String"],
  // XNLI's machine translations have these.
  ["premise", "hypo"],
  ["premise", "hyp"],
  // SICK and its kin have these.
  ["sentence_A", "sentence_B"],
  ["sentence_1", "sentence_2"],
  ["sent1", "sent2"],
  ["s1", "s2"],
  ["text1", "text2"],
  ["text_1", "text_2"],
  ["text_a", "text_b"],
  ["text", "text_pair"],
  ["text", "hypothesis"],
];

/**
 * Pairs that are one where no other text stands beside them: a question may
 * have a passage and an answer.
 */
const LIKELY: readonly (readonly [first: string, second: string])[] = [
  // SuperGLUE's BoolQ, WikiQA, MS MARCO and others have these.
  ["question", "passage"],
  ["question", "answer"],
  ["question", "context"],
  ["question", "paragraph"],
  ["query", "passage"],
  ["query", "document"],
  ["query", "answer"],
  ["query", "response"],
  // GlossBERT and its data have these.
  ["sentence", "gloss"],
  ["context", "gloss"],
  // Dialogues have these.
  ["context", "response"],
  ["utterance", "response"],
  ["prompt", "response"],
  ["context", "question"],
  ["context", "answer"],
  // What supports or refutes a claim comes first: VitaminC, Climate-FEVER.
  ["evidence", "claim"],
  ["context", "claim"],
  ["document", "claim"],
  ["text", "claim"],
  ["passage", "hypothesis"],
  ["document", "hypothesis"],
  ["article", "hypothesis"],
  ["context", "statement"],
  ["passage", "statement"],
  ["premise", "conclusion"],
  ["document", "summary"],
  ["argument", "key_point"],
  ["title1", "title2"],
  ["argument1", "argument2"],
];

/** All known pairs, those first that go before others. */
export const PAIRS: readonly NamePair[] = [
  ...SURE.map(([first, second]) => ({ first, second, sure: true })),
  ...LIKELY.map(([first, second]) => ({ first, second, sure: false })),
];

/** Names of a sentence that stands alone: CoLA's and SST-2's, then others'. */
export const SINGLES: readonly string[] = [
  "sentence",
  "text",
  "review",
  "content",
  "comment",
  "tweet",
  "message",
  "utterance",
];

/** Names of the label. */
export const LABELS: readonly string[] = [
  "label",
  "gold_label",
  // GLUE's own files of QQP and MRPC have these.
  "is_duplicate",
  "Quality",
  // SICK has these.
  "entailment_label",
  "entailment_judgment",
  "labels",
  "gold",
  "class",
];

/** What the second sentence of a pair is called, and is nothing else's name. */
export const HYPOTHESIS = "hypothesis";

/** Whether a column is of hypotheses by its name. */
export function isHypothesis(name: string): boolean {
  return normalName(name) === HYPOTHESIS;
}

/** A name without what people vary: case and outer blanks. */
export function normalName(name: string): string {
  return name.trim().toLowerCase();
}

/**
 * The names that a second sentence may have beside a first one.
 *
 * @param first Name of the first sentence; any if absent.
 */
export function secondNames(first?: string): string[] {
  const partners = PAIRS.filter((pair) =>
    first === undefined || normalName(pair.first) === normalName(first)
  );
  return [...new Set(partners.map(({ second }) => normalName(second)))];
}
