/**
 * Tokens that are found in a text as they stand, before it is split into words:
 * special ones as `<mask>`, and what was added to a trained vocabulary.
 *
 * @module
 */

/** A token that is found in the text as it stands. */
export interface AddedToken {
  /** The token's text, as `[MASK]`; not empty. */
  content: string;
  /** Its id. */
  id: number;
  /** Whether it is looked for in the normalized text instead of the raw one. */
  normalized: boolean;
  /** Whether it is found only where no word goes on before or after it. */
  singleWord: boolean;
  /** Whether the white space before it belongs to it. */
  stripsLeft: boolean;
  /** Whether the white space after it belongs to it. */
  stripsRight: boolean;
}
