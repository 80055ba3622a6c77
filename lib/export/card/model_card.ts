/**
 * `README.md` of an export: a model card as the Hugging Face hub shows it, of
 * what is known and nothing else.
 *
 * @module
 */
import { versions } from "../../base/versions.ts";
import type { Sentences } from "../../text/pair.ts";
import type { TextRecipe } from "../../text/recipe.ts";
import type { ModelConfig } from "../../weights/model_config.ts";
import type { CardFacts } from "./card_facts.ts";
import { isOnHub, metadataBlock, repositoryId } from "./metadata.ts";
import { resultsTable, settingsTable } from "./tables.ts";

/**
 * Writes a model card.
 *
 * @param facts What is known.
 * @return Markdown, with a block of metadata first.
 */
export function writeModelCard(facts: CardFacts): string {
  const { name, config, form, record, metrics } = facts;
  return [
    metadataBlock(facts),
    `# ${name}`,
    aboutModel(facts),
    `## Labels\n\n${labelsTable(config)}`,
    `## Text\n\n${aboutText(config.text)}`,
    `## Use\n\nIt opens in ${form.world}:\n${form.use(config, name).trimEnd()}`,
    ...record ? [`## Training\n\n${settingsTable(record)}`] : [],
    `## Results\n\n${resultsTable(metrics)}`,
    `## Not known\n\n${aboutUnknown(facts)}`,
  ].join("\n\n") + "\n";
}

function aboutModel({ config, base, record, sources }: CardFacts): string {
  const { premise } = versions();
  const kind = `A classifier of ${KINDS[config.text.sentences ?? "pair"]}`;
  const origin = record
    ? `fine-tuned from ${show(base)} and exported`
    : `exported from ${show(base)}`;
  const data = sources.length > 0
    ? ` It was trained on ${sources.map(show).join(", ")}.`
    : "";
  return `${kind}, ${origin} by premise ${premise}.${data}`;
}

const KINDS: Record<Sentences, string> = {
  pair: "pairs of sentences",
  single: "sentences",
  "hypothesis-only": "hypotheses without their premises",
};

/** A place of the hub as a link; of a file its name alone, not where it lay. */
function show(source: string): string {
  if (!isOnHub(source)) return `\`${source.split(/[/\\]/).at(-1)}\``;
  const id = repositoryId(source);
  return `[${id}](https://huggingface.co/${id})`;
}

function labelsTable({ labels }: ModelConfig): string {
  const rows = labels.map((label, id) => `| ${id} | ${cell(label)} |`);
  return ["| output | label |", "| --- | --- |", ...rows].join("\n");
}

/** A text in a cell of a table. */
function cell(text: string): string {
  return text.replace(/[|\\]/g, "\\$&").replace(/\s+/g, " ");
}

const SPLIT_BY: Record<TextRecipe["tokenizer"]["kind"], string> = {
  words: "whole words, split at white space alone: punctuation has to stand " +
    "apart, as in the book's data",
  wordpiece: "word pieces",
  bpe: "byte-level BPE",
};

function aboutText(text: TextRecipe): string {
  const { tokenizer, sentences, maxLength, truncation } = text;
  const read = sentences === "hypothesis-only"
    ? " It reads the hypothesis alone, as a single sentence."
    : "";
  const cut = sentences === "single" ? "" : ` by \`${truncation}\``;
  const length = sentences === undefined
    ? ""
    : ` The model was trained with at most ${maxLength} tokens, the special ` +
      `ones among them; what is longer was cut${cut}.`;
  return `Text is split into ${SPLIT_BY[tokenizer.kind]}.${read}${length}`;
}

function aboutUnknown(
  { license, language, record, metrics }: CardFacts,
): string {
  const open = [
    !license && "under which licence it may be used; that of its data and of " +
      "what it was fine-tuned from count too",
    !language && "which languages it reads",
    !record && "how it was trained",
    Object.keys(metrics).length === 0 && "how well it does",
    "what it does with text unlike its training data, and which biases it has",
  ].filter((text) => text !== false);
  return `Nothing is said here of\n\n${
    open.map((text) => `- ${text}`).join("\n")
  }`;
}
