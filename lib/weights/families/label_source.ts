/**
 * Who named a model's labels: the user (`--labels`), the model's files, the
 * catalogue, nobody but the book (`usual`: a model without an output layer, or
 * the book's), or nobody at all (`numbers`: an output layer whose classes are
 * `LABEL_0`, `LABEL_1` and so on).
 *
 * @module
 */

/** Who named a model's labels. */
export type LabelSource =
  | "given"
  | "files"
  | "catalogue"
  | "usual"
  | "numbers";
