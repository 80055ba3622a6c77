/**
 * What the repositories of the Hugging Face hub are called here:
 * `hf:OWNER/NAME@REVISION`.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { defaultLimits } from "../archive/archive_rules.ts";
import { faultOfPath } from "../archive/entry_path.ts";

/** A model or a data set of the hub. */
export interface RepositoryName {
  /** What it is used as. */
  kind: "model" | "dataset";
  /** `OWNER/NAME`, or `NAME` of an old one that has no owner. */
  id: string;
  /** A branch, a tag or a commit; the branch `main` if absent. */
  revision?: string;
  /** Of a data set that has several, which of its configurations. */
  config?: string;
}

/** A commit's whole name. */
export const COMMIT = /^[0-9a-f]{40}$/;

/** What the names begin with. */
const PREFIX = "hf:";

/** What such a name is, for messages. */
const FORMS = {
  model: "hf:OWNER/NAME or hf:OWNER/NAME@REVISION",
  dataset:
    "hf:OWNER/NAME, hf:OWNER/NAME/CONFIG or hf:OWNER/NAME@REVISION/CONFIG",
};

/** The parts of a name; these revisions alone have slashes in a data set's. */
const PARTS: Record<RepositoryName["kind"], RegExp> = {
  model: /^(?<id>[^/@]+(?:\/[^/@]+)?)(?:@(?<revision>.+))?$/s,
  dataset:
    /^(?<id>[^/@]+(?:\/[^/@]+)?)(?:@(?<revision>refs\/(?:pr|convert)\/[^/]+|[^/]+))?(?:\/(?<config>[^/@]+))?$/s,
};

/** Whether a name is of a repository of the hub. */
export function isRepositoryName(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** As people copy it: `OWNER/NAME`, or the address of its page. */
const COPIED =
  /^(?:(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/(?:datasets\/)?)?([\w.-]+\/[\w.-]+?)(?:\/(?:tree|blob)\/([\w.-]+)(?:\/.*)?)?\/?$/;

/**
 * The name of the repository that somebody may mean by a copied one.
 *
 * @param given What was written.
 * @return Undefined if it is like none.
 *
 * @example
 * ```ts
 * import { nearRepository } from "./repository_name.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const page = "https://huggingface.co/google-bert/bert-base-uncased/tree/main";
 * assertEquals(nearRepository(page), "hf:google-bert/bert-base-uncased@main");
 * assertEquals(nearRepository("./bert"), undefined);
 * ```
 */
export function nearRepository(given: string): string | undefined {
  const [, id, revision] = COPIED.exec(given) ?? [];
  if (id === undefined || faultOfParts({ id }) !== null) return undefined;
  return repositoryText({
    kind: "model",
    id,
    ...(revision !== undefined && { revision }),
  });
}

/**
 * Reads the name of a repository.
 *
 * @param name Begins with `hf:`.
 * @param kind What it is looked for as.
 * @return Its parts.
 * @throws {UserError} `bad-usage` if the hub can have no such name.
 *
 * @example
 * ```ts
 * import { parseRepositoryName } from "./repository_name.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseRepositoryName("hf:nyu-mll/glue@main/mnli", "dataset"), {
 *   kind: "dataset",
 *   id: "nyu-mll/glue",
 *   revision: "main",
 *   config: "mnli",
 * });
 * ```
 */
export function parseRepositoryName(
  name: string,
  kind: RepositoryName["kind"],
): RepositoryName {
  const groups = PARTS[kind].exec(name.slice(PREFIX.length))?.groups;
  const fault = groups ? faultOfParts(groups) : "it is no such name";
  if (fault !== null) {
    throw new UserError(
      `Cannot look for the ${kind} "${name}" on the Hugging Face hub: ${fault}, ` +
        `expected ${FORMS[kind]}`,
      {
        code: "bad-usage",
        hint: kind === "model"
          ? "as hf:google-bert/bert-base-uncased"
          : "as hf:nyu-mll/glue/mnli",
      },
    );
  }
  const { id, revision, config } = groups!;
  return {
    kind,
    id,
    ...(revision !== undefined && {
      revision: revision.replaceAll(/%2f/gi, "/"),
    }),
    ...(config !== undefined && { config }),
  };
}

/**
 * A repository's name as `--model` and `--data` take it.
 *
 * @param name Its parts.
 */
export function repositoryText(
  { id, revision, config }: RepositoryName,
): string {
  return PREFIX + id + (revision === undefined ? "" : `@${revision}`) +
    (config === undefined ? "" : `/${config}`);
}

/**
 * The name that stands for the same files for ever.
 *
 * @param name A repository's.
 * @param commit The commit.
 */
export function pinnedName(name: RepositoryName, commit: string): string {
  return repositoryText({ ...name, revision: commit });
}

/** What is wrong with the parts of a name, by the hub's rules and git's. */
function faultOfParts(
  { id, revision, config }: Record<string, string | undefined>,
): string | null {
  const segments = id!.split("/");
  const isFit = segments.every((part) => /^\w[\w.-]*$/.test(part)) &&
    !/--|\.\.|[.-](?:\/|$)|\.git$/.test(id!) &&
    segments.every((part) => part.length <= 96);
  if (!isFit) return `"${id}" has what no repository's name may have`;
  if (revision !== undefined && !isRevision(revision)) {
    return `"${revision}" is no name of a branch, a tag or a commit`;
  }
  if (config !== undefined && /[\\:]|^\.+$/.test(config)) {
    return `"${config}" is no name of a configuration`;
  }
  return null;
}

/** Whether git may have a revision of a name, which becomes a file's here. */
function isRevision(revision: string): boolean {
  const plain = revision.replaceAll(/%2f/gi, "/");
  return /^[\w./+-]+$/.test(plain) && !/\.\.|^-|\.lock$|\/\.|\.$/.test(plain) &&
    faultOfPath(plain, defaultLimits.depth) === undefined;
}
