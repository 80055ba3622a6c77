/**
 * What can be downloaded: a built-in list, and files that add to it. It holds
 * addresses and digests only, so that every task can read it.
 *
 * @module
 */
import { basename, dirname, fromFileUrl, resolve } from "@std/path";
import { z } from "zod";
import { boundedList } from "../../base/bounded.ts";
import { listProblems, UserError } from "../../base/errors.ts";
import { reasonOf } from "../../base/files/system_error.ts";
import { askForName } from "../../base/near_name.ts";
import { HUB_FOLDER } from "../repository/layout.ts";
import {
  isRepositoryName,
  nearRepository,
  parseRepositoryName,
  repositoryText,
} from "../repository/repository_name.ts";
import { published } from "./published.ts";

/** What a model's weights can't tell of it. */
export interface ModelFacts {
  /** Attention heads. */
  heads?: number | undefined;
  /** Dropout rate while training. */
  dropout?: number | undefined;
  /** Label names in the order of the output layer's rows. */
  labels?: readonly string[] | undefined;
}

const hex = (digits: number) =>
  z.string().regex(
    new RegExp(`^[0-9a-f]{${digits}}$`),
    `expected ${digits} lower-case hexadecimal digits`,
  );

/** The folder in the cache that archives are kept in. */
export const ARCHIVES = "archives";

/** Names that the cache needs itself. */
const taken = new RegExp(`^(${ARCHIVES}|${HUB_FOLDER})$|\\.(lock|tmp)$`, "i");

/**
 * One thing that can be downloaded: a zip, tar or tar.gz archive, or a
 * repository of the Hugging Face hub.
 */
export interface CatalogueEntry {
  /** What it is asked for by; also its folder in the cache. */
  name: string;
  /** What it is used as. */
  kind: "model" | "dataset";
  /**
   * An http, https or file URL, or a path, in a catalogue file from that
   * file's folder; `fixture:` for those within the program; `hf:OWNER/NAME` for
   * a repository.
   */
  url: string;
  /** SHA-1 of the archive, as the book publishes it. */
  sha1: string | null;
  /**
   * SHA-256 of the archive; one of the two digests must be there, but for a
   * repository, whose files have digests of their own.
   */
  sha256: string | null;
  /** Size of the archive. */
  bytes: number | null;
  /** The terms it is published under, in words. */
  licence: string;
  /** Who writes files like those in the archive. */
  format: "d2l-mxnet" | "d2l-torch" | "hf" | "snli";
  /** What a model's weights can't tell; empty for data. */
  facts: ModelFacts;
}

/** Checks an entry as a catalogue file has it, and fills in what it left out. */
export const catalogueEntrySchema: z.ZodType<CatalogueEntry> = z.strictObject({
  name: z.string().max(100).regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    "expected letters, digits, dots, dashes and underscores",
  ).refine((name) => !taken.test(name), "this name is taken by the cache"),
  kind: z.enum(["model", "dataset"]),
  url: z.string().min(1),
  sha1: hex(40).nullable().default(null),
  sha256: hex(64).nullable().default(null),
  bytes: z.int().min(1).nullable().default(null),
  licence: z.string().min(1),
  format: z.enum(["d2l-mxnet", "d2l-torch", "hf", "snli"]),
  facts: z.strictObject({
    heads: z.int().min(1).exactOptional(),
    dropout: z.number().min(0).lt(1).exactOptional(),
    labels: boundedList(z.string().min(1), 1000, { least: 2 }).exactOptional(),
  }).default({}),
}).refine(
  ({ url, sha1, sha256 }) =>
    isRepositoryName(url) || sha1 !== null || sha256 !== null,
  "needs a sha1 or a sha256",
).refine(
  ({ url, sha1, sha256, bytes }) =>
    !isRepositoryName(url) || (sha1 ?? sha256 ?? bytes) === null,
  "a repository of the hub has neither digest nor size",
).refine(
  ({ url, kind }) => !isRepositoryName(url) || canParse(url, kind),
  "its url is no repository's name, as hf:OWNER/NAME",
);

function canParse(url: string, kind: CatalogueEntry["kind"]): boolean {
  try {
    parseRepositoryName(url, kind);
    return true;
  } catch {
    return false;
  }
}

/** Entries by name. */
export type Catalogue = ReadonlyMap<string, CatalogueEntry>;

const catalogueSchema = z.strictObject({
  $schema: z.string().optional(),
  entries: boundedList(catalogueEntrySchema, 1000),
});

/**
 * The built-in entries: the book's four models and SNLI as published (Dive
 * into Deep Learning, chapter "Natural Language Inference: Fine-Tuning
 * BERT"), two small ones that the program carries within itself, and models of
 * the Hugging Face hub.
 */
export const builtInEntries: readonly CatalogueEntry[] = z
  .array(catalogueEntrySchema).parse(published);

/**
 * The built-in catalogue, with a file's entries added; one of the same name
 * takes the built-in one's place.
 *
 * @param file A JSON file: `{"entries": [...]}`.
 * @throws {UserError} If the file can't be read or lists something unfit.
 *
 * @example
 * ```ts
 * import { loadCatalogue } from "./catalogue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const catalogue = await loadCatalogue();
 * assertEquals(catalogue.get("bert.base")?.facts.heads, 12);
 * ```
 */
export async function loadCatalogue(file?: string): Promise<Catalogue> {
  const added = file === undefined ? [] : await readEntries(file);
  return new Map(
    [...builtInEntries, ...added].map((entry) => [entry.name, entry]),
  );
}

/**
 * The entry of a name; that of a repository, as `hf:OWNER/NAME`, is made.
 *
 * @param catalogue The catalogue to look in.
 * @param name The name to look for.
 * @param kind The kind that is needed.
 * @throws {UserError} If there is none, or it is of the other kind.
 */
export function findEntry(
  catalogue: Catalogue,
  name: string,
  { kind }: { kind: CatalogueEntry["kind"] },
): CatalogueEntry {
  if (isRepositoryName(name)) return entryOfRepository(name, kind);
  const entry = catalogue.get(name);
  if (entry?.kind === kind) return entry;
  const near = nearRepository(name);
  const found = entry === undefined
    ? "the catalogue has no entry of this name" +
      (near === undefined
        ? askForName(name, namesOf(catalogue, kind))
        : `; is ${near} of the Hugging Face hub meant?`)
    : `the catalogue has it as a ${entry.kind}`;
  throw new UserError(`Cannot find the ${kind} "${name}": ${found}`, {
    code: "unknown-name",
    hint: `known are ${namesOf(catalogue, kind).join(", ")}; ` +
      "hf:OWNER/NAME is one of the Hugging Face hub; " +
      "--catalogue FILE adds others",
  });
}

function entryOfRepository(
  name: string,
  kind: CatalogueEntry["kind"],
): CatalogueEntry {
  const url = repositoryText(parseRepositoryName(name, kind));
  return {
    name: url,
    kind,
    url,
    sha1: null,
    sha256: null,
    bytes: null,
    licence: "not stated",
    format: "hf",
    facts: {},
  };
}

/** The names of all entries of a kind, in the catalogue's order. */
export function namesOf(
  catalogue: Catalogue,
  kind: CatalogueEntry["kind"],
): string[] {
  return [...catalogue.values()]
    .filter((entry) => entry.kind === kind).map((entry) => entry.name);
}

/** The command that fetches an entry into the cache. */
export function downloadCommand(
  kind: CatalogueEntry["kind"],
  name: string,
): string {
  return `deno task download --${kind} ${name}`;
}

/** The digest that stands for an archive; each has one at least. */
export function digestOf({ sha1, sha256 }: CatalogueEntry): string {
  return sha1 ?? sha256!;
}

/** The last segment of an entry's address: `bert.small.zip`. */
export function fileNameOf(entry: CatalogueEntry): string {
  return basename(entry.url.replace(/[?#].*$/, "").replace(/^fixture:/, ""));
}

async function readEntries(file: string): Promise<CatalogueEntry[]> {
  const subject = `Cannot read the catalogue "${file}"`;
  const hint = '--catalogue takes a JSON file: {"entries": [...]}';
  let value: unknown;
  try {
    value = JSON.parse(await Deno.readTextFile(file));
  } catch (cause) {
    throw new UserError(`${subject}: ${reasonOf(cause, file)}`, {
      code: "bad-catalogue",
      hint,
      cause,
    });
  }
  const result = catalogueSchema.safeParse(value);
  if (!result.success) {
    const problems = result.error.issues.map((issue) =>
      `${issue.path.join(".") || "the file"}: ${issue.message}`
    );
    throw listProblems(subject, problems, { code: "bad-catalogue", hint });
  }
  const folder = dirname(resolve(file));
  return result.data.entries.map((entry) => ({
    ...entry,
    url: isPath(entry.url) ? resolve(folder, entry.url) : entry.url,
  }));
}

/** Whether an address is a plain path; `C:\` is a drive, not a scheme. */
export function isPath(address: string): boolean {
  return !/^[a-z][a-z0-9+.-]+:/i.test(address);
}

/** The path of a plain path or a `file:` URL; null for other addresses. */
export function localPath(address: string): string | null {
  if (isPath(address)) return address;
  return address.startsWith("file:") ? fromFileUrl(address) : null;
}
