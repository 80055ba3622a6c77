/**
 * One step from the directory that a user names to the one of the model.
 *
 * @module
 */
import type { WarningEvent } from "../../events/events.ts";

/** Where to go on, or where the model is. */
export interface Step {
  /** The directory; the same one if the model lies in it. */
  directory: string;
  /** What the user should know of this step. */
  warnings: WarningEvent[];
}
