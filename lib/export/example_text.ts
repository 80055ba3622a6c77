/**
 * What an example is made of, as the code of a model card has it.
 *
 * @module
 */
import type { TextRecipe } from "../text/recipe.ts";

/** The sentences of an example. */
export interface ExampleText {
  /** The variables that hold them: one, or two of a pair. */
  names: readonly [string] | readonly [string, string];
  /** The flags of `predict` that take them. */
  flags: string;
}

/**
 * What a model's examples are made of.
 *
 * @param text How its text is made.
 */
export function exampleText({ sentences }: TextRecipe): ExampleText {
  switch (sentences) {
    case "single":
      return { names: ["sentence"], flags: '--premise "..."' };
    case "hypothesis-only":
      return { names: ["hypothesis"], flags: '--hypothesis "..."' };
    default:
      return {
        names: ["premise", "hypothesis"],
        flags: '--premise "..." --hypothesis "..."',
      };
  }
}
