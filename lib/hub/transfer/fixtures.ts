/**
 * The archives that travel inside the program, so that it can be tried where
 * there is no network. They are 4 MB of text, so each is loaded only when it
 * is asked for.
 *
 * @module
 */

/** Loads the module of an archive, which `build:embedded` has made. */
type Loader = () => Promise<{ bytes(): Uint8Array<ArrayBuffer> }>;

/** The modules by the archive's name. */
const loaders: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ["bert.tiny.zip", () => import("../bert_tiny.embedded.ts")],
  ["snli_1.0.zip", () => import("../snli_sample.embedded.ts")],
]);

/**
 * The bytes of an archive that the program holds.
 *
 * @param name Its file name, as in the address `fixture:bert.tiny.zip`.
 * @return The archive, or null if the program holds none of this name.
 */
export async function readFixture(
  name: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const load = loaders.get(name);
  return load === undefined ? null : (await load()).bytes();
}
