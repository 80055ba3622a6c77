/** Types of the part of `@std/yaml` that is used here. */

export function parse(content: string): unknown;
