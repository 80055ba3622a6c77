/**
 * What the hub tells of one commit of a repository.
 *
 * @module
 */
import { z } from "zod";
import type { DigestName } from "../../base/files/digest.ts";
import { defaultLimits } from "../archive/archive_rules.ts";
import { faultOfPath } from "../archive/entry_path.ts";
import type { DownloadOptions } from "../download_options.ts";
import { fetchText } from "../transfer/fetch_text.ts";
import { failed } from "../transfer/request.ts";
import type { Connection } from "./connection.ts";
import { MAIN } from "./layout.ts";
import { COMMIT, type RepositoryName } from "./repository_name.ts";

/** A digest by its name. */
export interface HubDigest {
  /** Git's of a small file, SHA-256 of one in large file storage. */
  name: DigestName;
  /** Its hexadecimal digits. */
  value: string;
}

/** A file of a repository. */
export interface HubFile {
  /** Its size; null if nobody tells. */
  bytes: number | null;
  /** Its digest; null if nobody tells before the file is asked for. */
  digest: HubDigest | null;
}

/** A commit of a repository. */
export interface Listing {
  /** Its name. */
  commit: string;
  /** Its files by path. */
  files: ReadonlyMap<string, HubFile>;
  /** The terms that its card names; null if it names none. */
  licence: string | null;
}

/** The most bytes of a listing: a hundred thousand files have some 30 MB. */
const MOST_BYTES = 64 * 2 ** 20;

const fileSchema = z.object({
  rfilename: z.string().min(1),
  size: z.int().min(0).nullish(),
  blobId: z.string().nullish(),
  lfs: z.object({
    size: z.int().min(0).nullish(),
    sha256: z.string().nullish(),
    oid: z.string().nullish(),
  }).nullish(),
});

const listingSchema = z.object({
  sha: z.string().regex(COMMIT),
  // Each is checked by itself: zod would tell all that is wrong with all.
  siblings: z.array(z.unknown()).default([]),
  cardData: z.unknown().optional(),
});

/**
 * Asks the hub which commit a name stands for, and which files it has.
 *
 * @param name The repository.
 * @param connection The hub.
 * @param options When to give up.
 * @throws {UserError} `download-failed`, `not-on-hub` or `no-access`.
 */
export async function listRepository(
  name: RepositoryName,
  { endpoint, ask }: Connection,
  options: Omit<DownloadOptions, "cache" | "hub">,
): Promise<Listing> {
  const revision = encodeURIComponent(name.revision ?? MAIN);
  const text = await fetchText(
    `${endpoint}/api/${name.kind}s/${name.id}/revision/${revision}?blobs=true`,
    { ...options, ...ask({ name }), most: MOST_BYTES },
  );
  return readListing(text, new URL(endpoint).host);
}

/**
 * Reads what the hub answers.
 *
 * @param text Its answer.
 * @param host Who answered.
 * @throws {UserError} `download-failed` if no hub would answer so.
 */
export function readListing(text: string, host: string): Listing {
  const answer = checked(listingSchema, parsed(text), host);
  const files = new Map<string, HubFile>();
  for (const sibling of answer.siblings) {
    const { rfilename, size, blobId, lfs } = checked(fileSchema, sibling, host);
    // What could not be kept on this machine is no file of a model or data.
    if (faultOfPath(rfilename, defaultLimits.depth) !== undefined) continue;
    const sha256 = lfs?.sha256 ?? lfs?.oid?.replace(/^sha256:/, "");
    files.set(rfilename, {
      bytes: lfs?.size ?? size ?? null,
      digest: lfs ? digestOfTag(sha256) : digestOfTag(blobId),
    });
  }
  return { commit: answer.sha, files, licence: licenceOf(answer.cardData) };
}

function checked<T>(schema: z.ZodType<T>, value: unknown, host: string): T {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const [{ path, message }] = error.issues;
  throw failed(
    `${host} does not answer as the Hugging Face hub does ` +
      `(${path.join(".") || "its answer"}: ${message})`,
  );
}

/**
 * The digest that a tag of the hub is.
 *
 * @param tag 64 digits of SHA-256, or 40 of git's SHA-1.
 * @return Null if it is no digest.
 */
export function digestOfTag(tag: string | null | undefined): HubDigest | null {
  if (/^[0-9a-f]{64}$/.test(tag ?? "")) return { name: "sha256", value: tag! };
  if (/^[0-9a-f]{40}$/.test(tag ?? "")) {
    return { name: "git-sha1", value: tag! };
  }
  return null;
}

function licenceOf(card: unknown): string | null {
  const names = [Object(card).license].flat()
    .filter((name): name is string => typeof name === "string" && name !== "");
  return names.length > 0 ? names.join(", ") : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
