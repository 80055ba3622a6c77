/** Small data files for tests. */
import { join } from "@std/path";
import { BlobReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";

/** The label names of the book's model. */
export const LABELS = ["entailment", "contradiction", "neutral"];

/** The header of SNLI's text files. */
export const SNLI_HEADER = "gold_label\tsentence1_binary_parse\t" +
  "sentence2_binary_parse\tsentence1_parse\tsentence2_parse\tsentence1\t" +
  "sentence2\tcaptionID\tpairID\tlabel1\tlabel2\tlabel3\tlabel4\tlabel5";

/** A row of SNLI's text files. */
export function snliRow(label: string, one: string, two: string): string {
  return [label, one, two, "", "", "", "", "c", "p", label, "", "", "", ""]
    .join("\t");
}

/**
 * Runs a test in a temporary directory with the files given.
 *
 * @param files Content by name.
 * @param test Gets the directory.
 */
export async function withFiles(
  files: Record<string, string | Uint8Array>,
  test: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string"
        ? new TextEncoder().encode(content)
        : content;
      await Deno.writeFile(join(directory, name), bytes);
    }
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The real SNLI pairs of the fixtures, as files by name. */
export async function snliFixture(): Promise<Record<string, Uint8Array>> {
  const zip = await Deno.readFile("fixtures/snli_1.0.zip");
  const reader = new ZipReader(new BlobReader(new Blob([zip])), {
    useWebWorkers: false,
  });
  const files: Record<string, Uint8Array> = {};
  for (const entry of await reader.getEntries()) {
    const name = /snli_1\.0_(train|test)\.txt$/.exec(entry.filename)?.[0];
    if (name === undefined || entry.directory) continue;
    files[name] = await entry.getData(new Uint8ArrayWriter());
  }
  return files;
}
