/**
 * What a model is, by its directory, the catalogue and the user together: its
 * configuration, its output layer, and what the classes of that are called.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../../base/errors.ts";
import type { ModelFacts } from "../../hub/catalogue/catalogue.ts";
import type { ModelLayout } from "../directory/model_layout.ts";
import { translateHuggingFaceConfig } from "../hugging_face/config.ts";
import { classifiesSequences, labelFieldsOf } from "../hugging_face/labels.ts";
import type { ModelText } from "../hugging_face/model_text.ts";
import {
  type FamilyName,
  type ModelOverrides,
  readOwnConfig,
} from "../model_config.ts";
import { inferBookConfig } from "./d2l.ts";
import { dropoutRates } from "./families.ts";
import type { LabelSource } from "./label_source.ts";
import type { RenamedArrays } from "./rename_arrays.ts";

/** What is known of a model besides its small files. */
export interface Evidence {
  /** Its directory. */
  directory: string;
  /** What the user and the catalogue say. */
  options: ModelOverrides & {
    facts?: ModelFacts | undefined;
    weights?: string | undefined;
    newHead?: boolean | undefined;
    textOnly?: boolean | undefined;
  };
  /** Which of Hugging Face's families it is of, if it is one of these. */
  family: FamilyName | null;
  /** Path of the weights, if they were read. */
  file: string | null;
  /** The weights, if they were read. */
  renamed: RenamedArrays | null;
  /** How its text becomes tokens. */
  text: ModelText;
}

/** What the directory, the options and the facts together say. */
export interface Described {
  /** What should be a configuration; not checked. */
  config: unknown;
  /** Who named its labels. */
  labelSource: LabelSource;
  /** What the model itself calls them, if it does. */
  ownLabels: readonly string[] | undefined;
  /**
   * Rows of the output layer; null if there is none, undefined if there is
   * one that was not read.
   */
  headRows: number | null | undefined;
}

/**
 * What a directory, the options and the facts together say of a model.
 *
 * @param layout The directory's files.
 * @param evidence What is known besides.
 */
export function describeModel(
  layout: ModelLayout,
  evidence: Evidence,
): Described {
  const { directory, options, file, renamed } = evidence;
  const headRows = findHead(layout, evidence);
  const { heads, dropout, labels, maxLength, facts = {} } = options;
  switch (layout.kind) {
    case "premise": {
      const config = readOwnConfig(layout.config!);
      checkHeads(directory, config.heads, heads);
      const text = { ...Object(config.text), ...given({ maxLength }) };
      const rates = dropoutRates(config.family as FamilyName, dropout);
      return {
        config: { ...config, ...given({ heads, labels }), ...rates, text },
        labelSource: labels ? "given" : "files",
        ownLabels: Array.isArray(config.labels) ? config.labels : undefined,
        headRows,
      };
    }
    case "hf": {
      const { num_attention_heads, n_heads = num_attention_heads } =
        layout.config ?? {};
      checkHeads(directory, n_heads, heads);
      const translated = translateHuggingFaceConfig(
        {
          config: layout.config,
          tokenizer: evidence.text.resolved,
          own: layout.own,
        },
        join(directory, "config.json"),
        {
          heads,
          dropout,
          labels,
          maxLength,
          family: evidence.family,
          catalogueLabels: facts.labels,
          headRows,
          textOnly: options.textOnly,
        },
      );
      return { ...translated, headRows };
    }
    case "d2l":
      return {
        config: inferBookConfig(renamed!, file!, {
          // Text is encoded alike for any number that divides the width.
          heads: heads ?? facts.heads ??
            (options.textOnly ? 1 : missingHeads(directory)),
          dropout: dropout ?? facts.dropout,
          labels: labels ?? facts.labels,
          maxLength,
        }),
        labelSource: labels ? "given" : facts.labels ? "catalogue" : "usual",
        ownLabels: facts.labels,
        headRows,
      };
  }
}

/** What is known of the output layer, as {@link Described} has it. */
function findHead(
  { kind, config }: ModelLayout,
  { options, renamed }: Evidence,
): number | null | undefined {
  if (options.newHead || options.weights === "random") return null;
  const ofSequences = kind === "hf"
    ? classifiesSequences(labelFieldsOf(config))
    : null;
  if (ofSequences === false) return null;
  if (renamed === null) {
    return kind === "premise" || ofSequences ? undefined : null;
  }
  // What classifies words or answers reads no pooled vector.
  if (kind === "hf" && !ofSequences && !renamed.arrays.has("pooler.weight")) {
    return null;
  }
  const head = renamed.arrays.get("classifier.weight") ??
    renamed.arrays.get("classifier.bias");
  return head ? head.shape[0] : null;
}

function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  );
}

/** Weights fit any number of heads, but mean nothing with another. */
function checkHeads(directory: string, told: unknown, given?: number): void {
  if (given === undefined || typeof told !== "number" || told === given) return;
  throw new UserError(
    `Cannot use the model "${directory}" with ${given} attention heads: its ` +
      `config.json tells ${told}`,
    { code: "bad-model", hint: "leave out --heads" },
  );
}

function missingHeads(directory: string): never {
  throw new UserError(
    `Cannot open the model "${directory}": its weights do not tell the number of attention heads`,
    {
      code: "bad-model",
      hint: "give --heads (bert.small has 4, bert.base has 12)",
    },
  );
}
