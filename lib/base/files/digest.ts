import { createHash } from "node:crypto";
import { checkRegular } from "./regular.ts";

/**
 * The digests that catalogues give; git's is the SHA-1 of `blob SIZE`, a zero
 * byte and the content.
 */
export type DigestName = "sha1" | "sha256" | "git-sha1";

/**
 * A file's digest, read piece by piece.
 *
 * Web Crypto wants all bytes at once, 700 MB of them here, so this is Node's.
 *
 * @param path The file.
 * @param name Which digest.
 * @return Lower-case hexadecimal digits.
 */
export async function digestFile(
  path: string,
  name: DigestName,
): Promise<string> {
  const hash = createHash(name === "git-sha1" ? "sha1" : name);
  await checkRegular(path);
  using file = await Deno.open(path);
  if (name === "git-sha1") hash.update(`blob ${(await file.stat()).size}\0`);
  const buffer = new Uint8Array(1 << 20);
  for (let read; (read = await file.read(buffer)) !== null;) {
    hash.update(buffer.subarray(0, read));
  }
  return hash.digest("hex");
}

/**
 * What is wrong with a file's digest, as `sha1 is ..., expected ...`; null if
 * it is the one that is wanted.
 */
export async function faultOfDigest(
  path: string,
  name: DigestName,
  wanted: string,
): Promise<string | null> {
  const found = await digestFile(path, name);
  return found === wanted ? null : `${name} is ${found}, expected ${wanted}`;
}
