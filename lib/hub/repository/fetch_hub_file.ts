/**
 * One file of a repository: from the hub, or from where the hub's own programs
 * keep it, into its place, once its digest is the one that is listed.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { digestFile, faultOfDigest } from "../../base/files/digest.ts";
import type { StampedFile } from "../catalogue/unpacked.ts";
import type { DownloadOptions } from "../download_options.ts";
import { fetchFile } from "../transfer/fetch_file.ts";
import { removePartial } from "../transfer/partial.ts";
import { failed } from "../transfer/request.ts";
import type { AnswerFacts, Connection } from "./connection.ts";
import { hubCaches } from "./environment.ts";
import { snapshotFolder } from "./layout.ts";
import { digestOfTag, type HubFile } from "./listing.ts";
import type { RepositoryName } from "./repository_name.ts";

/** Which file is fetched, and where it goes. */
export interface HubFileWork {
  /** The repository. */
  name: RepositoryName;
  /** The commit. */
  commit: string;
  /** What the listing tells of the file. */
  file: HubFile;
  /** The hub. */
  connection: Connection;
  /** Where it goes. */
  target: string;
  /** Where it grows; its folder must exist. */
  partial: string;
  /** When to give up. */
  options: DownloadOptions;
  /** Is told the bytes on disk. */
  onBytes(done: number): void;
}

/**
 * Fetches a file, unless it is in its place.
 *
 * @param path Its path in the repository.
 * @param work What is known of it.
 * @return Its size and its SHA-256.
 * @throws {UserError} `bad-digest` if it is not the file that is listed, or as
 *   a download does.
 */
export async function fetchHubFile(
  path: string,
  work: HubFileWork,
): Promise<StampedFile> {
  const { target, partial, file } = work;
  if (await isListed(target, file)) return await stampOf(target, file);
  await Deno.mkdir(dirname(target), { recursive: true });
  if (!await copyFromHubCache(path, work)) {
    let fetched = await fetchOnce(path, work);
    if (fetched.fault !== null && fetched.isContinued) {
      // What was there may have been of another download.
      await removePartial(partial);
      fetched = await fetchOnce(path, work);
    }
    if (fetched.fault !== null) {
      await removePartial(partial);
      throw new UserError(`${path}: ${fetched.fault}`, {
        code: "bad-digest",
        hint: "the file there is damaged or another one; it was not kept",
        exitCode: 1,
      });
    }
  }
  await Deno.rename(partial, target);
  return await stampOf(target, file);
}

/** Fetches what is missing of a file, and tells what is wrong with it then. */
async function fetchOnce(
  path: string,
  { name, commit, file, connection, partial, options, onBytes }: HubFileWork,
): Promise<{ isContinued: boolean; fault: string | null }> {
  const facts: Omit<AnswerFacts, "commit"> = { tag: null, bytes: null };
  const { cache: _, hub: __, ...transfer } = options;
  const asked = { name: { ...name, revision: commit }, file: path };
  const isContinued = await fetchFile(
    addressOf(path, { name, commit, connection }),
    partial,
    {
      ...transfer,
      ...connection.ask(asked, (told) => {
        // Where a redirect stays at the hub, the last answer knows most.
        facts.tag = told.tag ?? facts.tag;
        facts.bytes = told.bytes ?? facts.bytes;
        if (told.commit === null || told.commit === commit) return;
        throw failed(
          `${path}: it is of commit ${told.commit}, expected ${commit}`,
        );
      }),
      ...(file.bytes !== null && { bytes: file.bytes }),
      immutable: true,
      onBytes,
    },
  );
  const digest = file.digest ?? digestOfTag(facts.tag);
  if (digest === null) {
    await removePartial(partial);
    throw failed(`${path}: the hub tells no digest of it`);
  }
  const { size } = await Deno.stat(partial);
  const bytes = file.bytes ?? facts.bytes ?? size;
  if (size !== bytes) {
    return { isContinued, fault: `it has ${size} bytes, expected ${bytes}` };
  }
  const fault = await faultOfDigest(partial, digest.name, digest.value);
  return { isContinued, fault: fault && `its ${fault}` };
}

/** The address of a file, which stands for one content for ever. */
function addressOf(
  path: string,
  { name, commit, connection }: Pick<
    HubFileWork,
    "name" | "commit" | "connection"
  >,
): string {
  const kind = name.kind === "dataset" ? "datasets/" : "";
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `${connection.endpoint}/${kind}${name.id}/resolve/${commit}/${encoded}`;
}

/** Copies a file that another program has fetched, if it is the one. */
async function copyFromHubCache(
  path: string,
  { name, commit, file, partial, onBytes }: HubFileWork,
): Promise<boolean> {
  for (const root of hubCaches()) {
    const other = join(snapshotFolder(root, name, commit), path);
    if (!await isListed(other, file)) continue;
    await removePartial(partial);
    await Deno.copyFile(other, partial);
    const { size } = await Deno.stat(partial);
    onBytes(size);
    return true;
  }
  return false;
}

/** Whether a file is there, and the one that is listed. */
async function isListed(
  path: string,
  { bytes, digest }: HubFile,
): Promise<boolean> {
  const info = await Deno.stat(path).catch(() => null);
  if (!info?.isFile || digest === null) return false;
  if (bytes !== null && info.size !== bytes) return false;
  return await faultOfDigest(path, digest.name, digest.value) === null;
}

/** What the stamp keeps of a file whose digest was checked. */
async function stampOf(
  path: string,
  { digest }: HubFile,
): Promise<StampedFile> {
  const { size } = await Deno.stat(path);
  const sha256 = digest?.name === "sha256"
    ? digest.value
    : await digestFile(path, "sha256");
  return { bytes: size, sha256 };
}
