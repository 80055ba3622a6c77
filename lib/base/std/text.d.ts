/** Types of the part of `@std/text` that is used here. */

export function levenshteinDistance(a: string, b: string): number;
