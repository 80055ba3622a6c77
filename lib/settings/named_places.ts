/**
 * Default places, named after the data and the model, so that those of another
 * model or of other data are not taken for each other.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "@std/path";

/** Where the tables and the runs of nobody who says otherwise lie. */
export const TABLES = ".premise/data";
/** Likewise. */
export const RUNS = ".premise/runs";

/** Likewise of what other programs open. */
export const EXPORTS = ".premise/exports";

/** What is meant where neither data nor a model are named. */
export const USUAL = "snli-bert.small";

/** The values of `--out` and the like that stand for a name still to be made. */
export const NAMED = {
  /** The table that `preprocess` writes. */
  tableOut: `${TABLES}/DATA-MODEL`,
  /** The table that `finetune` reads. */
  table: `${TABLES}/snli-MODEL`,
  /** The run that `finetune` writes. */
  runOut: `${RUNS}/DATA-MODEL`,
  /** What `export` writes. */
  exportOut: `${EXPORTS}/MODEL-FORMAT`,
} as const;

/** What ends the names of archives and data files. */
const EXTENSION =
  /(\.(zip|tar|tgz|jsonl?|ndjson|csv|tsv|txt|parquet))?(\.gz)?$/i;

/** The file of a model that is given in its directory's place. */
const MODEL_FILE =
  /[/\\](?:model|pytorch_model|config|tokenizer)[\w.-]*\.(?:safetensors|bin|json)$/;

/** A repository's folder in Hugging Face's cache, or a snapshot in it. */
const CACHED = /[/\\]models--([^/\\]+)(?:[/\\]snapshots(?:[/\\][^/\\]+)?)?$/;

/** Names that say of a file which part of the data it is, not which data. */
const PART = /^(train|dev|test|val|valid|validation|data)$/i;

/** Settings as they are parsed. */
type Settings = Record<string, unknown>;

/**
 * Names the places that were left to their defaults.
 *
 * @param task The task's name.
 * @param config Its settings; those that are such places are replaced.
 * @param options Which settings were `given`, and the `directory` that paths
 * start from.
 */
export function namePlaces(
  task: string,
  config: Settings,
  { given, directory }: { given: Settings; directory: string },
): void {
  const nameOf = (path: unknown) => nameOfPath(String(path), directory);
  if (task === "preprocess" && config.out === NAMED.tableOut) {
    const [spec] = config.data as string[];
    config.out = join(
      TABLES,
      `${nameOfData(spec, directory)}-${nameOf(config.model)}`,
    );
  }
  if (task === "finetune") {
    const model = nameOf(config.model);
    if (config.data === NAMED.table) {
      config.data = join(TABLES, `snli-${model}`);
    }
    if (config.out === NAMED.runOut) {
      const [spec] = [config.data as string | string[]].flat();
      const table = nameOfData(spec, directory);
      const whole = table.endsWith(`-${model}`) ? table : `${table}-${model}`;
      config.out = join(RUNS, whole);
    }
  }
  if (task === "export" && config.out === NAMED.exportOut) {
    config.out = join(EXPORTS, `${nameOf(config.model)}-${config.format}`);
  }
  if (task === "eval" && given.model === undefined && given.data) {
    // A run and its table have the same name, unless somebody said otherwise.
    const [spec] = [config.data as string | string[]].flat();
    config.model = join(RUNS, nameOfData(spec, directory));
  }
}

/** What a `--data` is called. */
function nameOfData(spec: string, directory: string): string {
  const path = spec.replace(/^[a-z][a-z0-9_-]*=(?=.)/is, "");
  if (path === "-") return "stdin";
  const name = nameOfPath(path, directory);
  if (!PART.test(name)) return name;
  return basename(dirname(resolve(directory, path))) || name;
}

/** `hf:OWNER/NAME@REVISION/CONFIG`; a revision of git's may have slashes. */
const REPOSITORY =
  /^hf:(?:[^/@]+\/)?([^/@]+)(?:@(?:refs\/\w+\/)?[^/]+)?(?:\/([^/]+))?/;

/** The last part of a path, less what says which kind of file it is. */
function nameOfPath(path: string, directory: string): string {
  const [, repository, config] = REPOSITORY.exec(path) ?? [];
  if (repository !== undefined) {
    return config === undefined ? repository : `${repository}-${config}`;
  }
  const whole = resolve(directory, path).replace(MODEL_FILE, "");
  const cached = CACHED.exec(whole)?.[1];
  return cached?.split("--").at(-1) ??
    (basename(whole).replace(EXTENSION, "") || "root");
}
