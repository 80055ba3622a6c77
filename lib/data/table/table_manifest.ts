/**
 * `table.json`: what a directory of encoded data says of itself.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { boundedList, boundedRecord } from "../../base/bounded.ts";
import { UserError } from "../../base/errors.ts";
import { tellKind } from "../../base/files/directory_kind.ts";
import { readRegularText } from "../../base/files/regular.ts";
import { sha256 } from "../../base/files/summed_files.ts";
import type { SplitFigures } from "../../events/events.ts";
import { type TextRecipe, unknownRules } from "../../text/recipe.ts";
import { recipeSchema } from "../../text/recipe_schema.ts";

/** The manifest's file name. */
export const MANIFEST = "table.json";

/** What the manifest says of one split. */
export interface SplitRecord {
  /** Examples in the table. */
  rows: number;
  /** Examples left out because they have no gold label. */
  dropped: number;
  /** Rows left out because they are not as they should be. */
  skipped: number;
  /** Tokens of all examples together. */
  tokens: number;
  /** SHA-256 of the Arrow file, in hexadecimal digits. */
  digest: string;
  /** Whether any label was told by its number, which depends on an order. */
  numbered?: boolean;
  /** What is known of its text; tables of earlier programs do not have it. */
  figures?: SplitFigures;
}

/** How the text was encoded. */
export interface TableSettings {
  /**
   * How text became tokens. Its `sentences` are absent only of a table of an
   * earlier version.
   */
  text: TextRecipe;
  /** The SHA-256 of the vocabulary file, and how many tokens it has. */
  vocabulary: { digest: string; size: number };
  /** Label names; a label in the tables is an index into them. */
  labels: string[];
  /** The files that were read, as they were named; earlier programs tell none. */
  sources?: string[];
}

/** The content of `table.json`. */
export interface TableManifest extends TableSettings {
  /** The version of the directory's layout. */
  format: "premise-table-2";
  /** SHA-256 over all that the tables depend on. */
  fingerprint: string;
  /** The splits by name. */
  splits: Record<string, SplitRecord>;
}

const count = z.int().min(0);
/** Most labels and most splits of a table. */
const MOST_NAMES = 1000;

/** Most files that a table is made of. */
const MOST_SOURCES = 100_000;

const figuresSchema: z.ZodType<SplitFigures> = z.strictObject({
  labels: boundedRecord(count, MOST_NAMES),
  words: count,
  unknown: count,
  cut: count,
  lengths: z.strictObject({ median: count, p99: count, longest: count }),
  empty: count,
  repeated: count,
  conflicting: count,
  alsoIn: boundedRecord(count, MOST_NAMES),
});

const splits = boundedRecord(
  z.strictObject({
    rows: count,
    dropped: count,
    skipped: count,
    tokens: count,
    digest: z.string(),
    numbered: z.boolean().exactOptional(),
    figures: figuresSchema.exactOptional(),
  }),
  MOST_NAMES,
);

const manifestSchema: z.ZodType<TableManifest> = z.strictObject({
  format: z.literal("premise-table-2"),
  fingerprint: z.string(),
  text: recipeSchema,
  vocabulary: z.strictObject({ digest: z.string(), size: count }),
  labels: boundedList(z.string(), MOST_NAMES),
  sources: boundedList(z.string(), MOST_SOURCES).exactOptional(),
  splits,
});

/** The layout before text had a recipe. */
const firstManifestSchema = z.strictObject({
  format: z.literal("premise-table-1"),
  fingerprint: z.string(),
  tokenizer: z.strictObject({
    kind: z.enum(["words", "wordpiece"]),
    lowerCase: z.boolean(),
    vocabulary: z.string(),
    size: count,
  }),
  maxLength: z.int().min(3),
  truncation: z.enum(["longest-first", "ratio"]),
  labels: boundedList(z.string(), MOST_NAMES),
  hypothesisOnly: z.boolean(),
  splits,
}).transform(({ tokenizer, ...first }): TableManifest => ({
  format: "premise-table-2",
  fingerprint: first.fingerprint,
  text: {
    rules: 1,
    tokenizer: { kind: tokenizer.kind, lowerCase: tokenizer.lowerCase },
    maxLength: first.maxLength,
    truncation: first.truncation,
    ...(first.hypothesisOnly ? { sentences: "hypothesis-only" } : {}),
  },
  vocabulary: { digest: tokenizer.vocabulary, size: tokenizer.size },
  labels: first.labels,
  splits: first.splits,
}));

/**
 * Reads a directory's manifest.
 *
 * @param directory A directory of encoded data.
 * @throws {UserError} `bad-table` if there is none, or it is damaged, or of a
 * version or of text rules that this program does not know.
 */
export async function readManifest(directory: string): Promise<TableManifest> {
  let value: unknown;
  try {
    value = JSON.parse(await readRegularText(join(directory, MANIFEST)));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw badTableDir(
        directory,
        `there is no "${MANIFEST}" in it` + await tellKind(directory),
      );
    }
    if (cause instanceof Deno.errors.NotADirectory) {
      throw new UserError(
        `Cannot use the encoded data "${directory}": it is a file, expected a directory`,
        {
          code: "bad-table",
          hint: "encode it first: deno task preprocess --model DIR " +
            `--data ${directory} --out DIR`,
        },
      );
    }
    throw badTableDir(directory, `${MANIFEST}: ${(cause as Error).message}`);
  }
  const [facts, digest] = withoutDigest(value);
  const newer = unknownRules(Object(Object(value).text).rules);
  if (newer) throw badTableDir(directory, newer);
  const schema = Object(value).format === "premise-table-1"
    ? firstManifestSchema
    : manifestSchema;
  const parsed = schema.safeParse(facts);
  if (parsed.success) {
    checkDigest(directory, facts, digest);
    return parsed.data;
  }
  const { path, message } = parsed.error.issues[0];
  const location = [MANIFEST, path.join(".")].filter(Boolean).join(", ");
  throw badTableDir(directory, `${location}: ${message}`);
}

/** The text of a manifest, with its own digest. */
export function encodeManifest(manifest: TableManifest): string {
  const summed = { ...manifest, digest: digestOf(manifest) };
  return JSON.stringify(summed, null, 2) + "\n";
}

/** All that a manifest has beside its own digest. */
function withoutDigest(value: unknown): [unknown, unknown] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [value, undefined];
  }
  const { digest, ...facts } = value as Record<string, unknown>;
  return [facts, digest];
}

/** Manifests of earlier programs have no digest of their own. */
function checkDigest(
  directory: string,
  facts: unknown,
  digest: unknown,
): void {
  const found = digestOf(facts);
  if (digest === undefined || digest === found) return;
  throw badTableDir(
    directory,
    `the content of ${MANIFEST} has the SHA-256 ${found}, expected ${digest}`,
  );
}

function digestOf(manifest: unknown): string {
  return sha256([new TextEncoder().encode(JSON.stringify(manifest))]);
}

/**
 * The error for a directory of encoded data that cannot be used.
 *
 * @param directory The directory.
 * @param what What is wrong with it.
 */
export function badTableDir(directory: string, what: string): UserError {
  return new UserError(`Cannot use the encoded data "${directory}": ${what}`, {
    code: "bad-table",
    hint: "make it: deno task preprocess --model DIR --data PATH " +
      `--out ${directory}`,
  });
}
