/**
 * What sentence-transformers writes: `modules.json` lists the modules that a
 * text goes through, the first of which is a model as transformers saves it.
 *
 * @module
 */
import { join } from "@std/path";
import { infoOf } from "../../base/files/info.ts";
import type { WarningEvent } from "../../events/events.ts";
import { badModel } from "./bad_model.ts";
import { readJson } from "./json_files.ts";
import type { Listing } from "./listing.ts";
import type { Step } from "./step.ts";

/** A module of the list. */
interface Module {
  /** Its folder; empty if its files lie beside the list. */
  path: string;
  /** The last part of its class's name. */
  type: string;
}

/** Modules that are models of transformers, in old versions by family. */
const TRANSFORMER =
  /^(?:Transformer|BERT|RoBERTa|DistilBERT|ALBERT|XLMRoBERTa|XLNet|CamemBERT)$/i;

/**
 * Goes to the transformer of a sentence encoder.
 *
 * @param listing A directory.
 * @return Null if it has no list of modules; else the transformer's directory,
 *     with a warning if other modules follow it.
 * @throws UserError `bad-model` if the list is damaged, or its first module is
 *     of another kind.
 */
export async function inSentenceEncoder(
  listing: Listing,
): Promise<Step | null> {
  const { directory, files, folders } = listing;
  if (!files.has("modules.json")) return null;
  const modules = parseModules(
    await readJson(join(directory, "modules.json")),
    directory,
  );
  const [first, ...rest] = modules;
  if (!TRANSFORMER.test(first.type)) {
    throw badModel(
      directory,
      `it is a model of sentence-transformers whose first module is a ${first.type}, expected a Transformer`,
      "name a model of BERT's kind",
    );
  }
  if (first.path !== "" && !folders.has(first.path)) {
    throw badModel(
      directory,
      `its modules.json names the folder "${first.path}", which is not there`,
    );
  }
  const inner = join(directory, first.path);
  return {
    directory: inner,
    warnings: rest.length > 0
      ? [sentenceEncoder(listing, rest, await longestOf(inner))]
      : [],
  };
}

function sentenceEncoder(
  { directory, files }: Listing,
  rest: readonly Module[],
  longest: unknown,
): WarningEvent {
  const parts = rest.map(({ type, path }) => path || type);
  if (files.has("model_head.pkl")) parts.push("model_head.pkl");
  return {
    event: "warning",
    code: "sentence-encoder",
    message: `"${directory}" is a sentence encoder, of which the transformer ` +
      `alone is taken: ${parts.join(", ")} ${
        parts.length === 1 ? "is" : "are"
      } left out, and classes are told from the first token, not from a pooled vector`,
    hint: "fine-tune it as a base model" +
      (typeof longest === "number"
        ? `; as an encoder it reads ${longest} tokens (max_seq_length), here ` +
          "as many as --max-len says"
        : ""),
  };
}

/** Tokens that the encoder reads, by a file that may be absent. */
async function longestOf(directory: string): Promise<unknown> {
  const path = join(directory, "sentence_bert_config.json");
  if (await infoOf(path) === null) return undefined;
  return Object(await readJson(path)).max_seq_length;
}

function parseModules(value: unknown, directory: string): Module[] {
  const modules = Array.isArray(value)
    ? value.map((item) => {
      const { path, type } = Object(item);
      return typeof path === "string" && typeof type === "string"
        ? { path, type: type.split(".").at(-1)! }
        : null;
    })
    : [];
  const whole = modules.filter((module) => module !== null);
  const sound = whole.length > 0 && whole.length === modules.length &&
    /^[\w-]*$/.test(whole[0].path);
  if (sound) return whole;
  throw badModel(
    directory,
    "its modules.json is not a list of modules with a type and a path",
    "download the model again",
  );
}
