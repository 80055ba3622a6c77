/** Longest name in a path that common file systems take, in bytes of UTF-8. */
const LONGEST_NAME = 255;

/**
 * What speaks against a path that a stranger names below a directory.
 *
 * @param path With `/`, as an archive or a server has it.
 * @param depth The most folders within folders.
 * @return A clause about it; undefined if it is fit on every system.
 */
export function faultOfPath(
  path: string,
  depth: number,
): string | undefined {
  if (/^[/\\]/.test(path)) return "has an absolute name";
  if (/^[A-Za-z]:/.test(path)) return "names a drive";
  if (path.includes("\\")) return "has a backslash in its name";
  const segments = path.split("/");
  if (segments.includes("..")) return "leads out of the directory";
  if (segments.includes("") || segments.includes(".")) {
    return "has an empty part in its name";
  }
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f:]/.test(path)) return "has a forbidden character";
  if (
    segments.some((name) => /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name))
  ) {
    return "has the name of a device";
  }
  const encoder = new TextEncoder();
  if (segments.some((name) => encoder.encode(name).length > LONGEST_NAME)) {
    return `has a name of more than ${LONGEST_NAME} bytes`;
  }
  if (segments.length > depth) {
    return `is ${segments.length} folders deep, expected at most ${depth}`;
  }
  return undefined;
}
