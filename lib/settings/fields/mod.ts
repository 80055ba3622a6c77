/**
 * Every setting once, with its type, range, default and help text. Which task
 * has which is said in config.ts.
 *
 * @module
 */
import { machineFields } from "./machine.ts";
import { placeFields } from "./places.ts";
import { recipeFields } from "./recipe.ts";
import { savingFields } from "./saving.ts";
import { sweepFields } from "./sweep.ts";
import { textFields } from "./text.ts";
import { useFields } from "./use.ts";

/** The settings, by names of their own: two tasks may mean another `model`. */
export const fields = {
  ...placeFields,
  ...textFields,
  ...recipeFields,
  ...machineFields,
  ...savingFields,
  ...useFields,
  ...sweepFields,
};
