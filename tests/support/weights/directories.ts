/** Directories of models as people have them, made of the golden one's files. */
import { dirname, join, resolve } from "@std/path";
import { openDevice } from "../../../lib/device/mod.ts";
import { classify } from "../../../lib/evaluate/classify.ts";
import { loadClassifier } from "../../../lib/model/load.ts";
import { openTokenizer } from "../../../lib/text/open_tokenizer.ts";
import { tokenizerOptions } from "../../../lib/text/recipe.ts";
import type { OpenedModel } from "../../../lib/weights/model_dir.ts";

/** The model, its weights in every way, and what it says. */
export const DIRECTORIES = resolve("fixtures/golden/directories");

/** What a file of a directory is. */
export type Content =
  /** A golden file, by its path there. */
  | string
  /** The golden `config.json` with other fields; undefined leaves one out. */
  | { config: Record<string, unknown> }
  /** A file of some text. */
  | { text: string }
  /** A file of some bytes. */
  | { bytes: number[] }
  /** A symbolic link. */
  | { link: string }
  /** The beginning of a golden file. */
  | { start: string; length: number };

/** The files of a directory, by their paths in it. */
export type Files = Record<string, Content>;

/** The files of the model but for its weights, in a folder. */
export function describedIn(folder = "."): Files {
  return placed(folder, {
    "config.json": "model/config.json",
    "vocab.txt": "model/vocab.txt",
    "tokenizer_config.json": "model/tokenizer_config.json",
  });
}

/** The files of the model, its weights under a name of their own. */
export function modelIn(
  folder = ".",
  weights: Files = { "model.safetensors": "model/model.safetensors" },
): Files {
  return { ...describedIn(folder), ...placed(folder, weights) };
}

/** Puts files into a folder. */
export function placed(folder: string, files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [
      join(folder, path),
      content,
    ]),
  );
}

/** Makes a directory. */
export async function makeFiles(root: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    if (typeof content === "string") {
      await Deno.copyFile(join(DIRECTORIES, content), path);
    } else if ("text" in content) await Deno.writeTextFile(path, content.text);
    else if ("bytes" in content) {
      await Deno.writeFile(path, Uint8Array.from(content.bytes));
    } else if ("link" in content) await Deno.symlink(content.link, path);
    else if ("start" in content) {
      const bytes = await Deno.readFile(join(DIRECTORIES, content.start));
      await Deno.writeFile(path, bytes.subarray(0, content.length));
    } else {
      const config = JSON.parse(
        await Deno.readTextFile(join(DIRECTORIES, "model/config.json")),
      );
      const fields = { ...config, ...content.config };
      await Deno.writeTextFile(path, JSON.stringify(fields));
    }
  }
}

/** What transformers gives for the pairs of the reference. */
export async function readLogits(): Promise<number[]> {
  const { logits } = await readReference();
  return logits.flat();
}

/** What the opened model gives for the same pairs. */
export async function logitsOf(opened: OpenedModel): Promise<number[]> {
  await openDevice("cpu");
  const { pairs } = await readReference();
  const tokenizer = await openTokenizer(
    opened.vocabularyFile,
    tokenizerOptions(opened.config.text),
  );
  const model = loadClassifier(opened);
  const predictions = await classify(
    model,
    pairs.map(([premise, hypothesis]) => ({ premise, hypothesis })),
    { tokenizer },
  );
  model.dispose();
  return predictions.flatMap(({ logits }) => logits);
}

async function readReference(): Promise<
  { pairs: [string, string][]; logits: number[][] }
> {
  const path = join(DIRECTORIES, "reference.json");
  return JSON.parse(await Deno.readTextFile(path));
}
