/**
 * The configuration of a Hugging Face directory: its family's architecture,
 * its labels, its text.
 *
 * @module
 */
import { z } from "zod";
import { listProblems } from "../../base/errors.ts";
import { newestRules } from "../../text/recipe.ts";
import type { ResolvedTokenizer } from "../../text/resolve/tokenizer_sources.ts";
import { DEFAULT_LABELS, DEFAULT_MAX_LENGTH } from "../families/d2l.ts";
import { dropoutRates, huggingFaceFamily } from "../families/families.ts";
import type { Architecture } from "../families/family.ts";
import { foreignFeatures, readFields } from "../families/hf_fields.ts";
import type { LabelSource } from "../families/label_source.ts";
import {
  type FamilyName,
  longestInput,
  type ModelConfig,
  type ModelOverrides,
} from "../model_config.ts";
import { headProblems, OTHER_HEAD } from "./head.ts";
import {
  type LabelFields,
  labelFields,
  namedLabels,
  placeHolders,
} from "./labels.ts";
import type { OwnFields } from "./own_fields.ts";

const schema = z.object({
  problem_type: z.string().nullish(),
  ...labelFields,
});

/**
 * What overrides, or completes, a Hugging Face configuration. `dropout` stands
 * for every dropout rate of it.
 */
export interface HuggingFaceFacts extends ModelOverrides {
  /** Its family; BERT if the files do not tell. */
  family?: FamilyName | null | undefined;
  /** Label names of the catalogue, where the configuration has none. */
  catalogueLabels?: readonly string[] | undefined;
  /**
   * Rows of the output layer, which the labels are then of; null if there is
   * none; undefined if there is one that was not read.
   */
  headRows: number | null | undefined;
  /** Whether nobody will compute with it, so that any head may be on it. */
  textOnly?: boolean | undefined;
}

/** A configuration, and who named its labels. */
export interface TranslatedConfig {
  /** The configuration, its sizes not yet checked. */
  config: ModelConfig;
  /** Who named its labels. */
  labelSource: LabelSource;
  /** What it calls them itself, if it does. */
  ownLabels: readonly string[] | undefined;
}

/** What a directory's files say. */
export interface HuggingFaceFiles {
  /** The content of `config.json`. */
  config: unknown;
  /** What the files of its tokenizer say; null if `own` says it all. */
  tokenizer: SaidOfText | null;
  /** What this program has written into `config.json`, if it was trained here. */
  own?: OwnFields | null | undefined;
}

/** What the files of a tokenizer say of a model. */
type SaidOfText = Omit<ResolvedTokenizer, "text" | "surprises">;

/**
 * Translates a Hugging Face configuration.
 *
 * @param files What the directory's files say.
 * @param source The path of `config.json`, for errors.
 * @param facts What overrides it.
 * @return The configuration, its sizes not yet checked, and who named its
 *     labels.
 * @throws UserError `bad-model` that lists what none of this project's families
 *     has: decoders, relative positions, other activations, quantised weights,
 *     outputs that are no classes of which one is right.
 */
export function translateHuggingFaceConfig(
  files: HuggingFaceFiles,
  source: string,
  facts: HuggingFaceFacts,
): TranslatedConfig {
  const raw = Object(files.config) as Record<string, unknown>;
  const family = huggingFaceFamily(facts.family ?? "hf-bert");
  const problems = foreignFeatures(raw);
  const architecture = family.translate(raw, problems);
  const fields = readFields(schema, raw, problems) ?? {};
  const { tokenizer, own } = files;
  const ofHead = facts.textOnly ? [] : headProblems(fields, facts.headRows);
  const ofLabels: string[] = [];
  // Labels that are given replace what contradicts itself.
  const named = namedLabels(fields, facts.labels ? [] : ofLabels) ??
    // In training here, they were names like any other.
    (own ? placeHolders(fields) : null);
  const all = [...problems, ...ofHead, ...ofLabels];
  if (!architecture || all.length > 0) {
    const hints = [
      problems.length > 0 &&
      `take a ${family.title} with the usual fields of transformers; what else ` +
        "it computes is not computed here",
      ofHead.length > 0 && OTHER_HEAD,
      ofLabels.length > 0 &&
      "make id2label and label2id agree, or --labels names the classes in the " +
        "order of the model's outputs",
    ];
    throw listProblems(`Cannot use the model "${source}"`, all, {
      code: "bad-model",
      hint: hints.filter(Boolean).join("; "),
    });
  }
  const ownLabels = facts.headRows === null && named?.length === 1
    ? undefined
    : named ?? undefined;
  const { labels, labelSource } = chooseLabels(fields, facts, ownLabels);
  const sized: Architecture = {
    ...architecture,
    heads: facts.heads ?? architecture.heads,
  };
  const { maxLength } = facts;
  const config: ModelConfig = {
    format: "premise-3",
    family: family.name,
    ...sized,
    ...(own ?? untrainedFields(tokenizer!, sized)),
    ...dropoutRates(family.name, facts.dropout),
    labels: [...labels],
  };
  if (maxLength !== undefined) config.text = { ...config.text, maxLength };
  return { config, labelSource, ownLabels };
}

/** What a tokenizer's files say of a model that was not trained here. */
function untrainedFields(
  { kind, class: own, lowerCase, maxLength, segments }: SaidOfText,
  sized: Architecture,
): Pick<ModelConfig, "secondSegment" | "text"> {
  return {
    secondSegment: segments && sized.segments > 1 ? 1 : 0,
    text: {
      rules: newestRules(kind),
      tokenizer: { kind, lowerCase, class: own },
      maxLength: Math.min(
        DEFAULT_MAX_LENGTH,
        longestInput(sized),
        Math.max(maxLength ?? Infinity, 3),
      ),
      truncation: "longest-first-hf",
    },
  };
}

/** A head's own names come first; a model without a head has none. */
function chooseLabels(
  fields: LabelFields,
  { labels, catalogueLabels, headRows }: HuggingFaceFacts,
  ownLabels: readonly string[] | undefined,
): { labels: readonly string[]; labelSource: LabelSource } {
  if (labels) return { labels, labelSource: "given" };
  if (ownLabels) return { labels: ownLabels, labelSource: "files" };
  if (catalogueLabels) {
    return { labels: catalogueLabels, labelSource: "catalogue" };
  }
  if (headRows === null) {
    return { labels: DEFAULT_LABELS, labelSource: "usual" };
  }
  return { labels: placeHolders(fields, headRows), labelSource: "numbers" };
}
