/**
 * Writes the modules that hold a file's bytes, so that the program needs no
 * file beside its code: neither in a bundle, nor as a package of another
 * project. `deno task build:embedded` runs it.
 *
 * @module
 */

/** Each module, from the project's root, and the file whose bytes it holds. */
export const embeddedFiles: ReadonlyMap<string, string> = new Map([
  [
    "lib/device/cpu/kernels/kernels.embedded.ts",
    "lib/device/cpu/kernels/kernels.wasm",
  ],
  ["lib/hub/bert_tiny.embedded.ts", "fixtures/bert.tiny.zip"],
  ["lib/hub/snli_sample.embedded.ts", "fixtures/snli_1.0.zip"],
]);

/** The root of the project, which the paths of {@link embeddedFiles} are of. */
const root = new URL("../../", import.meta.url);

/**
 * The text of a module.
 *
 * @param source A file, from the project's root.
 * @return TypeScript that exports a function `bytes`.
 */
export async function embeddedModule(source: string): Promise<string> {
  const content = await Deno.readFile(new URL(source, root));
  // In lines, so that an editor can open it; base64 may have white space.
  const lines = content.toBase64().replaceAll(/.{100}/g, "$&\n").trimEnd();
  return `\
// Made of ${source} by \`deno task build:embedded\`.

/** The bytes of ${source}; decoded at each call. */
export function bytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(base64);
}

const base64: string = \`
${lines}
\`;
`;
}

if (import.meta.main) {
  for (const [module, source] of embeddedFiles) {
    await Deno.writeTextFile(
      new URL(module, root),
      await embeddedModule(source),
    );
  }
}
