/**
 * The configuration of a Hugging Face directory: its family's architecture,
 * its labels, its text.
 *
 * @module
 */
import { z } from "zod";
import { listProblems } from "../../base/errors.ts";
import { newestRules } from "../../text/recipe.ts";
import { recipeSchema } from "../../text/recipe_schema.ts";
import type { ResolvedTokenizer } from "../../text/resolve/tokenizer_sources.ts";
import {
  type FamilyName,
  longestInput,
  type ModelConfig,
  type ModelOverrides,
} from "../model_config.ts";
import { DEFAULT_LABELS, DEFAULT_MAX_LENGTH } from "../families/d2l.ts";
import { dropoutRates, huggingFaceFamily } from "../families/families.ts";
import type { Architecture } from "../families/family.ts";
import { foreignFeatures, readFields } from "../families/hf_fields.ts";
import { headProblems } from "./head.ts";
import {
  type LabelFields,
  labelFields,
  namedLabels,
  placeHolders,
} from "./labels.ts";
import type { LabelSource } from "../families/label_source.ts";

const schema = z.object({
  problem_type: z.string().nullish(),
  // What `export` writes of a run, which transformers has no field for.
  premise: z.object({ text: recipeSchema }).nullish(),
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
  /** What the files of its tokenizer say. */
  tokenizer: Omit<ResolvedTokenizer, "text" | "surprises">;
}

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
  const { tokenizer } = files;
  if (!facts.textOnly) {
    problems.push(...headProblems(fields, facts.headRows));
  }
  // Labels that are given replace what contradicts itself.
  const named = namedLabels(fields, facts.labels ? [] : problems);
  if (!architecture || problems.length > 0) {
    throw listProblems(`Cannot use the model "${source}"`, problems, {
      code: "bad-model",
      hint: `${family.title} as transformers' ${family.classPrefix}Model is ` +
        "expected",
    });
  }
  const ownLabels = facts.headRows === null && named?.length === 1
    ? undefined
    : named ?? undefined;
  const { labels, labelSource } = chooseLabels(fields, facts, ownLabels);
  const exported = fields.premise?.text;
  const differs = tokenizer.segments && architecture.segments > 1;
  const sized: Architecture = {
    ...architecture,
    heads: facts.heads ?? architecture.heads,
    ...dropoutRates(family.name, facts.dropout),
  };
  const config: ModelConfig = {
    format: "premise-3",
    family: family.name,
    ...sized,
    secondSegment: differs ? 1 : 0,
    text: {
      rules: newestRules(tokenizer.kind),
      tokenizer: {
        kind: tokenizer.kind,
        lowerCase: tokenizer.lowerCase,
        class: tokenizer.class,
      },
      maxLength: facts.maxLength ?? exported?.maxLength ??
        Math.min(
          DEFAULT_MAX_LENGTH,
          longestInput(sized),
          Math.max(tokenizer.maxLength ?? Infinity, 3),
        ),
      truncation: exported?.truncation ?? "longest-first-hf",
    },
    labels: [...labels],
  };
  if (exported?.sentences) config.text.sentences = exported.sentences;
  return { config, labelSource, ownLabels };
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
