/**
 * The schema of a text recipe in a JSON file. (Apart from the recipe itself:
 * encoding workers take that, and would take the schema library with it.)
 *
 * @module
 */
import { z } from "zod";
import type { TextRecipe } from "./recipe.ts";

/** Checks what a file holds as a {@link TextRecipe}. */
export const recipeSchema: z.ZodType<TextRecipe> = z.strictObject({
  rules: z.int().min(1),
  tokenizer: z.strictObject({
    kind: z.enum(["words", "wordpiece", "bpe"]),
    lowerCase: z.boolean(),
    class: z.enum([
      "BertTokenizer",
      "DistilBertTokenizer",
      "RobertaTokenizer",
      "TokenizersBackend",
    ])
      .optional(),
  }),
  maxLength: z.int().min(3),
  truncation: z.enum(["longest-first", "longest-first-hf", "ratio"]),
  sentences: z.enum(["pair", "single", "hypothesis-only"]).optional(),
});
